"""Takes updates from Telegram and confirms them only after their effects are committed.

The library's own loop confirms first and loses what it had taken when the process dies.
"""

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Update
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError

from handlers.context import App

BATCH = 100
LONG_POLL_SECONDS = 25
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 30.0
ALLOWED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

log = structlog.get_logger()


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
        taken = await self._application.bot.get_updates(
            offset=self.offset or None, limit=BATCH, timeout=seconds, allowed_updates=ALLOWED
        )
        updates = in_order(taken)
        await asyncio.gather(*(self._handle(update) for update in updates))
        if updates:
            await self._application.update_persistence()
            self.offset = updates[-1].update_id + 1
        return len(updates)

    async def _handle(self, update: Update) -> None:
        processor = self._application.update_processor
        await processor.process_update(update, self._application.process_update(update))


def in_order(updates: Sequence[Update]) -> list[Update]:
    """Each update once, as they happened: the last wish counts, so an older one must not come after it."""
    return [update for _, update in sorted({update.update_id: update for update in updates}.items())]
