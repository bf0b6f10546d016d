"""One's own orders, open and past."""

from telegram import Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import show
from rules.refusal import Refusal
from services.read_outcome import own_orders, own_outcome
from services.standing_orders import own_standing_orders, rounds_with_series
from views.presses.ordering import ShowOrders, ShowOutcome
from views.screens.outcome import orders_screen, past_screen
from views.screens.standing import with_standings


async def show_orders(update: Update, ctx: Context) -> None:
    """The newest page."""
    await show_page(update, ctx, ShowOrders(0))


async def show_page(update: Update, ctx: Context, press: ShowOrders) -> None:
    """A page of one's own orders."""
    if ctx.actor is None or ctx.actor.member_id is None:
        raise Refusal("not_a_member")
    page = max(0, press.page)
    orders, more = await ctx.transact(own_orders, page)
    standing = await ctx.transact(own_standing_orders)
    own = [order for order in orders if not order.collects_for]
    repeated = await ctx.transact(rounds_with_series, [order.round_id for order in own])
    newest = next((order for order in own if order.round_id in repeated), None)
    screen = orders_screen(orders, more, page, ctx.language)
    await show(update, ctx, with_standings(screen, standing, newest, ctx.language))


async def show_outcome(update: Update, ctx: Context, press: ShowOutcome) -> None:
    """One round of one's own."""
    await show(update, ctx, past_screen(await ctx.transact(own_outcome, press.round_id), ctx.language))


HANDLERS: list[Handler] = [on_press(ShowOrders, show_page), on_press(ShowOutcome, show_outcome)]
