"""Around the card: more quantities, the list of offers, where to collect, what is said in passing."""

from markupsafe import Markup

from services.card_view import CardOffer, CardView
from views.language import Language
from views.presses.ordering import OrderPoint, PlaceOnPad, ShowBasket, ShowOffer, ShowOffers
from views.screen import Button, Screen
from views.screens.card import OFFERS_A_PAGE, QUICK_QUANTITIES, fitting, heading, picture
from views.screens.card_hints import units_of

PAD_QUANTITIES = (4, 6, 8, 10, 12, 15, 20, 30)


def pad(view: CardView, language: Language, offer_id: int) -> Screen:
    """More quantities for one offer, and how to type one."""
    offer = view.page_of(offer_id)
    name = language.pick(offer.name_zh, offer.name_en)
    text = language.say("<b>{name}</b>\nHow many? Tap a number, or type it: <code>{name} 7</code>", name=name)
    choices = fitting(offer, (*QUICK_QUANTITIES, *PAD_QUANTITIES))
    numbers = [Button(language.number(n), PlaceOnPad(offer.id, n)) for n in choices]
    rows = [tuple(numbers[i : i + 4]) for i in range(0, len(numbers), 4)]
    none = (Button(language.plain("None"), PlaceOnPad(offer.id, 0)),) if offer.mine else ()
    back = Button(language.plain("‹ Back"), ShowOffer(view.round_id, offer.id))
    return Screen(text, (*rows, (*none, back)), picture=picture(view))


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
    return Screen(Markup("\n").join(lines), tuple(rows), picture=picture(view))


def _page_label(n: int, page: int) -> str:
    return f"· {n + 1} ·" if n == page else str(n + 1)


def _list_line(view: CardView, offer: CardOffer, language: Language) -> Markup:
    unit = language.pick(offer.unit_zh, offer.unit_en)
    return Markup("{}. {} <b>{}</b>/{}").format(
        offer.position, language.pick(offer.name_zh, offer.name_en), language.money(offer.price, view.currency), unit
    )


def _list_label(offer: CardOffer, language: Language) -> str:
    name = f"{offer.position}. {language.pick(offer.name_zh, offer.name_en)}"
    return f"{name} ✅ {units_of(offer.mine, offer, language)}" if offer.mine else name


def order_points(view: CardView, points: tuple[tuple[int, str, str], ...], language: Language) -> Screen:
    """Where to collect this round's order."""
    rows = tuple((Button(language.pick(zh, en), OrderPoint(view.round_id, point_id)),) for point_id, zh, en in points)
    back = (Button(language.plain("‹ Back"), ShowBasket(view.round_id)),)
    return Screen(language.say("Where do you want to collect this order?"), (*rows, back), picture=picture(view))


def placed_toast(offer: CardOffer, language: Language) -> str:
    """Said in passing after a press."""
    name = language.pick(offer.name_zh, offer.name_en)
    if not offer.mine:
        return language.plain("{name} taken off your order", name=name)
    return language.plain("{name}: {quantity} ordered", name=name, quantity=units_of(offer.mine, offer, language))
