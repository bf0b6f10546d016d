"""What a supplier is asked under a purchase order: how much less, which other day, which substitute."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from services.offer_substitute import SubstituteChoice
from services.read_purchase_order import ProductUnits, PurchaseOrderView
from views.language import Language
from views.presses.closing import AcceptLess, DeliverOn, OfferSubstitute, ShowPurchaseOrder, SupplyUnits
from views.screen import Button, Rows, Screen
from views.screens.purchase_order import numbered

EPOCH = date(1970, 1, 1)
DAYS_TO_CHOOSE = 8
MAX_PRODUCTS = 40


def _back(view: PurchaseOrderView, language: Language) -> tuple[Button, ...]:
    return (Button(language.plain("‹ Back"), ShowPurchaseOrder(view.id)),)


def less_screen(view: PurchaseOrderView, supplied: Mapping[int, int], language: Language) -> Screen:
    """Every product with what will be delivered of it."""
    lines = [
        language.say("📦 <b>{number}</b>: tap a product to say how much of it you can deliver.", number=numbered(view)),
        *(_less_line(product, supplied, language) for product in view.products[:MAX_PRODUCTS]),
    ]
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{language.pick(p.name.zh, p.name.en)} {supplied.get(p.offer_id, p.units)}/{p.units}",
                SupplyUnits(view.id, view.revision, p.offer_id, None),
            ),
        )
        for p in view.products[:MAX_PRODUCTS]
    ]
    if any(supplied.get(p.offer_id, p.units) < p.units for p in view.products):
        rows.append((Button(language.plain("✅ Accept with these"), AcceptLess(view.id, view.revision, sure=True)),))
    return Screen(Markup("\n").join(lines), (*rows, _back(view, language)))


def _less_line(product: ProductUnits, supplied: Mapping[int, int], language: Language) -> Markup:
    name = language.pick(product.name.zh, product.name.en)
    ordered = language.units(product.units, product.unit.zh, product.unit.en)
    some = supplied.get(product.offer_id, product.units)
    if some == product.units:
        return Markup("• {} <b>{}</b>").format(name, ordered)
    return language.say(
        "• {name} <b>{some}</b> of {ordered}",
        name=name,
        some=language.units(some, product.unit.zh, product.unit.en),
        ordered=ordered,
    )


def units_screen(view: PurchaseOrderView, product: ProductUnits, language: Language) -> Screen:
    """How much of one product can be delivered: by button, or typed."""
    name = language.pick(product.name.zh, product.name.en)
    ordered = language.units(product.units, product.unit.zh, product.unit.en)
    text = language.say(
        "<b>{name}</b>: {ordered} ordered. How many can you deliver? Tap a number or type it.",
        name=name,
        ordered=ordered,
    )
    buttons = [
        Button(language.number(n), SupplyUnits(view.id, view.revision, product.offer_id, n)) for n in _numbers(product)
    ]
    rows = tuple(tuple(buttons[i : i + 4]) for i in range(0, len(buttons), 4))
    back = (Button(language.plain("‹ Back"), AcceptLess(view.id, view.revision, sure=False)),)
    return Screen(text, (*rows, back))


def _numbers(product: ProductUnits) -> Sequence[int]:
    """From nothing to all: every number where they are few, else whole cases first."""
    step = max(1, -(-product.units // 14))
    if product.case_size > 1 and product.units // product.case_size >= 2:
        step = product.case_size * max(1, -(-product.units // (14 * product.case_size)))
    return [*range(0, product.units, step), product.units]


def day_screen(view: PurchaseOrderView, today: date, language: Language) -> Screen:
    """Which day instead."""
    first = max(today, (view.delivers_on or today) - timedelta(days=2))
    days = [first + timedelta(days=n) for n in range(DAYS_TO_CHOOSE)]
    buttons = [
        Button(language.day(day), DeliverOn(view.id, view.revision, (day - EPOCH).days))
        for day in days
        if day != view.delivers_on
    ]
    rows: Rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    text = language.say(
        "📦 <b>{number}</b>: on which day will you deliver? The coordinator and everybody concerned are told.",
        number=numbered(view),
    )
    return Screen(text, (*rows, _back(view, language)))


def substitute_screen(view: PurchaseOrderView, choice: SubstituteChoice, language: Language) -> Screen:
    """Instead of what, then what, then sure?"""
    if choice.offer is None:
        text = language.say("🔀 Which product can you not deliver?")
        return Screen(text, (*_substitute_rows(view, choice, language), _back(view, language)))
    name = language.pick(choice.offer.name_zh, choice.offer.name_en)
    if choice.product is None:
        text = language.say("🔀 What do you offer instead of <b>{name}</b>?", name=name)
        if not choice.products:
            text = language.say("You have no other product in this catalogue. Ask the coordinator to add one.")
        return Screen(text, (*_substitute_rows(view, choice, language), _back(view, language)))
    text = language.say(
        "🔀 Offer <b>{instead}</b> at {price} instead of <b>{name}</b>? "
        "Whoever would get it is asked ({members}), until {at}. {name}: none is delivered.",
        instead=language.pick(choice.product.name_zh, choice.product.name_en),
        price=language.money(choice.product.price_minor, view.currency),
        name=name,
        members=choice.members,
        at=language.moment(choice.decides_at, view.zone),
    )
    yes = OfferSubstitute(view.id, view.revision, choice.offer.id, choice.product.id, sure=True)
    return Screen(text, ((Button(language.plain("Yes, ask them"), yes),), _back(view, language)))


def _substitute_rows(view: PurchaseOrderView, choice: SubstituteChoice, language: Language) -> Rows:
    if choice.offer is None:
        return tuple(
            (
                Button(
                    language.pick(p.name.zh, p.name.en),
                    OfferSubstitute(view.id, view.revision, p.offer_id, None, sure=False),
                ),
            )
            for p in view.products[:MAX_PRODUCTS]
        )
    return tuple(
        (
            Button(
                f"{language.pick(p.name_zh, p.name_en)} {language.money(p.price_minor, view.currency)}",
                OfferSubstitute(view.id, view.revision, choice.offer.id, p.id, sure=False),
            ),
        )
        for p in choice.products[:MAX_PRODUCTS]
    )
