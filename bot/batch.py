"""Small things that are asked for at about the same time are done in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from services.work import Work

Task = Callable[[Work], Any]
MOST = 16
"""In one transaction, so that a tap never waits long for the database."""


class Batch:
    """While one transaction runs, what comes next gathers for the following one."""

    def __init__(self, transact: Callable[..., Awaitable[Any]], most: int = MOST) -> None:
        self._transact, self._most = transact, most
        self._waiting: list[tuple[Task, asyncio.Future[Any]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, task: Task) -> Any:
        """Do a small thing in some transaction, and return what it returns."""
        result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((task, result))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await result

    async def _run(self) -> None:
        while self._waiting:
            some = self._waiting[: self._most]
            del self._waiting[: self._most]
            try:
                values = await self._transact(_all, [task for task, _ in some])
            except Exception:
                await self._one_by_one(some)
            else:
                for (_, result), value in zip(some, values, strict=True):
                    if not result.done():
                        result.set_result(value)

    async def _one_by_one(self, some: list[tuple[Task, asyncio.Future[Any]]]) -> None:
        """One of them fails: it alone, and not those beside it."""
        for task, result in some:
            try:
                value = await self._transact(task)
            except Exception as error:
                if not result.done():
                    result.set_exception(error)
            else:
                if not result.done():
                    result.set_result(value)


def _all(work: Work, tasks: list[Task]) -> list[Any]:
    return [task(work) for task in tasks]
