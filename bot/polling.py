"""Takes updates from Telegram and confirms them only after their effects are committed.

The library's own loop confirms first and loses what it had taken when the process dies.
"""

import asyncio
import warnings
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from handlers.context import App

BATCH = 100
LONG_POLL_SECONDS = 25
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 30.0
UNREADABLE = (TypeError, ValueError, KeyError, AttributeError)
"""What the library raises where an update is not as it knows them."""
ALLOWED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

log = structlog.get_logger()
warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)  # it reads no raw updates


class Poller:
    """Polls until cancelled. `offset` is what the next request confirms."""

    def __init__(self, application: App, long_poll_seconds: int = LONG_POLL_SECONDS) -> None:
        self._application = application
        self._seconds = long_poll_seconds
        self.offset = 0

    async def run(self) -> None:
        """Poll for ever; a failure pauses, and nothing is confirmed by it."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self.poll(self._seconds)
                pause = FIRST_PAUSE_SECONDS
            except RetryAfter as error:
                await asyncio.sleep(float(error._retry_after.total_seconds()))
            except Conflict:
                log.warning("another process polls with this token")
                await asyncio.sleep(MAX_PAUSE_SECONDS / 6)
            except (NetworkError, TelegramError) as error:
                log.warning("polling failed", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(MAX_PAUSE_SECONDS, pause * 2)

    async def poll(self, seconds: int) -> int:
        """One batch: taken, handled, its conversations written, and only then the offset moves."""
        updates, after = await self._take(seconds)
        await asyncio.gather(*(self._handle(update) for update in updates))
        if after > self.offset:
            await self._application.update_persistence()
            self.offset = after
        return len(updates)

    async def _take(self, seconds: int) -> tuple[Sequence[Update], int]:
        """The updates of a batch, and what confirms it; one that the library cannot read is left out."""
        bot, offset = self._application.bot, self.offset or None
        try:
            updates = await bot.get_updates(offset=offset, limit=BATCH, timeout=seconds, allowed_updates=ALLOWED)
        except UNREADABLE:
            raw: list[dict[str, Any]] = await bot.do_api_request("getUpdates", {"offset": offset, "limit": BATCH})
            updates = tuple(update for one in raw if (update := self._read(one)) is not None)
            return updates, max((int(one["update_id"]) for one in raw), default=-1) + 1
        return updates, max((update.update_id for update in updates), default=-1) + 1

    def _read(self, raw: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(raw, self._application.bot)
        except UNREADABLE as error:
            log.error("an update cannot be read", update_id=raw["update_id"], keys=sorted(raw), error=repr(error))
            return None

    async def _handle(self, update: Update) -> None:
        processor = self._application.update_processor
        await processor.process_update(update, self._application.process_update(update))
