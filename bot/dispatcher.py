"""Delivers notices: the urgent ones first, within Telegram's limits, always leaving room for taps."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from telegram import InputMediaPhoto, Message
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.patience import NOTICE
from bot.request import NotSent
from handlers.context import App
from handlers.show import CANNOT_EDIT, NOT_MODIFIED, markup, photo_of, says, send_screen
from services.database import Database
from services.outbox import Leased, fail, follow_group, lease, mark_sent, retry, withdraw
from services.report_incident import report_incident
from views.language import language
from views.notice import Delivery, NoticeKind, kind_of
from views.notices import DECLARED
from views.screen import Screen

PER_SECOND = 24
"""Of Telegram's 30 a second; the rest is left for replies."""
PRIVATE_GAP_SECONDS = 1.05
GROUP_GAP_SECONDS = 3.1
SIDE_BY_SIDE = 16
IDLE_SECONDS = 1.0
GONE = ("chat not found", "user not found", "PEER_ID_INVALID", "group chat was deactivated", "not enough rights")

log = structlog.get_logger()
assert DECLARED


class Dispatcher:
    """One for each process; `wake` after every transaction makes it look at once."""

    def __init__(
        self,
        application: App,
        database: Database,
        per_second: int = PER_SECOND,
        private_gap_seconds: float = PRIVATE_GAP_SECONDS,
        group_gap_seconds: float = GROUP_GAP_SECONDS,
    ) -> None:
        self._bot, self._database, self._per_second = application.bot, database, per_second
        self._private_gap, self._group_gap = private_gap_seconds, group_gap_seconds
        self._woken = asyncio.Event()
        self._sent_at: deque[float] = deque()
        self._free_at: dict[int, float] = {}
        self._paused_until = 0.0
        self._running: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way is finished first."""
        try:
            while True:
                worked = await self.step()
                if not worked:
                    self._woken.clear()
                    await self._idle()
        finally:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _idle(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)
        except TimeoutError:
            return

    async def step(self) -> int:
        """Lease and start what may leave now; how many were started."""
        now = asyncio.get_running_loop().time()
        room = min(self._room(now), SIDE_BY_SIDE - len(self._running))
        if now < self._paused_until or room <= 0:
            await asyncio.sleep(min(0.1, max(0.01, self._paused_until - now)))
            return 1
        self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        busy = (*self._free_at, *self._running)
        leased = await self._transact(lease, room, busy)
        for notice in leased:
            self._free_at[notice.chat_id] = now + (self._group_gap if notice.chat_id < 0 else self._private_gap)
            self._running[notice.chat_id] = asyncio.create_task(self._deliver(notice))
        if not leased and (self._running or self._free_at):
            await asyncio.sleep(0.05)
        return len(leased)

    def _room(self, now: float) -> int:
        """What is on its way counts as well: a slow second must not make the next one too fast."""
        while self._sent_at and self._sent_at[0] <= now - 1:
            self._sent_at.popleft()
        return self._per_second - len(self._sent_at) - len(self._running)

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return bool(self._running)

    async def _transact(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return await self._database.transact(use_case, None, None, *args)

    async def _deliver(self, notice: Leased) -> None:
        try:
            await self._try(notice)
        except Exception:
            log.exception("notice failed", kind=notice.kind, notice=notice.id)
            await self._transact(retry, notice.id, "defect")
        finally:
            self._running.pop(notice.chat_id, None)
            self._sent_at.append(asyncio.get_running_loop().time())
            self._woken.set()

    async def _try(self, notice: Leased) -> None:
        kind = kind_of(notice.kind)
        delivery = Delivery(
            notice.id, notice.kind, notice.facts, notice.chat_id, notice.person_id, notice.enterprise_id,
            notice.locale, notice.must_arrive, notice.attempts,
        )  # fmt: skip
        value = await self._transact(kind.read, delivery)
        if value is None:
            await self._transact(withdraw, notice.id)
            return
        screen = self._with_links(kind.render(value, language(notice.locale)))
        try:
            sent = await self._send(notice, screen)
        except TelegramError as error:
            await self._note_failure(notice, kind, delivery, error)
        else:
            await self._note_sent(notice, kind, delivery, screen, sent)

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

    async def _send(self, notice: Leased, screen: Screen) -> Message | None:
        edited = notice.facts.get("edits")
        if edited is None:
            return await send_screen(self._bot, notice.chat_id, screen, NOTICE)
        try:
            await self._edit(notice.chat_id, int(edited), screen)
        except BadRequest as error:
            if not says(error, NOT_MODIFIED + CANNOT_EDIT):
                raise
        return None

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

    async def _note_sent(
        self, notice: Leased, kind: NoticeKind, delivery: Delivery, screen: Screen, sent: Message | None
    ) -> None:
        picture = None
        shown = screen.picture
        if sent is not None and sent.photo and shown and shown.photo_id and not shown.file_id:
            picture = (shown.photo_id, sent.photo[-1].file_id)
        message_id = sent.message_id if sent else int(notice.facts.get("edits") or 0)
        sent_of = kind.sent
        then = (lambda work: sent_of(work, delivery, message_id)) if sent_of else None
        await self._transact(mark_sent, notice.id, message_id, then, picture)

    async def _note_failure(self, notice: Leased, kind: NoticeKind, delivery: Delivery, error: TelegramError) -> None:
        log.info("notice not delivered", kind=notice.kind, notice=notice.id, error=type(error).__name__)
        if isinstance(error, RetryAfter):
            seconds = error._retry_after.total_seconds()
            self._paused_until = asyncio.get_running_loop().time() + seconds
            await self._transact(retry, notice.id, error.message, seconds)
        elif isinstance(error, ChatMigrated):
            await self._transact(follow_group, notice.chat_id, error.new_chat_id)
        elif isinstance(error, Forbidden) or says(error, GONE):
            await self._fail(notice, kind, delivery, error.message, unreachable=True)
        elif isinstance(error, BadRequest | InvalidToken):
            number = f"N{notice.id}"
            log.error("notice refused", kind=notice.kind, number=number, reason=error.message)
            await self._transact(report_incident, number, f"{notice.kind}: {error.message}")
            await self._fail(notice, kind, delivery, error.message, unreachable=False)
        elif _may_have_arrived(error) and not (notice.must_arrive or "edits" in notice.facts):
            await self._fail(notice, kind, delivery, "answer lost, not repeated", unreachable=False)
        else:
            await self._transact(retry, notice.id, error.message)

    async def _fail(
        self, notice: Leased, kind: NoticeKind, delivery: Delivery, reason: str, *, unreachable: bool
    ) -> None:
        failed_of = kind.failed
        then = (lambda work: failed_of(work, delivery, reason)) if failed_of else None
        await self._transact(fail, notice.id, reason, unreachable, then)


def _may_have_arrived(error: TelegramError) -> bool:
    """Whether the message may be in the chat although no answer came; an edit may safely be repeated anyway."""
    return isinstance(error, NetworkError) and not isinstance(error, NotSent)
