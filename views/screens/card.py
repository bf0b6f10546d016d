"""The card of a round: one offer a page, quantities on its buttons; the list of offers; one's own lines."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from services.read_card import CardOffer, CardView
from views.language import Language
from views.presses.ordering import (
    NothingToDo,
    OrderPoint,
    PlaceOnPad,
    PlaceOrder,
    PlaceTolerance,
    ShowBasket,
    ShowOffer,
    ShowOffers,
    ShowPad,
    UnplaceInBasket,
)
from views.screen import Button, Picture, Rows, Screen
from views.screens.change import card_lines, card_rows
from views.screens.fit import fit

QUICK_QUANTITIES = (1, 2, 3, 5)
MAX_QUICK_LABEL = 5
MAX_BASKET_CHARACTERS = 650
MAX_BASKET_ROWS = 30
PAD_QUANTITIES = (4, 6, 8, 10, 12, 15, 20, 30)
OFFERS_A_PAGE = 8
MAX_TOLERANCE = 10
BAR_CELLS = 8
STORY_CHARACTERS = 140
DEFAULT_PICTURE = Path(__file__).parents[1] / "pictures" / "basket.jpg"


@cache
def default_picture() -> bytes:
    """The picture of an offer that has none."""
    return DEFAULT_PICTURE.read_bytes()


def card(view: CardView, language: Language, offer_id: int | None = None, toast: str | None = None) -> Screen:
    """One offer of the round, to order with one tap."""
    offer = view.page_of(offer_id)
    text = Markup("\n").join(part for part in _card_parts(view, offer, language) if part)
    return Screen(text, _card_rows(view, offer, language), picture=_picture(view), toast=toast)


def _picture(view: CardView) -> Picture:
    return Picture(view.photo or default_picture(), view.photo_id, view.photo_file_id)


def _card_parts(view: CardView, offer: CardOffer, language: Language) -> list[Markup]:
    return [
        heading(view, language),
        Markup("<b>{}</b> · {}").format(
            language.pick(offer.name_zh, offer.name_en), language.pick(offer.county_zh, offer.county_en)
        ),
        _price_line(view, offer, language),
        _story(offer, language),
        _progress(offer, language),
        _hints(view, offer, language),
        _mine(view, offer, language),
        *card_lines(offer.questions, language),
        _where(view, language),
    ]


def heading(view: CardView, language: Language) -> Markup:
    """Which round this is and how long it stays open."""
    name = view.title or language.plain("Round {number}", number=view.number)
    return Markup("🧺 {} · {}").format(name, time_left(view, language))


def time_left(view: CardView, language: Language) -> Markup:
    """How long one can still order."""
    if view.phase == "cancelled":
        return language.say("cancelled")
    if not view.open or view.closes_at is None:
        return language.say("closed")
    left = language.span((view.closes_at - view.now).total_seconds())
    return language.say("{left} left, closes {at}", left=left, at=language.moment(view.closes_at, view.zone))


def _price_line(view: CardView, offer: CardOffer, language: Language) -> Markup:
    unit = language.pick(offer.unit_zh, offer.unit_en)
    price = Markup("<b>{}</b>").format(language.money(offer.price, view.currency))
    line = Markup("{}/{}").format(price, unit) if unit else price
    specification = language.pick(offer.specification_zh, offer.specification_en)
    return Markup("{} · {}").format(line, specification) if specification else line


def _story(offer: CardOffer, language: Language) -> Markup:
    story = language.pick(offer.story_zh, offer.story_en)
    if len(story) > STORY_CHARACTERS:
        story = story[:STORY_CHARACTERS].rstrip() + "…"
    return Markup("<i>{}</i>").format(story) if story else Markup("")


def progress_bar(done: int, wanted: int) -> str:
    """A bar of eight cells."""
    filled = BAR_CELLS if done >= wanted else done * BAR_CELLS // wanted
    return "▓" * filled + "░" * (BAR_CELLS - filled)


def _progress(offer: CardOffer, language: Language) -> Markup:
    lines = []
    if offer.minimum:
        bar = progress_bar(offer.wished_by_all, offer.minimum)
        if offer.wished_by_all >= offer.minimum:
            lines.append(
                language.say(
                    "{bar} minimum reached: {done}", bar=bar, done=_units(offer.wished_by_all, offer, language)
                )
            )
        else:
            lines.append(
                language.say(
                    "{bar} {done} of {minimum} needed",
                    bar=bar,
                    done=language.number(offer.wished_by_all),
                    minimum=_units(offer.minimum, offer, language),
                )
            )
    elif offer.wished_by_all:
        lines.append(language.say("Ordered by all: {done}", done=_units(offer.wished_by_all, offer, language)))
    if offer.case_size > 1:
        lines.append(language.say("Packed in cases of {size}", size=_units(offer.case_size, offer, language)))
    if offer.left is not None and offer.left <= 20:
        lines.append(language.say("Only {left} left", left=_units(offer.left, offer, language)))
    return Markup(" · ").join(lines)


def _hints(view: CardView, offer: CardOffer, language: Language) -> Markup:
    """What is still missing, and what it would bring."""
    if offer.withdrawn:
        return language.say("🚫 No longer available")
    if not view.open:
        return Markup("")
    lines = []
    if offer.missing and offer.wished_by_all >= offer.minimum:
        lines.append(
            language.say("📦 {missing} more complete the next case", missing=_units(offer.missing, offer, language))
        )
    if offer.tier_missing:
        lines.append(
            language.say(
                "📉 {missing} more and everyone pays {price} instead of {now}",
                missing=_units(offer.tier_missing, offer, language),
                price=language.money(offer.tier_price, view.currency),
                now=language.money(offer.price_now, view.currency),
            )
        )
    if offer.supplier_missing:
        lines.append(
            language.say(
                "🌾 {missing} to the supplier's minimum", missing=language.money(offer.supplier_missing, view.currency)
            )
        )
    if view.completing:
        lines.append(language.say("⏳ Only missing units can be ordered now."))
    return Markup("\n").join(lines)


def _units(n: int, offer: CardOffer, language: Language) -> str:
    return language.units(n, offer.unit_zh, offer.unit_en)


def _mine(view: CardView, offer: CardOffer, language: Language) -> Markup:
    if not offer.mine:
        return Markup("")
    mine = language.say(
        "✅ <b>You ordered {quantity}, {cost}</b>",
        quantity=_units(offer.mine, offer, language),
        cost=language.money(offer.cost, view.currency),
    )
    if offer.tolerance:
        most = _units(offer.mine + offer.tolerance, offer, language)
        mine = language.say("{mine}\n👌 up to {most} if that fills a case or the minimum", mine=mine, most=most)
    if view.total == offer.cost:
        return mine
    total = language.say("all your lines: {total}", total=language.money(view.total, view.currency))
    return Markup("{} ({})").format(mine, total)


def _where(view: CardView, language: Language) -> Markup:
    point = language.pick(view.point_zh, view.point_en)
    parts = [language.day(view.delivers_on)] if view.delivers_on else []
    parts += [point] if point else []
    return Markup("🚚 {}").format(" · ".join(parts)) if parts else Markup("")


def _card_rows(view: CardView, offer: CardOffer, language: Language) -> Rows:
    if not view.open:
        return _paging(view, offer, language)
    return (
        *card_rows(offer.questions, language),
        _quantities(view, offer, language),
        *_tolerance(offer, language),
        *_paging(view, offer, language),
    )


def _tolerance(offer: CardOffer, language: Language) -> Rows:
    """Take one more, or as many as are missing, if that fills a case or the minimum; one tap takes it back."""
    if not offer.mine or not offer.bundled:
        return ()
    if offer.tolerance:
        return ((Button(language.plain("👌 No extra units"), PlaceTolerance(offer.id, offer.mine, 0)),),)
    most = [n for n in dict.fromkeys((1, offer.missing)) if n and (offer.cap is None or offer.mine + n <= offer.cap)]
    if not offer.missing or offer.missing > MAX_TOLERANCE:
        most = most[:1]
    labels = [language.plain("👌 Up to {most} if needed", most=_units(offer.mine + n, offer, language)) for n in most]
    return tuple(
        (Button(label, PlaceTolerance(offer.id, offer.mine, n)),) for label, n in zip(labels, most, strict=True)
    )


def _quantities(view: CardView, offer: CardOffer, language: Language) -> tuple[Button, ...]:
    if offer.withdrawn:
        return (Button(language.plain("🚫 No longer available"), NothingToDo()),)
    if offer.mine:
        return (
            Button("−", PlaceOrder(offer.id, offer.mine - 1)),
            Button(_units(offer.mine, offer, language), ShowPad(view.round_id, offer.id)),
            Button("+", PlaceOrder(offer.id, offer.mine + 1)),
        )
    quick = tuple(
        Button(_quick_label(n, offer, language), PlaceOrder(offer.id, n))
        for n in QUICK_QUANTITIES
        if offer.cap is None or n <= offer.cap
    )
    return (*quick, Button("…", ShowPad(view.round_id, offer.id)))


def _quick_label(n: int, offer: CardOffer, language: Language) -> str:
    """The first button names the unit where that is short enough for a narrow phone."""
    label = _units(n, offer, language)
    return label if n == 1 and len(label) <= MAX_QUICK_LABEL else language.number(n)


def _paging(view: CardView, offer: CardOffer, language: Language) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if len(view.offers) > 1:
        place = view.offers.index(offer)
        before, after = view.offers[place - 1], view.offers[(place + 1) % len(view.offers)]
        rows.append(
            (
                Button("‹", ShowOffer(view.round_id, before.id)),
                Button(f"☰ {place + 1}/{len(view.offers)}", ShowOffers(view.round_id, place // OFFERS_A_PAGE)),
                Button("›", ShowOffer(view.round_id, after.id)),
            )
        )
    if view.total:
        label = language.plain("🧺 My order · {total}", total=language.money(view.total, view.currency))
        rows.append((Button(label, ShowBasket(view.round_id)),))
    return tuple(rows)


def pad(view: CardView, language: Language, offer_id: int) -> Screen:
    """More quantities for one offer, and how to type one."""
    offer = view.page_of(offer_id)
    name = language.pick(offer.name_zh, offer.name_en)
    text = language.say("<b>{name}</b>\nHow many? Tap a number, or type it: <code>{name} 7</code>", name=name)
    fitting = [n for n in (*QUICK_QUANTITIES, *PAD_QUANTITIES) if offer.cap is None or n <= offer.cap]
    numbers = [Button(language.number(n), PlaceOnPad(offer.id, n)) for n in sorted(fitting)]
    rows = [tuple(numbers[i : i + 4]) for i in range(0, len(numbers), 4)]
    none = (Button(language.plain("None"), PlaceOnPad(offer.id, 0)),) if offer.mine else ()
    back = Button(language.plain("‹ Back"), ShowOffer(view.round_id, offer.id))
    return Screen(text, (*rows, (*none, back)), picture=_picture(view))


def offer_list(view: CardView, language: Language, page: int = 0) -> Screen:
    """All offers, a page of eight; each button turns the card to one."""
    pages = -(-len(view.offers) // OFFERS_A_PAGE)
    page = max(0, min(page, pages - 1))
    shown = view.offers[page * OFFERS_A_PAGE : (page + 1) * OFFERS_A_PAGE]
    lines = [heading(view, language), *(_list_line(view, offer, language) for offer in shown)]
    rows: list[tuple[Button, ...]] = []
    rows += [(Button(_list_label(offer, language), ShowOffer(view.round_id, offer.id)),) for offer in shown]
    if pages > 1:
        rows.append(tuple(Button(_page_label(n, page), ShowOffers(view.round_id, n)) for n in range(min(pages, 8))))
    return Screen(Markup("\n").join(lines), tuple(rows), picture=_picture(view))


def _page_label(n: int, page: int) -> str:
    return f"· {n + 1} ·" if n == page else str(n + 1)


def _list_line(view: CardView, offer: CardOffer, language: Language) -> Markup:
    unit = language.pick(offer.unit_zh, offer.unit_en)
    return Markup("{}. {} <b>{}</b>/{}").format(
        offer.position, language.pick(offer.name_zh, offer.name_en), language.money(offer.price, view.currency), unit
    )


def _list_label(offer: CardOffer, language: Language) -> str:
    name = f"{offer.position}. {language.pick(offer.name_zh, offer.name_en)}"
    return f"{name} ✅ {_units(offer.mine, offer, language)}" if offer.mine else name


def basket(view: CardView, language: Language, toast: str | None = None) -> Screen:
    """One's own lines with their cost, where and when to collect."""
    mine = [offer for offer in view.offers if offer.mine]
    listed = fit([basket_line(view, offer, language) for offer in mine], MAX_BASKET_CHARACTERS, language)
    lines = [heading(view, language), *listed]
    if mine:
        lines.append(language.say("Together at most <b>{total}</b>", total=language.money(view.total, view.currency)))
    else:
        lines.append(language.say("Nothing ordered in this round."))
    lines.append(_where(view, language))
    rows: list[tuple[Button, ...]] = []
    if view.open:
        rows = [_basket_row(offer, language) for offer in mine[:MAX_BASKET_ROWS]]
        if view.point_zh or view.point_en:
            rows.append((Button(language.plain("📍 Other pickup point"), OrderPoint(view.round_id, None)),))
    rows.append((Button(language.plain("‹ Back"), ShowOffer(view.round_id, mine[0].id if mine else None)),))
    return Screen(Markup("\n").join(lines), tuple(rows), picture=_picture(view), toast=toast)


