"""A supplier's answers beyond yes and no: less, another day, a substitute, shipped."""

from datetime import date, timedelta

from telegram import Update
from telegram.ext import ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import show
from handlers.supplier.purchase_orders import not_text, refresh, restate
from rules.refusal import Refusal
from services.answer_purchase_order import answerable, change_delivery_day, mark_shipped
from services.offer_substitute import offer_substitute, substitute_choice
from services.read_purchase_order import PurchaseOrderView, read_own_purchase_order
from services.read_today import read_today
from services.supply_draft import Supply, accept_supply, ask_supply, read_supply, set_supply, type_supply
from views.presses.closing import AcceptLess, DeliverOn, OfferSubstitute, ShipOrder, SupplyUnits
from views.screen import Screen
from views.screens.purchase_order import answer_rows
from views.screens.supplier_answer import EPOCH, day_screen, less_screen, substitute_screen, units_screen

UNITS = "purchase_order.units"


async def accept_less(update: Update, ctx: Context, press: AcceptLess) -> object:
    """The products with what was said of each; then the answer."""
    if press.sure:
        await ctx.transact(accept_supply, press.purchase_order_id, press.revision)
        view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
        toast = ctx.language.plain("Accepted with less. The coordinator and the members concerned are told.")
        await restate(update, ctx, view, toast)
        return ConversationHandler.END
    supply = await ctx.transact(read_supply, press.purchase_order_id, press.revision)
    await _show_supply(update, ctx, supply)
    return ConversationHandler.END


async def supply_units(update: Update, ctx: Context, press: SupplyUnits) -> object:
    """How much of one product."""
    which = (press.purchase_order_id, press.revision, press.offer_id)
    if press.units is not None:
        await _show_supply(update, ctx, await ctx.transact(set_supply, *which, press.units))
        return ConversationHandler.END
    await ctx.transact(ask_supply, *which)
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    product = next((p for p in view.products if p.offer_id == press.offer_id), None)
    if product is None:
        raise Refusal("button_stale")
    await _put(update, ctx, view, units_screen(view, product, ctx.language))
    return UNITS


async def read_units(update: Update, ctx: Context) -> object:
    """A typed number."""
    assert update.message is not None
    await _show_supply(update, ctx, await ctx.transact(type_supply, update.message.text or ""))
    return ConversationHandler.END


async def deliver_on(update: Update, ctx: Context, press: DeliverOn) -> None:
    """Another day: which one, then it is said."""
    if press.day is None:
        await ctx.transact(answerable, press.purchase_order_id, press.revision)
        view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
        today = await ctx.transact(read_today, view.round_id)
        await _put(update, ctx, view, day_screen(view, today, ctx.language))
        return
    day = _day(press.day)
    await ctx.transact(change_delivery_day, press.purchase_order_id, press.revision, day)
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await restate(update, ctx, view, ctx.language.plain("The new day is noted. Everybody concerned is told."))


def _day(days: int) -> date:
    try:
        return EPOCH + timedelta(days=days)
    except OverflowError as error:
        raise Refusal("button_stale") from error


async def substitute(update: Update, ctx: Context, press: OfferSubstitute) -> None:
    """Instead of what, then what, then the members are asked."""
    if press.sure and press.offer_id is not None and press.product_id is not None:
        await ctx.transact(offer_substitute, press.purchase_order_id, press.revision, press.offer_id, press.product_id)
        view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
        toast = ctx.language.plain("The members are asked. You get a new revision with what they say.")
        await refresh(update, ctx, view, answer_rows(view, ctx.language), toast)
        return
    choice = await ctx.transact(
        substitute_choice, press.purchase_order_id, press.revision, press.offer_id, press.product_id
    )
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await _put(update, ctx, view, substitute_screen(view, choice, ctx.language))


async def shipped(update: Update, ctx: Context, press: ShipOrder) -> None:
    """On its way."""
    await ctx.transact(mark_shipped, press.purchase_order_id, press.revision)
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await refresh(update, ctx, view, answer_rows(view, ctx.language), ctx.language.plain("Noted. Everybody is told."))


async def _show_supply(update: Update, ctx: Context, supply: Supply) -> None:
    view = await ctx.transact(read_own_purchase_order, supply.purchase_order_id)
    screen = less_screen(view, supply.units, ctx.language)
    if update.callback_query is None:
        await show(update, ctx, screen)
        return
    await _put(update, ctx, view, screen)


async def _put(update: Update, ctx: Context, view: PurchaseOrderView, screen: Screen) -> None:
    """Under the purchase order, as its caption; its sheet stays."""
    await refresh(update, ctx, view, screen.rows, None, screen.text)


_units = on_press(SupplyUnits, supply_units)
_less = on_press(AcceptLess, accept_less)
ENTRIES: list[Handler] = [_units]
STATES: dict[str, list[Handler]] = {
    UNITS: [
        _units,
        _less,
        MessageHandler(filters.TEXT & ~filters.COMMAND, read_units),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS: list[Handler] = [
    _less,
    on_press(DeliverOn, deliver_on),
    on_press(OfferSubstitute, substitute),
    on_press(ShipOrder, shipped),
]
