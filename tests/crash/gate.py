"""Stands between the bot's lives and the simulator: knows which life makes each call, and can end it at one of them."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = re.compile(r"/life/(\d+)(/.*)")


class Moment(Enum):
    """Where in a call a life ends."""

    UNHEARD = "before the simulator hears of it"
    UNANSWERED = "after its effect, before the answer"
    ANSWERED = "some time after the answer"


@dataclass(frozen=True)
class Death:
    """A life ends at its call of this number, counted from 1."""

    call: int
    moment: Moment
    after_seconds: float = 0.0


class Gate:
    """An ASGI application before the simulator's. `die` kills the living process; it may be called at any time."""

    def __init__(self, simulator: ASGIApp, die: Callable[[int], None]) -> None:
        self._simulator, self._die = simulator, die
        self._calls: dict[int, int] = {}
        self.deaths: dict[int, Death] = {}
        self.life_of: dict[int, int] = {}
        """Which life sent a message, by message id."""
        self.heard = asyncio.Event()
        """A life has called."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = PATH.fullmatch(scope.get("path", ""))
        if found is None:
            await self._simulator(scope, receive, send)
            return
        life, path = int(found[1]), found[2]
        scope = {**scope, "path": path, "raw_path": path.encode()}
        self._calls[life] = number = self._calls.get(life, 0) + 1
        death = self.deaths.get(life)
        if death is None or death.call != number:
            await self._simulator(scope, receive, self._noting(life, send))
        else:
            await self._deadly(life, death, scope, receive, send)
        self.heard.set()

    async def _deadly(self, life: int, death: Death, scope: Scope, receive: Receive, send: Send) -> None:
        if death.moment is Moment.UNHEARD:
            self._die(life)
            return
        if death.moment is Moment.UNANSWERED:
            await self._simulator(scope, receive, self._noting(life, _nowhere))
            self._die(life)
            return
        await self._simulator(scope, receive, self._noting(life, send))
        await asyncio.sleep(death.after_seconds)
        self._die(life)

    def calls(self, life: int) -> int:
        """How many calls a life has made."""
        return self._calls.get(life, 0)

    def _noting(self, life: int, send: Send) -> Send:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.body" and message.get("body", b"").startswith(b"{"):
                result = json.loads(message["body"]).get("result")
                if isinstance(result, dict) and "message_id" in result:
                    self.life_of.setdefault(result["message_id"], life)
            await send(message)

        return note


async def _nowhere(_message: Message) -> None:
    """Nobody is there to hear the answer."""
