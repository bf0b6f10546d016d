"""Handles what Telegram delivers, by polling or webhook: acknowledged only when its effects are committed.

Telegram delivers at least once. Presses carry the wished state, so handling one twice changes nothing; typed answers
do not, so an update that this process has handled already is not handled again.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

import structlog
from telegram import Update

from bot.lead import Sure, always
from handlers.context import App
from handlers.errors import UNDONE

REMEMBERED = 10_000

log = structlog.get_logger()


class Intake:
    """One for each process. `observe` hears the kind of each update, the seconds it took, and whether it is done."""

    def __init__(self, application: App, sure: Sure = always) -> None:
        self._application, self._sure = application, sure
        self.observe: Callable[[str, float, bool], None] = lambda _kind, _seconds, _done: None
        self._undone: dict[int, Exception] = {}
        self._handled: OrderedDict[int, None] = OrderedDict()
        application.bot_data[UNDONE] = self._note

    async def take(self, update: Update) -> None:
        """Handle an update when its person's earlier ones are done.

        Raises what hindered it, where not even the incident could be written down: then it must come again. LostLead.
        """
        began, done = time.perf_counter(), False
        try:
            await self._sure()
            await self._application.update_processor.process_update(update, self._once(update))
            done = True
        finally:
            self.observe(kind_of(update), time.perf_counter() - began, done)

    async def keep(self) -> None:
        """Write where conversations stand; after this, what was taken may be acknowledged."""
        await self._application.update_persistence()
        if self._application.persistence is not None:
            await self._application.persistence.flush()

    async def _once(self, update: Update) -> None:
        if update.update_id in self._handled:
            return
        await self._application.process_update(update)
        error = self._undone.pop(update.update_id, None)
        if error is not None:
            raise error
        self._handled[update.update_id] = None
        if len(self._handled) > REMEMBERED:
            self._handled.popitem(last=False)

    def _note(self, update: object, error: Exception) -> None:
        if isinstance(update, Update):
            self._undone[update.update_id] = error


def kind_of(update: Update) -> str:
    """A word for the statistics."""
    if update.callback_query is not None:
        return "press"
    if update.message is not None:
        return "message"
    return "membership" if update.my_chat_member is not None else "other"
