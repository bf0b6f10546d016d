"""What a reply does when Telegram asks for a pause: it waits, since somebody is looking at the phone.

Notices do not wait here: the dispatcher pauses all of them and comes back (`rate_limit_args=NOTICE`).
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.lead import Sure, always

NOTICE = "notice"
TRIES = 4
LONGEST_SECONDS = 30.0


class Patience(BaseRateLimiter[str]):
    """Repeats a refused reply after the pause that Telegram asks for; Telegram has done nothing with it yet.

    Every call but `getUpdates` comes by here, so here a process makes `sure` that it leads before it says anything.
    """

    def __init__(self, sure: Sure = always) -> None:
        self._sure = sure

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
        for tries_left in reversed(range(TRIES)):
            await self._sure()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = error._retry_after.total_seconds()
                if rate_limit_args == NOTICE or not tries_left or seconds > LONGEST_SECONDS:
                    raise
                await asyncio.sleep(seconds)
        raise AssertionError("unreachable")
