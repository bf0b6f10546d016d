"""How a reply leaves: before any notice, within what Telegram allows, after the pause that Telegram asks for, and once
more where Telegram was not reached: an edit and a pop-up are the same twice, a message twice is better than none.

Somebody is looking at the phone. Notices do not wait here: the dispatcher gives them their turn and comes back to what
was refused (`rate_limit_args=NOTICE`).
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from math import ceil
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.lead import Sure, always
from bot.pace import REPLY, Pace

NOTICE = "notice"
TRIES = 5
LONGEST_SECONDS = 10.0
"""How long a reply waits in all. Its update is in hand so long, and while Telegram counts a hundred of those, no others
come; and after so long the person has looked again."""
FIRST_PAUSE_SECONDS = 0.3
"""After a failure of the network; the next one is twice as long."""
COUNTED = ("send", "copy", "forward")
"""How the names of methods begin that Telegram counts as messages; edits and answers to presses are none."""


class Patience(BaseRateLimiter[str]):
    """Repeats a reply that was refused for now, after the pause that Telegram asks for, or that did not get through.

    Every call but `getUpdates` comes by here, so here a process makes `sure` that it leads before it says anything.
    """

    def __init__(self, pace: Pace, sure: Sure = always, is_pressed: Callable[[int], bool] = lambda _: False) -> None:
        """`is_pressed` says of a person whether their next updates wait, so that this reply must not."""
        self._pace, self._sure, self._is_pressed = pace, sure, is_pressed

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Any:
        """One call of the bot. LostLead."""

        async def say() -> Any:
            await self._sure()  # last of all: whoever waited for a turn may have lost the lead meanwhile
            return await callback(*args, **kwargs)

        if rate_limit_args == NOTICE:
            return await say()
        return await self._insist(say, _chat(data), str(data.get("text") or data.get("caption") or ""), endpoint)

    async def _insist(
        self, say: Callable[[], Coroutine[Any, Any, Any]], chat_id: int | None, text: str, endpoint: str
    ) -> Any:
        counted = chat_id is not None and endpoint.startswith(COUNTED)
        ends = _now() + LONGEST_SECONDS
        for tries_left in reversed(range(TRIES)):
            if counted and (pause := self._pace.pause_seconds()) > ends - _now():
                raise RetryAfter(ceil(pause))
            try:
                async with self._pace.turn(chat_id or 0, REPLY, text) if counted else nullcontext():
                    said = await say()
                if chat_id is not None:
                    self._pace.wrote(chat_id)
                return said
            except RetryAfter as error:
                seconds = error._retry_after.total_seconds()
                self._pace.refused(chat_id, seconds)
                if not tries_left or seconds > ends - _now() or self._is_pressed(chat_id or 0):
                    raise
                await asyncio.sleep(seconds)
            except NetworkError as error:
                if isinstance(error, BadRequest) or not tries_left:
                    raise
                await asyncio.sleep(FIRST_PAUSE_SECONDS * 2 ** (TRIES - 1 - tries_left))
        raise AssertionError("unreachable")


def _now() -> float:
    return asyncio.get_running_loop().time()


def _chat(data: dict[str, Any]) -> int | None:
    chat_id = data.get("chat_id")
    return chat_id if isinstance(chat_id, int) else None
