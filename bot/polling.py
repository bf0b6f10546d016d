"""Takes updates from Telegram and confirms them only after their effects are committed.

The library's own loop confirms first and loses what it had taken when the process dies.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from telegram import Update
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.intake import DATABASE_GONE, Intake
from bot.lead import Sure, always
from handlers.context import App

BATCH = 100
LONG_POLL_SECONDS = 25
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 30.0
ALLOWED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

log = structlog.get_logger()


class Poller:
    """Polls until cancelled. `offset` is what the next request confirms. Only a process that leads polls."""

    def __init__(
        self,
        application: App,
        long_poll_seconds: int = LONG_POLL_SECONDS,
        intake: Intake | None = None,
        sure: Sure = always,
    ) -> None:
        self._application, self._sure = application, sure
        self._intake = intake or Intake(application)
        self._seconds = long_poll_seconds
        self._free = False
        self._in_hand: asyncio.Future[None] | None = None
        self.offset = 0
        self.reached: Callable[[], None] = lambda: None
        """Called whenever Telegram has answered."""

    async def run(self) -> None:
        """Poll until cancelled; the batch in hand is then finished and confirmed. LostLead."""
        try:
            await self._poll_for_ever()
        finally:
            await self._finish()

    async def _poll_for_ever(self) -> None:
        """A failure pauses, and nothing is confirmed by it."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._take_webhook_away()
                await self.poll(self._seconds)
                pause = FIRST_PAUSE_SECONDS
            except RetryAfter as error:
                await asyncio.sleep(float(error._retry_after.total_seconds()))
            except Conflict as error:
                log.warning("another process takes this bot's updates", reason=error.message)
                await asyncio.sleep(MAX_PAUSE_SECONDS / 6)
            except (TelegramError, *DATABASE_GONE) as error:
                log.warning("polling failed", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(MAX_PAUSE_SECONDS, pause * 2)

    async def _take_webhook_away(self) -> None:
        """A webhook that is set keeps updates from whoever polls; what waits stays."""
        if not self._free:
            await self._application.bot.delete_webhook(drop_pending_updates=False)
            self._free = True

    async def poll(self, seconds: int) -> int:
        """One batch: taken, handled, its conversations written, and only then the offset moves.

        While the database is gone nothing is confirmed; the batch comes again.
        """
        updates = await self._ask(BATCH, seconds)
        self.reached()
        await self._sure()  # since it was asked, this process may have been frozen
        self._in_hand = asyncio.ensure_future(self._handle_all(updates))
        await asyncio.shield(self._in_hand)
        return len(updates)

    async def _ask(self, limit: int, seconds: int) -> Sequence[Update]:
        await self._sure()
        return await self._application.bot.get_updates(
            offset=self.offset or None, limit=limit, timeout=seconds, allowed_updates=ALLOWED
        )

    async def _handle_all(self, updates: Sequence[Update]) -> None:
        hindered = [error for error in await asyncio.gather(*(self._handle(update) for update in updates)) if error]
        if hindered:
            raise hindered[0]
        if updates:
            await self._intake.keep()
            self.offset = max(update.update_id for update in updates) + 1

    async def _finish(self) -> None:
        """Finish the batch in hand and confirm it, so that the next process does not get it again."""
        if self._in_hand is not None:
            with suppress(*DATABASE_GONE):
                await self._in_hand
        if self.offset:
            with suppress(TelegramError):
                await self._ask(1, 0)

    async def _handle(self, update: Update) -> Exception | None:
        """What hindered it, if it must come again. A defect must not hold up everybody else's updates for ever."""
        try:
            await self._intake.take(update)
        except DATABASE_GONE as error:
            return error
        except Exception:
            log.exception("update failed", update=update.update_id)
        return None
