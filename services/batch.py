"""What is asked for at about the same time is done in one transaction: one commit, and what it reads is read once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from rules.refusal import Refusal
from services.work import Work

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")
Task = Callable[[Work], Any]
MOST = 100
"""In one transaction: all that Telegram hands out at once, and so few that a tap never waits long for the database."""


class Batch(Generic[I, R]):
    """While one transaction runs, what comes next gathers for the following one."""

    def __init__(
        self,
        transact: Callable[..., Awaitable[Any]],
        use_case: Callable[[Work, list[I]], Sequence[R | Refusal]],
        most: int = MOST,
    ) -> None:
        """`use_case` does all of some items and answers each, a refusal for one that has changed nothing."""
        self._transact, self._use_case, self._most = transact, use_case, most
        self._waiting: list[tuple[I, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, item: I) -> R:
        """Do one of them in some transaction, and return its answer, or raise its Refusal."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            some = self._waiting[: self._most]
            del self._waiting[: self._most]
            try:
                await self._do(some)
            except BaseException as error:  # the lead is lost: nothing is done any more, and whoever waits hears why
                for _, future in (*some, *self._waiting):
                    _answer(future, error)
                self._waiting.clear()

    async def _do(self, some: list[tuple[I, asyncio.Future[R]]]) -> None:
        """Do them together; where that fails, each alone: who fails does not take the others with it."""
        try:
            answers = await self._transact(self._use_case, [item for item, _ in some])
            answered = list(zip(some, answers, strict=True))
        except Exception as error:
            if len(some) == 1:
                _answer(some[0][1], error)
                return
            for one in some:
                await self._do([one])
        else:
            for (_, future), answer in answered:
                _answer(future, answer)


def _answer(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def do_each(work: Work, tasks: list[Task]) -> list[Any]:
    """Small things that have nothing in common."""
    return [task(work) for task in tasks]
