"""Delivers notices: the urgent ones first, at the pace that Telegram allows, always leaving room for taps.

A few notices are leased ahead of their turn, so that the pace is kept; what they say is read, and what became of them
is noted, in few transactions.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog
from telegram import InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.pace import Pace
from bot.patience import NOTICE
from bot.request import NotSent
from handlers.context import App
from handlers.show import CANNOT_EDIT, NOT_MODIFIED, markup, photo_of, says, send_page, send_screen
from services.batch import Batch, Task, do_each
from services.database import Database
from services.move_group import follow_group
from services.outbox import Leased, fail, lease, mark_sent, retry, withdraw
from services.remember_photo import remember_photos
from services.report_incident import report_incident
from services.work import Work
from views.language import language
from views.notice import Delivery, NoticeKind, kind_of, read_all
from views.notices import DECLARED
from views.screen import Screen

AHEAD = 8
"""Notices that are made ready before their turn, at least; a third of a second's at a higher pace."""
READ_AT_ONCE, CARDS_READ_AT_ONCE = 4, 16
"""Notices that are read in one transaction: a tap waits for no more. Cards of one round have most of it in common."""
IDLE_SECONDS = 1.0
LOOK_SECONDS = 0.05
GONE = ("chat not found", "user not found", "PEER_ID_INVALID", "group chat was deactivated", "not enough rights")

log = structlog.get_logger()
assert DECLARED


@dataclass(frozen=True, slots=True)
class Arrived:
    """A notice, its message, and the row and Telegram's id of a picture that was uploaded with it."""

    delivery: Delivery
    message_id: int
    picture: tuple[int, str] | None = None


def note_arrived(work: Work, arrived: list[Arrived]) -> list[None]:
    """Telegram has said that these are delivered: note it, and what follows from each."""
    fresh = mark_sent(work, {one.delivery.notice_id: one.message_id for one in arrived})
    news = [one for one in arrived if one.delivery.notice_id in fresh]
    remember_photos(work, [one.picture for one in news if one.picture is not None])
    for one in news:
        if (sent := kind_of(one.delivery.kind).sent) is not None:
            sent(work, one.delivery, one.message_id)
    return [None] * len(arrived)


