"""In which order updates are handled: one person's one after the other, different people's side by side."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

SIDE_BY_SIDE = 256
"""More than Telegram hands out at once, of which one person may have sent all."""
MANY = 5
"""Updates of a person that wait behind one: whoever sends so many at once is not answered each where it takes long."""


class PersonalOrder(BaseUpdateProcessor):
    """A line for each person; whoever comes second waits for the first."""

    def __init__(self) -> None:
        super().__init__(SIDE_BY_SIDE)
        self._lines: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle an update when its person's earlier ones are done."""
        person = _person(update)
        line = self._lines.setdefault(person, asyncio.Lock())
        self._waiting[person] = self._waiting.get(person, 0) + 1
        try:
            async with line:
                await coroutine
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person], self._lines[person]

    def is_pressed(self, person: int) -> bool:
        """Whether many of a person's updates wait for the one in hand."""
        return self._waiting.get(person, 0) > MANY

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""


def _person(update: object) -> int:
    if isinstance(update, Update) and update.effective_user is not None:
        return update.effective_user.id
    return 0
