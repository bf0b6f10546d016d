"""What a reply does when Telegram asks for a pause or cannot be reached: it waits, since somebody looks at the phone.

A reply whose answer was lost is given once more: an edit and a pop-up are the same twice, and a message that comes
twice is better than none.

Notices do not wait here: the dispatcher pauses all of them and comes back (`rate_limit_args=NOTICE`).
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

NOTICE = "notice"
TRIES = 5
LONGEST_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.3
"""After a failure of the network; the next one is twice as long."""


class Patience(BaseRateLimiter[str]):
    """Repeats a reply that was refused for now, after the pause that Telegram asks for, or that did not get through."""

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
        """One call of the bot."""
        for tries_left in reversed(range(TRIES)):
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = error._retry_after.total_seconds()
                if rate_limit_args == NOTICE or not tries_left or seconds > LONGEST_SECONDS:
                    raise
                await asyncio.sleep(seconds)
            except NetworkError as error:
                if isinstance(error, BadRequest) or rate_limit_args == NOTICE or not tries_left:
                    raise
                await asyncio.sleep(FIRST_PAUSE_SECONDS * 2 ** (TRIES - 1 - tries_left))
        raise AssertionError("unreachable")
