"""Whether this process lives and is ready, with the reasons in words, for whoever watches it from outside."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.database import Database
from services.work import Work

R = TypeVar("R")
ANSWER_SECONDS = 5.0
"""How long the database may take, behind what it is doing."""
LATELY_SECONDS = 120.0
"""A poll lasts 25 s and rests 30 s at most after a failure; with a webhook, Telegram is asked every 45 s."""


class Health:
    """One for each process. What it asks are callables, given by whoever starts the parts; none runs at first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reached_at: float | None = None
        self.leads: Callable[[], bool] = lambda: True
        self.dispatching: Callable[[], bool] = lambda: False
        self.watching: Callable[[], bool] = lambda: False

    def reached(self) -> None:
        """Telegram has answered, or has called."""
        self._reached_at = time.monotonic()

    def stopped(self) -> list[str]:
        """Parts of a leading process that do not run, which only a restart helps."""
        if not self.leads():
            return []
        parts = {"the dispatcher is not running": self.dispatching, "the alarm clock is not running": self.watching}
        return [words for words, runs in parts.items() if not runs()]

    async def reasons(self) -> list[str]:
        """Why this process is not ready; nothing if it is."""
        found = [] if self.leads() else ["another process leads, this one stands by"]
        found += self.stopped()
        if self.leads():
            found += self._telegram()
        try:
            await ask(self._database, _answer)
        except (SQLAlchemyError, TimeoutError) as error:
            found.append(f"the database does not answer: {type(error).__name__}")
        return found

    def _telegram(self) -> list[str]:
        if self._reached_at is None:
            return ["Telegram was not reached yet"]
        seconds = time.monotonic() - self._reached_at
        return [f"Telegram was last reached {seconds:.0f} s ago"] if seconds > LATELY_SECONDS else []

    async def ready(self, _request: Request) -> Response:
        """`GET /healthz`: 200 if ready, otherwise 503."""
        reasons = await self.reasons()
        body = {"live": not self.stopped(), "ready": not reasons, "reasons": reasons}
        return JSONResponse(body, 503 if reasons else 200)

    async def live(self, _request: Request) -> Response:
        """`GET /healthz/live`: 503 if only a restart helps."""
        reasons = self.stopped()
        return JSONResponse({"live": not reasons, "reasons": reasons}, 503 if reasons else 200)


async def ask(database: Database, use_case: Callable[[Work], R]) -> R:
    """What a reading use case returns. TimeoutError if the database is too busy to say."""
    run = partial(database.run, use_case, None, None)
    return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(database.threads, run), ANSWER_SECONDS)


def _answer(work: Work) -> None:
    work.session.connection().execute(text("SELECT 1"))
