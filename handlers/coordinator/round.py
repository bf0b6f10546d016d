"""/round: live totals, who ordered, the sheet; close, extend, cancel."""

from datetime import UTC, datetime

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer, chat_id_of, send, show
from rules.refusal import Refusal
from services.access import acting_coordinator
from services.change_round import DRAFT_KIND, cancel, extend_round, typed_closing
from services.close_round import close_now
from services.drafts import save_draft
from services.read_round_orders import read_round_orders
from services.read_totals import latest_rounds, read_totals
from views.presses.coordinating import (
    CancelRound,
    CloseNow,
    ExtendRound,
    SendOrdersSheet,
    ShowRound,
    ShowRounds,
    ShowWho,
    TypeClosing,
)
from views.screen import Screen
from views.screens.round import cancel_screen, close_screen, extend_screen, round_screen, rounds_screen
from views.screens.who import who_screen
from views.sheets.orders_sheet import orders_file

UNTIL = "round.until"


async def show_round(update: Update, ctx: Context) -> None:
    """The open round, or the list where there is none or several."""
    await ctx.transact(acting_coordinator)
    rounds = await ctx.transact(latest_rounds)
    is_open = [found for found in rounds if found.phase == "open"]
    if len(is_open) == 1:
        await show(update, ctx, round_screen(await ctx.transact(read_totals, is_open[0].id or 0), ctx.language))
        return
    await _list(update, ctx)


async def _list(update: Update, ctx: Context) -> None:
    rounds = await ctx.transact(latest_rounds)
    assert ctx.actor is not None
    await show(update, ctx, rounds_screen(rounds, ctx.actor.zone, ctx.language))


async def list_rounds(update: Update, ctx: Context, _press: ShowRounds) -> None:
    """The newest rounds."""
    await ctx.transact(acting_coordinator)
    await _list(update, ctx)


async def refresh(update: Update, ctx: Context, press: ShowRound) -> None:
    """A round as it stands now."""
    await show(update, ctx, round_screen(await ctx.transact(read_totals, press.round_id), ctx.language))


async def show_who(update: Update, ctx: Context, press: ShowWho) -> None:
    """Who ordered."""
    await show(update, ctx, who_screen(await ctx.transact(read_totals, press.round_id), press.page, ctx.language))


async def send_sheet(update: Update, ctx: Context, press: SendOrdersSheet) -> None:
    """All orders as a spreadsheet."""
    orders = await ctx.transact(read_round_orders, press.round_id)
    assert update.callback_query is not None
    await answer(update.callback_query)
    caption = ctx.language.say("All orders by department and pickup point.")
    await send(ctx, chat_id_of(update), Screen(caption, file=orders_file(orders, ctx.language)))


async def close(update: Update, ctx: Context, press: CloseNow) -> None:
    """Close now, once sure."""
    if not press.sure:
        await show(update, ctx, close_screen(await ctx.transact(read_totals, press.round_id), ctx.language))
        return
    await ctx.transact(close_now, press.round_id)
    totals = await ctx.transact(read_totals, press.round_id)
    if totals.held_until is None:
        toast = ctx.language.plain("Closed. Everybody is being told.")
    else:
        toast = ctx.language.plain("Closed. A minimum was missed: what should become of it?")
    await show(update, ctx, round_screen(totals, ctx.language, toast))


async def cancel_round(update: Update, ctx: Context, press: CancelRound) -> None:
    """Cancel, once sure."""
    if not press.sure:
        await show(update, ctx, cancel_screen(await ctx.transact(read_totals, press.round_id), ctx.language))
        return
    await ctx.transact(cancel, press.round_id)
    totals = await ctx.transact(read_totals, press.round_id)
    await show(update, ctx, round_screen(totals, ctx.language, ctx.language.plain("Cancelled.")))


async def extend(update: Update, ctx: Context, press: ExtendRound) -> object:
    """Keep it open longer, once sure."""
    totals = await ctx.transact(read_totals, press.round_id)
    if totals.phase != "open":
        raise Refusal("wrong_phase")
    if press.until is None or not press.sure:
        await show(update, ctx, extend_screen(totals, press.until, ctx.language))
        return ConversationHandler.END
    until = datetime.fromtimestamp(press.until, UTC)
    await ctx.transact(extend_round, press.round_id, until)
    totals = await ctx.transact(read_totals, press.round_id)
    await show(update, ctx, round_screen(totals, ctx.language, ctx.language.plain("Extended.")))
    return ConversationHandler.END


async def ask_until(update: Update, ctx: Context, press: TypeClosing) -> object:
    """Type until when."""
    totals = await ctx.transact(read_totals, press.round_id)
    await ctx.transact(save_draft, DRAFT_KIND, {"round_id": totals.round_id})
    text = ctx.language.say(
        "Until when? For example <code>18:00</code>, <code>tomorrow 12:00</code>, <code>Fri 18:00</code>."
    )
    await show(update, ctx, Screen(text))
    return UNTIL


async def read_until(update: Update, ctx: Context) -> object:
    """A typed time; it is shown back before it counts."""
    assert update.message is not None
    round_id, until = await ctx.transact(typed_closing, update.message.text or "")
    totals = await ctx.transact(read_totals, round_id)
    await show(update, ctx, extend_screen(totals, int(until.timestamp()), ctx.language))
    return ConversationHandler.END


async def not_text(update: Update, ctx: Context) -> object:
    """A picture instead of a time."""
    raise Refusal("text_empty")


_extend = on_press(ExtendRound, extend)
ENTRIES: list[Handler] = [on_press(TypeClosing, ask_until)]
STATES: dict[str, list[Handler]] = {
    UNTIL: [
        _extend,
        MessageHandler(filters.TEXT & ~filters.COMMAND, read_until),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS: list[Handler] = [
    on_press(ShowRound, refresh),
    on_press(ShowRounds, list_rounds),
    on_press(ShowWho, show_who),
    on_press(SendOrdersSheet, send_sheet),
    on_press(CloseNow, close),
    on_press(CancelRound, cancel_round),
    _extend,
]
COMMANDS = [CommandHandler("round", show_round, filters=filters.ChatType.PRIVATE)]
