"""A coordinator reads the statement of a closed round, takes it along as a sheet, or settles the round."""

from telegram import Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer, chat_id_of, send, show
from services.read_statement import read_statement
from services.settle_round import settle
from views.presses.statement import SendStatement, SettleRound, ShowStatement
from views.screen import Screen
from views.screens.statement import settle_screen, statement_screen
from views.sheets.statement_sheet import statement_file


async def show_statement(update: Update, ctx: Context, press: ShowStatement) -> None:
    """Suppliers, or members a page."""
    statement = await ctx.transact(read_statement, press.round_id)
    await show(update, ctx, statement_screen(statement, press.members, press.page, ctx.language))


async def send_statement(update: Update, ctx: Context, press: SendStatement) -> None:
    """As a spreadsheet."""
    statement = await ctx.transact(read_statement, press.round_id)
    assert update.callback_query is not None
    await answer(update.callback_query)
    caption = ctx.language.say("What suppliers are owed and what each member pays, line by line.")
    await send(ctx, chat_id_of(update), Screen(caption, file=statement_file(statement, ctx.language)))


async def settle_round(update: Update, ctx: Context, press: SettleRound) -> None:
    """Settle, once sure."""
    if press.sure:
        await ctx.transact(settle, press.round_id)
    statement = await ctx.transact(read_statement, press.round_id)
    if not press.sure:
        await show(update, ctx, settle_screen(statement, ctx.language))
        return
    toast = ctx.language.plain("Settled. Nothing about this round changes any more.")
    await show(update, ctx, statement_screen(statement, False, 0, ctx.language, toast))


HANDLERS: list[Handler] = [
    on_press(ShowStatement, show_statement),
    on_press(SendStatement, send_statement),
    on_press(SettleRound, settle_round),
]
