"""The card of a round: one offer a page, quantities on its buttons; the list of offers; one's own lines."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from services.card_view import CardOffer, CardView
from views.language import Language
from views.presses.ordering import (
    NothingToDo,
    OrderPoint,
    PlaceOrder,
    PlaceTolerance,
    ShowBasket,
    ShowOffer,
    ShowOffers,
    ShowPad,
    UnplaceInBasket,
)
from views.screen import Button, Picture, Rows, Screen
from views.screens.card_hints import hints, progress, units_of
from views.screens.change import card_lines, card_rows
from views.screens.fit import fit

QUICK_QUANTITIES = (1, 2, 3, 5)
MAX_QUICK_LABEL = 5
MAX_BASKET_CHARACTERS = 650
MAX_BASKET_ROWS = 30
OFFERS_A_PAGE = 8
MAX_TOLERANCE = 10
STORY_CHARACTERS = 140
DEFAULT_PICTURE = Path(__file__).parents[1] / "pictures" / "basket.jpg"


@cache
def defaultpicture() -> bytes:
    """The picture of an offer that has none."""
    return DEFAULT_PICTURE.read_bytes()


def card(view: CardView, language: Language, offer_id: int | None = None, toast: str | None = None) -> Screen:
    """One offer of the round, to order with one tap."""
    offer = view.page_of(offer_id)
    text = Markup("\n").join(part for part in _card_parts(view, offer, language) if part)
    return Screen(text, _card_rows(view, offer, language), picture=picture(view), toast=toast)


def picture(view: CardView) -> Picture:
    """The picture of the page shown."""
    return Picture(view.photo or defaultpicture(), view.photo_id, view.photo_file_id)


def _card_parts(view: CardView, offer: CardOffer, language: Language) -> list[Markup]:
    return [
        heading(view, language),
        Markup("<b>{}</b> · {}").format(
            language.pick(offer.name_zh, offer.name_en), language.pick(offer.county_zh, offer.county_en)
        ),
        _price_line(view, offer, language),
        _story(offer, language),
        progress(offer, language),
        hints(view, offer, language),
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


def _mine(view: CardView, offer: CardOffer, language: Language) -> Markup:
    if not offer.mine:
        return Markup("")
    mine = language.say(
        "✅ <b>You ordered {quantity}, {cost}</b>",
        quantity=units_of(offer.mine, offer, language),
        cost=language.money(offer.cost, view.currency),
    )
    if view.total != offer.cost:
        total = language.money(view.total, view.currency)
        mine = Markup("{} {}").format(mine, language.say("(all your lines: {total})", total=total))
    if offer.tolerance:
        most = units_of(offer.mine + offer.tolerance, offer, language)
        mine = language.say("{mine}\n👌 up to {most} if that fills a case or the minimum", mine=mine, most=most)
    return mine


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
    """Take one more if that fills a case or the minimum; who has said so may take it back, or say still more."""
    if not offer.mine or not offer.bundled or offer.withdrawn or offer.addable == 0:
        return ()
    row = []
    if offer.tolerance:
        row.append(Button(language.plain("👌 No extra units"), PlaceTolerance(offer.id, offer.mine, 0)))
    most = offer.mine + offer.tolerance + 1
    if offer.tolerance < MAX_TOLERANCE and (offer.cap is None or most <= offer.cap) and offer.left != 0:
        label = language.plain("👌 Up to {most} if needed", most=units_of(most, offer, language))
        row.append(Button(label, PlaceTolerance(offer.id, offer.mine, offer.tolerance + 1)))
    return (tuple(row),) if row else ()


def _quantities(view: CardView, offer: CardOffer, language: Language) -> tuple[Button, ...]:
    if offer.withdrawn:
        return (Button(language.plain("🚫 No longer available"), NothingToDo()),)
    if offer.mine:
        return (
            Button("−", PlaceOrder(offer.id, offer.mine - 1)),
            Button(units_of(offer.mine, offer, language), ShowPad(view.round_id, offer.id)),
            *((Button("+", PlaceOrder(offer.id, offer.mine + 1)),) if offer.addable != 0 else ()),
        )
    if offer.addable == 0:
        return (Button(_locked(offer, language), NothingToDo()),)
    quick = tuple(
        Button(_quick_label(n, offer, language), PlaceOrder(offer.id, n)) for n in fitting(offer, QUICK_QUANTITIES)
    )
    return (*quick, Button("…", ShowPad(view.round_id, offer.id)))


def _locked(offer: CardOffer, language: Language) -> str:
    if offer.lacking:
        return language.plain("🔒 You cannot add more here")
    return language.plain("🔒 Nothing is missing here")


def fitting(offer: CardOffer, numbers: tuple[int, ...]) -> list[int]:
    """Quantities that one may wish: within the cap, and in a completion phase only what is missing."""
    most = [n for n in (offer.cap, None if offer.addable is None else offer.mine + offer.addable) if n is not None]
    return sorted(n for n in numbers if not most or n <= min(most))


def _quick_label(n: int, offer: CardOffer, language: Language) -> str:
    """The first button names the unit where that is short enough for a narrow phone."""
    label = units_of(n, offer, language)
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


def basket(view: CardView, language: Language, toast: str | None = None) -> Screen:
    """One's own lines with their cost, where and when to collect."""
    mine = [offer for offer in view.offers if offer.mine]
    listed = fit([basket_line(view, offer, language) for offer in mine], MAX_BASKET_CHARACTERS, language)
    lines = [heading(view, language), *listed]
    if mine:
        lines.append(language.say("Together at most <b>{total}</b>", total=language.money(view.most, view.currency)))
        lines += _freight(view, mine, language)
    else:
        lines.append(language.say("Nothing ordered in this round."))
    lines.append(_where(view, language))
    rows: list[tuple[Button, ...]] = []
    if view.open:
        rows = [_basket_row(offer, language) for offer in mine[:MAX_BASKET_ROWS]]
        if view.point_zh or view.point_en:
            rows.append((Button(language.plain("📍 Other pickup point"), OrderPoint(view.round_id, None)),))
    rows.append((Button(language.plain("‹ Back"), ShowOffer(view.round_id, mine[0].id if mine else None)),))
    return Screen(Markup("\n").join(lines), tuple(rows), picture=picture(view), toast=toast)