class Dispatcher:
    """One for each process; `wake` after every transaction makes it look at once."""

    def __init__(self, application: App, database: Database, pace: Pace) -> None:
        self._bot, self._database, self._pace = application.bot, database, pace
        self._ahead = max(AHEAD, pace.limits.per_second // 3)
        self.observe: Callable[[str, int], None] = lambda _result, _lane: None
        """Called with what became of a notice (sent, retried, failed, withdrawn, 429) and its lane."""
        self._woken = asyncio.Event()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._reads: Batch[Delivery, Any] = Batch(self._transact, read_all, READ_AT_ONCE)
        self._reads_of_many: Batch[Delivery, Any] = Batch(self._transact, read_all, CARDS_READ_AT_ONCE)
        self._arrivals: Batch[Arrived, None] = Batch(self._transact, note_arrived)
        self._notes: Batch[Task, Any] = Batch(self._transact, do_each)

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way is finished first."""
        try:
            while True:
                self._woken.clear()
                if not await self._try_step():
                    await self._idle()
        finally:
            await self._finish()

    async def _try_step(self) -> int:
        """A database that is gone for a while must not end the dispatcher."""
        try:
            return await self.step()
        except Exception:
            log.exception("nothing could be leased, trying again")
            await asyncio.sleep(IDLE_SECONDS)
            return 1

    async def _idle(self) -> None:
        """Until something changes, or a chat has rested."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05 if self._pace.resting() else IDLE_SECONDS):
                await self._woken.wait()

    async def _finish(self) -> None:
        """What waits for its turn is given back; what has left is noted."""
        self._pace.dismiss()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def step(self) -> int:
        """Lease and start what may leave soon; how many were started."""
        if pause := self._pace.pause_seconds():
            await asyncio.sleep(min(pause, 0.1))
            return 1
        room = self._ahead - len(self._running)
        leased = []
        if room > self._ahead // 4:
            leased = await self._transact(lease, room, (*self._pace.resting(), *self._running))
        for notice in leased:
            self._running[notice.chat_id] = asyncio.create_task(self._deliver(notice))
        if not leased and self._running:  # one that hangs must not hold up what comes due for others
            await asyncio.wait(self._running.values(), timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return 1
        return len(leased)

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return bool(self._running)

    async def _transact(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return await self._database.transact(use_case, None, None, *args)

    async def _deliver(self, notice: Leased) -> None:
        try:
            await self._try(notice)
        except asyncio.CancelledError:
            await self._transact(retry, notice.id, "stopped", 0.0)
            raise
        except Exception:
            log.exception("notice failed", kind=notice.kind, notice=notice.id)
            self.observe("retried", notice.lane)
            await self._transact(retry, notice.id, "defect")
        finally:
            self._running.pop(notice.chat_id, None)
            self._woken.set()

    async def _try(self, notice: Leased) -> None:
        kind = kind_of(notice.kind)
        delivery = Delivery(
            notice.id, notice.kind, notice.facts, notice.chat_id, notice.person_id, notice.enterprise_id,
            notice.locale, notice.must_arrive, notice.attempts,
        )  # fmt: skip
        value = await (self._reads_of_many if kind.read_many else self._reads).do(delivery)
        if value is None:
            await self._notes.do(lambda work: withdraw(work, notice.id))
            self.observe("withdrawn", notice.lane)
            return
        if kind.version is not None:
            delivery = replace(delivery, facts=delivery.facts | {"version": kind.version(value)})
        screen = self._with_links(kind.render(value, language(notice.locale)))
        try:
            async with self._pace.turn(notice.chat_id, notice.lane, screen.text):
                arrived = await self._send_or_lose(notice, delivery, screen)
        except TelegramError as error:
            await self._note_failure(notice, kind, delivery, error)
        else:
            await self._arrivals.do(arrived)
            self.observe("sent", notice.lane)

    def _with_links(self, screen: Screen) -> Screen:
        """Links to the bot are completed here, since only the process knows its name."""
        if not any(button.url for row in screen.rows for button in row):
            return screen
        name = self._bot.username
        rows = tuple(
            tuple(replace(button, url=button.url and button.url.replace("{bot}", name)) for button in row)
            for row in screen.rows
        )
        return replace(screen, rows=rows)

    async def _send_or_lose(self, notice: Leased, delivery: Delivery, screen: Screen) -> Arrived:
        """Send it. A stop in the middle is a NetworkError: the message may have left, and its answer is lost."""
        try:
            return await self._send(notice, delivery, screen)
        except asyncio.CancelledError as stopped:
            raise NetworkError("stopped in the middle") from stopped

    async def _send(self, notice: Leased, delivery: Delivery, screen: Screen) -> Arrived:
        edited, picture = notice.facts.get("edits"), screen.picture
        if edited is None and picture and picture.file_id:
            return Arrived(delivery, await send_page(self._bot, notice.chat_id, screen, picture.file_id, NOTICE))
        if edited is None:
            sent = await send_screen(self._bot, notice.chat_id, screen, NOTICE)
            known = (picture.photo_id, sent.photo[-1].file_id) if picture and picture.photo_id and sent.photo else None
            return Arrived(delivery, sent.message_id, known)
        try:
            await self._edit(notice.chat_id, int(edited), screen)
        except BadRequest as error:
            if not says(error, NOT_MODIFIED + CANNOT_EDIT):
                raise
        return Arrived(delivery, int(edited))

    async def _edit(self, chat_id: int, message_id: int, screen: Screen) -> None:
        buttons = markup(screen.rows)
        if screen.picture:
            media = InputMediaPhoto(photo_of(screen.picture), screen.text, ParseMode.HTML)
            await self._bot.edit_message_media(media, chat_id, message_id, reply_markup=buttons, rate_limit_args=NOTICE)
        else:
            await self._bot.edit_message_text(
                screen.text,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=buttons,
                rate_limit_args=NOTICE,
            )

    async def _note_failure(self, notice: Leased, kind: NoticeKind, delivery: Delivery, error: TelegramError) -> None:
        log.info("notice not delivered", kind=notice.kind, notice=notice.id, error=type(error).__name__)
        if isinstance(error, RetryAfter):
            seconds = error._retry_after.total_seconds()
            self._pace.refused(notice.chat_id, seconds)
            await self._transact(retry, notice.id, error.message, seconds)
            self.observe("429", notice.lane)
        elif isinstance(error, ChatMigrated):
            await self._transact(follow_group, notice.chat_id, error.new_chat_id)
            self.observe("retried", notice.lane)
        elif isinstance(error, Forbidden) or says(error, GONE):
            await self._fail(notice, kind, delivery, error.message, unreachable=True)
        elif isinstance(error, BadRequest):
            number = f"N{notice.id}"
            log.error("notice refused", kind=notice.kind, number=number, reason=error.message)
            await self._transact(report_incident, number, f"{notice.kind}: {error.message}")
            await self._fail(notice, kind, delivery, error.message, unreachable=False)
        elif _may_have_arrived(error) and not (notice.must_arrive or "edits" in notice.facts):
            await self._fail(notice, kind, delivery, "answer lost, not repeated", unreachable=False)
        else:
            await self._transact(retry, notice.id, error.message)
            self.observe("retried", notice.lane)

    async def _fail(
        self, notice: Leased, kind: NoticeKind, delivery: Delivery, reason: str, *, unreachable: bool
    ) -> None:
        failed_of = kind.failed
        then = (lambda work: failed_of(work, delivery, reason)) if failed_of else None
        await self._transact(fail, notice.id, reason, unreachable, then)
        self.observe("failed", notice.lane)


def _may_have_arrived(error: TelegramError) -> bool:
    """Whether the message may be in the chat although no answer came; an edit may safely be repeated anyway."""
    return isinstance(error, NetworkError) and not isinstance(error, NotSent)
