"""A coordinator reads the statement of a closed round, or takes it along as a sheet."""

from telegram import Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer, chat_id_of, send, show
from services.read_statement import read_statement
from views.presses.statement import SendStatement, ShowStatement
from views.screen import Screen
from views.screens.statement import statement_screen
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


HANDLERS: list[Handler] = [on_press(ShowStatement, show_statement), on_press(SendStatement, send_statement)]