def _freight(view: CardView, mine: list[CardOffer], language: Language) -> list[Markup]:
    """What comes on top of the sum; who shares it is known when the round has closed."""
    each = {
        offer.supplier_id: language.pick(offer.county_zh, offer.county_en)
        + f" {language.money(offer.freight, view.currency)}"
        for offer in mine
        if offer.freight
    }
    if not each:
        return []
    return [language.say("🚛 Freight comes on top, shared: {each} a delivery", each=language.listed(each.values()))]


def basket_line(view: CardView, offer: CardOffer, language: Language) -> Markup:
    """One line of an order."""
    line = Markup("• {} × {} = {}").format(
        language.pick(offer.name_zh, offer.name_en),
        units_of(offer.mine, offer, language),
        language.money(offer.cost, view.currency),
    )
    if not offer.tolerance:
        return line
    most = units_of(offer.mine + offer.tolerance, offer, language)
    return Markup("{} {}").format(line, language.say("👌 up to {most} if needed", most=most))


def _basket_row(offer: CardOffer, language: Language) -> tuple[Button, ...]:
    name = language.pick(offer.name_zh, offer.name_en)
    return (
        Button("−", UnplaceInBasket(offer.id, offer.mine - 1)),
        Button(f"{offer.mine} × {name[:10]}", NothingToDo()),
        *((Button("+", UnplaceInBasket(offer.id, offer.mine + 1)),) if offer.addable != 0 else ()),
    )
