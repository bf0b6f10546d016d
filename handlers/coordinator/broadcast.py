"""A coordinator sees how far a broadcast is, pauses it, lets it go on, or stops it."""

from telegram import Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import show
from services.read_broadcast import read_broadcast
from services.steer_broadcast import ask_to_stop, set_broadcast
from views.presses.broadcast import SetBroadcast, ShowBroadcast
from views.screens.broadcast import broadcast_screen, stop_screen


async def show_broadcast(update: Update, ctx: Context, press: ShowBroadcast) -> None:
    """How far it is now."""
    await show(update, ctx, broadcast_screen(await ctx.transact(read_broadcast, press.broadcast_id), ctx.language))


async def steer(update: Update, ctx: Context, press: SetBroadcast) -> None:
    """Into the phase that is wished; to stop, once sure."""
    if press.phase == "stopped" and not press.sure:
        await show(update, ctx, stop_screen(await ctx.transact(ask_to_stop, press.broadcast_id), ctx.language))
        return
    view = await ctx.transact(set_broadcast, press.broadcast_id, press.phase)
    await show(update, ctx, broadcast_screen(view, ctx.language))


HANDLERS: list[Handler] = [on_press(ShowBroadcast, show_broadcast), on_press(SetBroadcast, steer)]
