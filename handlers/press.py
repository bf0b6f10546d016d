"""Wires a typed press to the function that handles it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from handlers.context import Context
from views.actions import Press, decode

Handler = BaseHandler[Update, Context, object]
"""A handler of ours, whatever it reacts to."""
P = TypeVar("P", bound=Press)
Handle = Callable[[Update, Context, P], Awaitable[object]]


def on_press(wanted: type[P], handle: Handle[P]) -> CallbackQueryHandler[Context, object]:
    """A handler of the presses of one type; a press that cannot be read is refused as stale."""

    async def run(update: Update, ctx: Context) -> object:
        assert update.callback_query is not None
        return await handle(update, ctx, decode(update.callback_query.data or "", wanted))

    return CallbackQueryHandler(run, pattern=f"^{wanted.code}(:|$)")
