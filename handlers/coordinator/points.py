"""/points: the pickup points of the enterprise."""

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import show
from rules.refusal import Refusal
from services.pickup_points import add_points, own_point, read_points, retire_point
from views.presses.points import AddPoint, RetirePoint, ShowPoints
from views.screens.points import add_screen, points_screen, sure_screen

LINES = "points.lines"


async def points(update: Update, ctx: Context) -> None:
    """All pickup points."""
    await show(update, ctx, points_screen(await ctx.transact(read_points), ctx.language))


async def back(update: Update, ctx: Context, _press: ShowPoints) -> object:
    """All pickup points again."""
    await points(update, ctx)
    return ConversationHandler.END


async def ask(update: Update, ctx: Context, _press: AddPoint) -> object:
    """Type new ones."""
    await ctx.transact(read_points)
    await show(update, ctx, add_screen(ctx.language))
    return LINES


async def add(update: Update, ctx: Context) -> object:
    """Typed pickup points."""
    assert update.message is not None
    await show(update, ctx, points_screen(await ctx.transact(add_points, update.message.text or ""), ctx.language))
    return ConversationHandler.END


async def retire(update: Update, ctx: Context, press: RetirePoint) -> None:
    """Take one out of use, once sure."""
    if press.sure:
        await show(update, ctx, points_screen(await ctx.transact(retire_point, press.point_id), ctx.language))
    else:
        await ctx.transact(own_point, press.point_id)
        await show(update, ctx, sure_screen(press.point_id, ctx.language))


async def not_text(update: Update, ctx: Context) -> object:
    """A picture instead of names."""
    raise Refusal("text_empty")


_back = on_press(ShowPoints, back)
ENTRIES: list[Handler] = [on_press(AddPoint, ask)]
STATES: dict[str, list[Handler]] = {
    LINES: [
        _back,
        MessageHandler(filters.TEXT & ~filters.COMMAND, add),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS: list[Handler] = [_back, on_press(RetirePoint, retire)]
COMMANDS = [CommandHandler("points", points, filters=filters.ChatType.PRIVATE)]
