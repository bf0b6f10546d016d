"""Rate limits as Telegram applies them to sending: overall, to one private chat, to one group."""

from collections import defaultdict, deque
from math import ceil

from simulator.errors import too_many

OVERALL_PER_SECOND = 30
PRIVATE_BURST = 5
"""Messages a private chat may receive at once; it regains one a second."""
GROUP_PER_MINUTE = 20
LONG_TEXT_UNITS = 500
"""A longer message counts twice."""


class Limits:
    """One bot's sending; `check` raises the 429 or counts the message. Who pays may send more in a second."""

    def __init__(self, per_second: int = OVERALL_PER_SECOND) -> None:
        self.enforce = True
        self._per_second = per_second
        self._overall: deque[float] = deque()
        self._private: dict[int, tuple[float, float]] = {}
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)

    def check(self, chat_id: int, now: float, length: int = 0) -> None:
        """Count a message to a chat, or refuse it."""
        if not self.enforce:
            return
        cost = 2 if length > LONG_TEXT_UNITS else 1
        self._check_overall(now)
        if chat_id < 0:
            self._check_group(chat_id, now)
        else:
            self._check_private(chat_id, now)
        self._overall.extend([now] * cost)

    def _check_overall(self, now: float) -> None:
        while self._overall and self._overall[0] <= now - 1:
            self._overall.popleft()
        if len(self._overall) >= self._per_second:
            raise too_many(max(1, ceil(self._overall[0] + 1 - now)))

    def _check_group(self, chat_id: int, now: float) -> None:
        sent = self._groups[chat_id]
        while sent and sent[0] <= now - 60:
            sent.popleft()
        if len(sent) >= GROUP_PER_MINUTE:
            raise too_many(max(1, ceil(sent[0] + 60 - now)))
        sent.append(now)

    def _check_private(self, chat_id: int, now: float) -> None:
        tokens, at = self._private.get(chat_id, (float(PRIVATE_BURST), now))
        tokens = min(PRIVATE_BURST, tokens + max(0.0, now - at))
        if tokens < 1:
            raise too_many(max(1, ceil(1 - tokens)))
        self._private[chat_id] = (tokens - 1, now)
