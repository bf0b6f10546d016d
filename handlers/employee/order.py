"""Ordering by tapping on the card."""

from telegram import Message, Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer, chat_id_of, send, show
from rules.refusal import Refusal
from services.card_view import CardView
from services.nudges import read_fixed
from services.order_point import order_points, set_order_point
from services.own_rounds import next_opening, open_round_ids
from services.place_and_read import CARD_WAS_STALE, Shown, place_and_read
from services.place_order import Wanted, place_order
from services.read_card import read_card
from services.refresh_cards import remember_card
from services.standing_orders import rounds_with_series
from views.presses.changing import FixLine
from views.presses.ordering import (
    NothingToDo,
    OpenCard,
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
from views.refusals import explain
from views.screen import Screen
from views.screens.card import basket, card
from views.screens.lacking import lacking_screen
from views.screens.no_round import no_round
from views.screens.offers import offer_list, pad, placed_toast
from views.screens.offers import order_points as order_points_screen
from views.screens.standing import with_every_time

ROUND_LINK = "r"


async def show_open(update: Update, ctx: Context) -> None:
    """The cards of the open rounds, or when the next one opens."""
    if not await send_open_cards(ctx, chat_id_of(update)):
        at = await ctx.transact(next_opening)
        zone = ctx.actor.zone if ctx.actor else "Asia/Shanghai"
        await show(update, ctx, no_round(at, zone, ctx.language))


async def send_open_cards(ctx: Context, chat_id: int) -> int:
    """Send the cards of the open rounds of the enterprise worn now; how many there are."""
    rounds = await ctx.transact(open_round_ids)
    for round_id in rounds:
        await send_card(ctx, chat_id, round_id)
    return len(rounds)


async def send_card(ctx: Context, chat_id: int, round_id: int) -> None:
    """Send a round's card anew; it is the newest one from now on."""
    view = await ctx.transact(read_card, round_id)
    sent = await send(ctx, chat_id, card(view, ctx.language))
    await _remember(ctx, view, sent)


async def open_round_link(update: Update, ctx: Context, payload: str) -> bool:
    """Open the card that a link in a group leads to; False if it is no such link."""
    number = payload.removeprefix(ROUND_LINK)
    if not payload.startswith(ROUND_LINK) or not number.isascii() or not number.isdigit() or len(number) > 12:
        return False
    await send_card(ctx, chat_id_of(update), int(number))
    return True


async def _remember(ctx: Context, view: CardView, sent: Message) -> None:
    await ctx.transact(remember_card, view.round_id, view.member_id, sent.chat.id, sent.message_id, view.version)


async def place(update: Update, ctx: Context, press: PlaceOrder | PlaceOnPad | PlaceTolerance) -> None:
    """One tap: the wish is stored, then the card shows it."""
    tolerance = press.tolerance if isinstance(press, PlaceTolerance) else None
    view, no = await _tapped(ctx, press.offer_id, press.quantity, tolerance)
    toast = None if no else placed_toast(view.page_of(press.offer_id), ctx.language)
    await _answer(update, ctx, card(view, ctx.language, press.offer_id, toast), no)


async def place_in_basket(update: Update, ctx: Context, press: UnplaceInBasket) -> None:
    """Change a line in the list of one's own lines."""
    view, no = await _tapped(ctx, press.offer_id, press.quantity, None)
    await _answer(update, ctx, await _basket(ctx, view), no)


async def _tapped(ctx: Context, offer_id: int, quantity: int, tolerance: int | None) -> Shown:
    """Place a wish together with whoever taps at the same time."""
    actor = ctx.actor
    assert actor is not None, "whoever presses is somebody"
    return await ctx.database.together(
        place_and_read,
        Wanted(offer_id, actor.person_id, quantity, tolerance, actor, ctx.update_id),
        apart=actor.enterprise_id,
    )


async def _basket(ctx: Context, view: CardView) -> Screen:
    """One's own lines; in a series with the way to a standing order."""
    repeated = await ctx.transact(rounds_with_series, [view.round_id]) if view.total else ()
    return with_every_time(basket(view, ctx.language), repeated, ctx.language)


async def _wish(ctx: Context, offer_id: int, quantity: int, tolerance: int | None) -> Refusal | None:
    try:
        await ctx.transact(place_order, offer_id, quantity, tolerance)
    except Refusal as refusal:
        if refusal.code not in CARD_WAS_STALE:
            raise
        return refusal
    return None


async def fix_line(update: Update, ctx: Context, press: FixLine) -> None:
    """Order what lacks, or give up what is uncertain; the message then says how things stand."""
    no = await _wish(ctx, press.offer_id, press.quantity, press.tolerance)
    nudge = await ctx.transact(read_fixed, press.offer_id, press.call)
    await _answer(update, ctx, lacking_screen(nudge, ctx.language), no)


async def _answer(update: Update, ctx: Context, screen: Screen, no: Refusal | None) -> None:
    if no is None:
        await show(update, ctx, screen)
        return
    ctx.refused(no)
    assert update.callback_query is not None
    await answer(update.callback_query, explain(no, ctx.language), alert=True)
    await show(update, ctx, screen)


async def turn(update: Update, ctx: Context, press: ShowOffer) -> None:
    """Turn the card to another offer."""
    view = await ctx.transact(read_card, press.round_id, press.offer_id)
    await show(update, ctx, card(view, ctx.language, press.offer_id))


async def show_pad(update: Update, ctx: Context, press: ShowPad) -> None:
    """More quantities."""
    view = await ctx.transact(read_card, press.round_id, press.offer_id)
    screen = pad(view, ctx.language, press.offer_id) if view.open else card(view, ctx.language, press.offer_id)
    await show(update, ctx, screen)


async def list_offers(update: Update, ctx: Context, press: ShowOffers) -> None:
    """All offers of the round."""
    await show(update, ctx, offer_list(await ctx.transact(read_card, press.round_id), ctx.language, press.page))


async def show_basket(update: Update, ctx: Context, press: ShowBasket) -> None:
    """One's own lines."""
    await show(update, ctx, await _basket(ctx, await ctx.transact(read_card, press.round_id)))


async def open_card(update: Update, ctx: Context, press: OpenCard) -> None:
    """A fresh card below, from a reminder or a list."""
    assert update.callback_query is not None
    await answer(update.callback_query)
    await send_card(ctx, chat_id_of(update), press.round_id)


async def choose_point(update: Update, ctx: Context, press: OrderPoint) -> None:
    """Where to collect this round's order."""
    if press.point_id is not None:
        await ctx.transact(set_order_point, press.round_id, press.point_id)
        await show(update, ctx, await _basket(ctx, await ctx.transact(read_card, press.round_id)))
        return
    points = await ctx.transact(order_points, press.round_id)
    view = await ctx.transact(read_card, press.round_id)
    await show(update, ctx, order_points_screen(view, points, ctx.language))


async def nothing(update: Update, ctx: Context, _press: NothingToDo) -> None:
    """A label was tapped."""
    assert update.callback_query is not None
    await answer(update.callback_query)


HANDLERS: list[Handler] = [
    on_press(PlaceOrder, place),
    on_press(PlaceOnPad, place),
    on_press(PlaceTolerance, place),
    on_press(UnplaceInBasket, place_in_basket),
    on_press(FixLine, fix_line),
    on_press(ShowOffer, turn),
    on_press(ShowPad, show_pad),
    on_press(ShowOffers, list_offers),
    on_press(ShowBasket, show_basket),
    on_press(OpenCard, open_card),
    on_press(OrderPoint, choose_point),
    on_press(NothingToDo, nothing),
]
