"""Takes updates from Telegram and confirms them only after their effects are committed.

The library's own loop confirms first and loses what it had taken when the process dies.
"""

import asyncio
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.intake import Intake
from bot.lead import Sure, always
from handlers.context import App

FIRST_BATCH, BATCH = 1, 100
"""Updates that are asked for at once: after a start a single one, then twice as many each time. What is confirmed is
not done again, so a process that dies again and again gets on nevertheless, and its last words are few."""
LONG_POLL_SECONDS = 25
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 30.0
LOOK_SECONDS = 0.5
"""Whoever waits for an answer of Telegram's holds up others so long; then the next updates are asked for."""
OF_A_PRESSED_MESSAGE = ("message_id", "date", "chat", "text", "photo")
"""Which message it is, and whether it is one of text or with a picture."""
UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, OverflowError)
"""What the library raises where an update is not as it knows them."""
ALLOWED = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

log = structlog.get_logger()
warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)  # it reads no raw updates


class Poller:
    """Polls until cancelled. `offset` is what the next request confirms. Only a process that leads polls.

    Telegram names what is in hand again until it is confirmed, and all before it has to be confirmed with it.
    """

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
        self._free, self._most = False, FIRST_BATCH
        self._in_hand: dict[int, asyncio.Task[Exception | None]] = {}
        self._after = 0
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
                await self.poll(self._seconds, LOOK_SECONDS)
                pause = FIRST_PAUSE_SECONDS
            except RetryAfter as error:
                await asyncio.sleep(float(error._retry_after.total_seconds()))
            except Conflict as error:
                log.warning("another process takes this bot's updates", reason=error.message)
                await asyncio.sleep(MAX_PAUSE_SECONDS / 6)
            except (TelegramError, OperationalError) as error:
                log.warning("polling failed", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(MAX_PAUSE_SECONDS, pause * 2)

    async def _take_webhook_away(self) -> None:
        """A webhook that is set keeps updates from whoever polls; what waits stays."""
        if not self._free:
            await self._application.bot.delete_webhook(drop_pending_updates=False)
            self._free = True
            self.reached()  # the first poll may have nothing to say for half a minute

    async def poll(self, seconds: int, look_seconds: float | None = None) -> int:
        """One batch: taken, handled, its conversations written, and only then the offset moves; how many were new.

        What takes longer than `look_seconds` stays in hand, and is confirmed with a later batch. While the database
        knows no tables nothing is confirmed; the batch comes again.
        """
        taken, after = await self._take(self._most, seconds)
        self.reached()
        await self._sure()  # since it was asked, this process may have been frozen
        fresh = [update for update in in_order(taken) if self._is_wanted(update.update_id)]
        self._in_hand |= {update.update_id: asyncio.create_task(self._handle(update)) for update in fresh}
        self._after = max(self._after, after)
        await self._confirm(look_seconds)
        return len(fresh)

    def _is_wanted(self, number: int) -> bool:
        return number not in self._in_hand or _hindered(self._in_hand[number]) is not None

    async def _confirm(self, seconds: float | None) -> None:
        """Move the offset to the first update that is not done. What hindered one is raised, and it comes again."""
        if self._in_hand:
            await asyncio.wait(self._in_hand.values(), timeout=seconds)
        hindered = [error for task in self._in_hand.values() if (error := _hindered(task))]
        undone = [number for number, task in self._in_hand.items() if not task.done() or _hindered(task)]
        after = min(undone, default=self._after)
        if after > max(self.offset, min(self._in_hand, default=0)):
            await self._intake.keep()
            self.offset, self._most = after, min(BATCH, self._most * 2)
            self._in_hand = {number: task for number, task in self._in_hand.items() if number >= after}
        if hindered:
            raise hindered[0]

    async def _take(self, limit: int, seconds: int) -> tuple[Sequence[Update], int]:
        """The updates of a batch, and what confirms it; one that the library cannot read is left out."""
        await self._sure()
        bot = self._application.bot
        asked = {"offset": self.offset or None, "limit": limit, "timeout": seconds, "allowed_updates": ALLOWED}
        raw: list[dict[str, Any]] = await bot.do_api_request("getUpdates", asked)
        updates = [update for one in raw if (update := read_update(one, bot)) is not None]
        return updates, max((int(one["update_id"]) for one in raw), default=-1) + 1

    async def _finish(self) -> None:
        """Finish what is in hand and confirm it, so that the next process does not get it again."""
        with suppress(OperationalError):
            await self._confirm(None)
        if self.offset:
            with suppress(TelegramError, *UNREADABLE):
                await self._take(1, 0)

    async def _handle(self, update: Update) -> Exception | None:
        """What hindered it, if it must come again: a file without its tables; one that is away is waited for.

        A defect must not hold up everybody else's updates for ever.
        """
        try:
            await self._intake.take(update)
        except OperationalError as error:
            return error
        except Exception:
            log.exception("update failed", update=update.update_id)
        return None


def _hindered(task: asyncio.Task[Exception | None]) -> Exception | None:
    """What hindered an update, if it is over and has to come again. LostLead."""
    return task.result() if task.done() else None


def read_update(raw: dict[str, Any], bot: Bot) -> Update | None:
    """An update, or None where the library cannot read it: then it is passed over, or it would come for ever."""
    try:
        return Update.de_json(_without_the_card(raw), bot)
    except UNREADABLE as error:
        log.error("an update cannot be read", update_id=raw["update_id"], keys=sorted(raw), error=repr(error))
        return None


def _without_the_card(raw: dict[str, Any]) -> dict[str, Any]:
    """A press repeats the message that it was on, with every button; to read that takes longer than the press."""
    query: Any = raw.get("callback_query")
    message: Any = query.get("message") if isinstance(query, dict) else None
    if not isinstance(message, dict) or not message.get("date"):  # 0: Telegram says no more of it
        return raw
    kept = {name: message[name] for name in OF_A_PRESSED_MESSAGE if name in message}
    return raw | {"callback_query": query | {"message": kept}}


def in_order(updates: Sequence[Update]) -> list[Update]:
    """Each update once, as they happened: the last wish counts, so an older one must not come after it."""
    return [update for _, update in sorted({update.update_id: update for update in updates}.items())]
