"""How fast messages may leave: Telegram's limit overall, whoever taps before any broadcast, and its pauses.

Within any second at most so many messages leave, where one counts from its start until a second after its end: however
long the way is, Telegram never sees more. Notices are spread evenly over that second, so a reply waits for very
few of them.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

REPLY = -1
"""The rank of a reply: before every lane of notices."""
LONG_TEXT_UNITS = 500
PER_SECOND = 30
WINDOW_SECONDS = 1.001
"""How long a message counts against the limit: Telegram's second, and a hair against rounding."""
CATCH_UP_SECONDS = 0.05
"""Notices that a timer or a busy moment has held up by so much leave at once: timers alone are a millisecond late."""
CHAT_GAP_SECONDS = 1.05
WRITTEN_SECONDS = 10.0
"""How long a chat may have had too much for itself after something was written to it."""
GROUP_PER_MINUTE = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram allows this bot: messages a second in all, seconds between two to one chat, a group's a minute."""

    per_second: int = PER_SECOND
    chat_gap_seconds: float = CHAT_GAP_SECONDS
    group_per_minute: int = GROUP_PER_MINUTE

    def gap_seconds(self, chat_id: int) -> float:
        """How long a chat rests after a notice; groups have negative ids."""
        return 60 / self.group_per_minute * 1.03 if chat_id < 0 else self.chat_gap_seconds


class Pace:
    """One for each process and bot token."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._on_their_way = 0
        self._counts_until: deque[float] = deque()
        self._next_notice_at = 0.0
        self._paused_until = 0.0
        self._written: dict[int, float] = {}
        self._refused: int | None = None
        self._resting: dict[int, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, chat_id: int, rank: int, text: str) -> AsyncIterator[None]:
        """Wait until a message may leave, and count it; a long text counts twice, as on Telegram."""
        cost = min(self.limits.per_second, 2 if len(text.encode("utf-16-le")) // 2 > LONG_TEXT_UNITS else 1)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._order), cost, turn))
        self._call_next()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._end(cost)
            raise
        try:
            yield
            self.wrote(chat_id)
        finally:
            if rank != REPLY:
                self._rest(chat_id, self.limits.gap_seconds(chat_id))
            self._end(cost)

    def dismiss(self) -> None:
        """The bot stops: notices that wait for their turn are cancelled, replies still leave."""
        for rank, _, _, turn in self._waiting:
            if rank != REPLY:
                turn.cancel()

    def resting(self) -> list[int]:
        """Chats to which no notice may leave now."""
        now = _now()
        self._resting = {chat_id: until for chat_id, until in self._resting.items() if until > now}
        self._written = {chat_id: at for chat_id, at in self._written.items() if at > now - WRITTEN_SECONDS}
        return list(self._resting)

    def pause_seconds(self) -> float:
        """How long nothing may leave at all; 0 while there is no pause."""
        return max(0.0, self._paused_until - _now())

    def wrote(self, chat_id: int) -> None:
        """Telegram has taken something for this chat."""
        self._written[chat_id], self._refused = _now(), None

    def refused(self, chat_id: int | None, seconds: float) -> None:
        """Telegram wants a pause, and does not say of whom.

        It concerns a group, or a chat that had just been written to; otherwise all, and where the next one is refused
        as well.
        """
        known = chat_id is not None and (chat_id < 0 or chat_id in self._written)
        if chat_id is not None and known:
            self._rest(chat_id, seconds)
        if not known or self._refused not in (None, chat_id):
            self._paused_until = max(self._paused_until, _now() + seconds)
        self._refused = chat_id if chat_id is not None and chat_id >= 0 else None

    def _rest(self, chat_id: int, seconds: float) -> None:
        self._resting[chat_id] = max(self._resting.get(chat_id, 0.0), _now() + seconds)

    def _end(self, cost: int) -> None:
        self._on_their_way -= cost
        self._counts_until.extend([_now() + WINDOW_SECONDS] * cost)
        self._call_next()

    def _call_next(self) -> None:
        """Let go whoever may; come back when the next one may."""
        while self._waiting:
            rank, _, cost, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
                continue
            wait = self._wait(rank, cost)
            if wait > 0:
                self._come_back(wait)
                return
            heapq.heappop(self._waiting)
            self._on_their_way += cost
            if rank != REPLY:
                late = _now() - CATCH_UP_SECONDS
                self._next_notice_at = max(late, self._next_notice_at) + cost / self.limits.per_second
            turn.set_result(None)

    def _wait(self, rank: int, cost: int) -> float:
        """Seconds until the next one may leave; 0 for now."""
        now = _now()
        while self._counts_until and self._counts_until[0] <= now:
            self._counts_until.popleft()
        wait = self._paused_until - now
        if rank != REPLY:
            wait = max(wait, self._next_notice_at - now)
        if self._on_their_way + len(self._counts_until) + cost > self.limits.per_second:
            wait = max(wait, self._counts_until[0] - now if self._counts_until else WINDOW_SECONDS)
        return wait

    def _come_back(self, wait: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(wait, self._call_next)


def _now() -> float:
    return asyncio.get_running_loop().time()