def basket_line(view: CardView, offer: CardOffer, language: Language) -> Markup:
    """One line of an order."""
    return Markup("• {} × {} = {}").format(
        language.pick(offer.name_zh, offer.name_en),
        _units(offer.mine, offer, language),
        language.money(offer.cost, view.currency),
    )


def _basket_row(offer: CardOffer, language: Language) -> tuple[Button, ...]:
    name = language.pick(offer.name_zh, offer.name_en)
    return (
        Button("−", UnplaceInBasket(offer.id, offer.mine - 1)),
        Button(f"{name[:10]} {offer.mine}", NothingToDo()),
        Button("+", UnplaceInBasket(offer.id, offer.mine + 1)),
    )


def placed_toast(offer: CardOffer, language: Language) -> str:
    """Said in passing after a press."""
    name = language.pick(offer.name_zh, offer.name_en)
    if not offer.mine:
        return language.plain("{name} taken off your order", name=name)
    return language.plain("{name}: {quantity} ordered", name=name, quantity=_units(offer.mine, offer, language))


def order_points(view: CardView, points: tuple[tuple[int, str, str], ...], language: Language) -> Screen:
    """Where to collect this round's order."""
    rows = tuple((Button(language.pick(zh, en), OrderPoint(view.round_id, point_id)),) for point_id, zh, en in points)
    back = (Button(language.plain("‹ Back"), ShowBasket(view.round_id)),)
    return Screen(language.say("Where do you want to collect this order?"), (*rows, back), picture=_picture(view))
