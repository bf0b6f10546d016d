"""Puts the handlers together: who acts, the one conversation, everything else, commands."""

import warnings
from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import Any

from telegram import Update
from telegram.ext import ConversationHandler, MessageHandler, filters
from telegram.warnings import PTBUserWarning

from handlers import catch_all, errors, help, join, me, reach, start
from handlers.context import App, Context
from handlers.coordinator import broadcast, group, invite, members, points, products, publish, round, series, statement
from handlers.coordinator import changes as coordinator_changes
from handlers.employee import changes as employee_changes
from handlers.employee import order, orders, standing, text_order
from handlers.identify import identify_handler
from handlers.press import Handler
from handlers.supplier import answer, purchase_orders
from rules.refusal import Refusal
from views.refusals import explain

AREAS: tuple[ModuleType, ...] = (
    order, reach, join, start, me, help, orders, round, publish, products, points, invite, members, group,
    purchase_orders, answer, employee_changes, coordinator_changes, statement, series, standing, broadcast, text_order,
    catch_all,
)  # fmt: skip
"""In the order in which they are asked: taps that order first, free text late, the catch-all last."""


Callback = Callable[[Update, Context], Coroutine[Any, Any, object]]
OVER = frozenset({"join_not_started"})


async def _leave(_update: object, _ctx: Context) -> object:
    """A command in the middle of a conversation ends it; the command itself runs in the next group."""
    return ConversationHandler.END


def add_handlers(application: App) -> None:
    """Teach the application everything."""
    application.add_handler(identify_handler, group=-1)
    application.add_handler(_conversation(), group=0)
    application.add_handlers([handler for area in AREAS for handler in getattr(area, "HANDLERS", ())], group=0)
    application.add_handlers([handler for area in AREAS for handler in getattr(area, "COMMANDS", ())], group=1)
    application.add_handler(catch_all.unknown_command_handler(_entry_commands()), group=1)
    application.add_error_handler(errors.on_error)


def _ending(handle: Callback) -> Callback:
    """Ends the talk where nothing is asked any more.

    The process may have died after the answer took effect and before the talk was written as over: then the answer
    comes again, is refused, and without this every later text would be refused as well.
    """

    async def run(update: Update, ctx: Context) -> object:
        try:
            return await handle(update, ctx)
        except Refusal as no:
            if no.code not in (OVER if update.callback_query else OVER | {"button_stale", "photo_not_asked"}):
                raise
            ctx.refused(no)
            await errors.tell(update, ctx, explain(no, ctx.language), alert=True)
            return ConversationHandler.END

    return run


def _conversation() -> Handler:
    entries: list[Handler] = [handler for area in AREAS for handler in getattr(area, "ENTRIES", ())]
    states: dict[object, list[Handler]] = {}
    for area in AREAS:
        states |= getattr(area, "STATES", {})
    for handler in {id(one): one for handlers in states.values() for one in handlers}.values():
        handler.callback = _ending(handler.callback)
    warnings.filterwarnings("ignore", "If 'per_message=False'", PTBUserWarning)  # one talk a person is what we mean
    return ConversationHandler(
        entry_points=entries,
        states=states,
        fallbacks=[MessageHandler(filters.COMMAND, _leave)],
        allow_reentry=True,
        per_message=False,
        persistent=True,
        name="talk",
    )


def _entry_commands() -> frozenset[str]:
    """Commands that start a question."""
    entries = [handler for area in AREAS for handler in getattr(area, "ENTRIES", ())]
    return frozenset(command for handler in entries for command in getattr(handler, "commands", ()))
