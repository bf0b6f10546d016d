"""Plays the story on a stage, undisturbed or with a killer in the house, until everything has come to rest."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.crash.books import Reader
from tests.crash.cast import Cast
from tests.crash.gate import Death, Moment
from tests.crash.theatre import BOT

LOOK_SECONDS = 0.01
REST_SECONDS = 40.0
STUCK_SECONDS = 4.0
"""A life whose death does not come because nobody does anything is ended after so long."""
OUTAGE_SECONDS = 200
"""Longer than Telegram keeps a tap."""
STARTING_UP_SECONDS = 0.5
CALLS_OF_A_LIFE = 17
LIVES_IN_VAIN = 4
"""After so many in which nobody got on, one lasts until somebody does: who does not get on then has found a defect, and
not bad luck on a slow machine."""
Play = Callable[[], Awaitable[None]]


class Director:
    """One performance. With `dice`, lives end at random moments."""

    def __init__(self, cast: Cast, reader: Reader, dice: random.Random | None = None) -> None:
        self.cast, self.stage, self.reader, self.dice = cast, cast.stage, reader, dice
        self.kills = 0
        self._away = False
        self._got_on = self._lives_in_vain = 0

    async def perform(self, play: Play) -> None:
        """The whole play; then the bot lives on until nothing is left to do."""
        if self.dice is None:
            self.stage.start()
            await play()
        else:
            async with beside(self._kill_and_start()):
                await play()
            self.stage.gate.deaths.clear()
        await self.come_to_rest()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """The bot is away for long, if lives end at all."""
        if self.dice is None:
            yield
            return
        self._away = True
        self.stage.kill()
        yield
        self.stage.clock.shift += OUTAGE_SECONDS
        self._away = False

    async def come_to_rest(self) -> None:
        """Wait until no update waits, no message is owed and no card is behind.

        A death that had begun before the last act may come after it: then one more life is begun.
        """
        bot, ends = self.stage.world.bot_named(BOT), time.monotonic() + REST_SECONDS
        while self.stage.world.waiting_updates(bot) or not self.reader.at_rest():
            if not self.stage.alive:
                self.stage.kill()
                self.stage.start()
            assert time.monotonic() < ends, f"the bot does not come to rest: {self.reader.undone()}"
            await asyncio.sleep(0.1)

    async def _kill_and_start(self) -> None:
        while True:
            if self._away:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if self._lives_in_vain < LIVES_IN_VAIN:
                death = self._draw()
                self.stage.start(death)
                await self._wait(death)
            else:
                self.stage.start()
                await self._somebody_gets_on()
            self._count()
            self.stage.kill()
            self.kills += 1

    def _count(self) -> None:
        self._lives_in_vain = self._lives_in_vain + 1 if self.stage.got_on == self._got_on else 0
        self._got_on = self.stage.got_on

    async def _somebody_gets_on(self) -> None:
        while self.stage.got_on == self._got_on and self.stage.alive:
            await asyncio.sleep(LOOK_SECONDS)

    def _draw(self) -> Death | None:
        """None is a death while starting up."""
        assert self.dice is not None
        if self.dice.random() < 0.25:
            return None
        moment = self.dice.choice(list(Moment))
        return Death(self.dice.randint(1, CALLS_OF_A_LIFE), moment, self.dice.random() ** 3 * 0.3)

    async def _wait(self, death: Death | None) -> None:
        assert self.dice is not None
        if death is None:
            await asyncio.sleep(self.dice.random() * STARTING_UP_SECONDS)
            return
        ends, seen = time.monotonic() + STUCK_SECONDS, 0
        while self.stage.alive and time.monotonic() < ends:
            if self.stage.gate.calls(self.stage.life) != seen:
                ends, seen = time.monotonic() + STUCK_SECONDS, self.stage.gate.calls(self.stage.life)
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def beside(trouble: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Something goes on while something else is done, and ends with it; its own failure counts."""
    task = asyncio.create_task(trouble)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
