"""The bot is killed again and again while a round is played: nothing is lost, and nothing happens twice.

`BASKET_KILLS` says how often in all, `BASKET_SEED` repeats the dice of a run that failed.
"""

import os
import random
from dataclasses import dataclass

import pytest

from tests.crash.books import Books
from tests.crash.checks import check_all, check_only_a_death_doubles, doubled
from tests.crash.conftest import Perform, Undisturbed
from tests.crash.story import play

KILLS = int(os.environ.get("BASKET_KILLS", "200"))
SEED = os.environ.get("BASKET_SEED")
SHARES = 4
"""Two on each database, so that the tests can run side by side."""


@dataclass
class Tally:
    """What a share of the kills came to."""

    kills: int = 0
    plays: int = 0
    doubled: int = 0
    repeated: int = 0


@pytest.mark.timeout(120 + KILLS // SHARES * 8)
@pytest.mark.parametrize("share", range(SHARES // 2))
async def test_killed_at_random_moments(perform: Perform, undisturbed: Undisturbed, share: int) -> None:
    seed = SEED or f"{random.SystemRandom().randrange(10**9)}"
    tally = Tally()
    while tally.kills * SHARES < KILLS:
        by_hand = bool((share + tally.plays) % 2)
        wanted = await undisturbed(by_hand)
        await one_play(perform, seed, tally, wanted, by_hand)
    print(tally)


async def one_play(perform: Perform, seed: str, tally: Tally, wanted: Books, by_hand: bool) -> None:
    """Play once with a killer in the house, and check everything."""
    async with perform(random.Random(f"{seed}:{tally.plays}")) as director:
        cast = director.cast
        try:
            await director.perform(lambda: play(cast, director.outage, by_hand=by_hand))
            check_all(cast, director.reader, wanted)
            check_only_a_death_doubles(cast)
        except BaseException as error:
            error.add_note(f"BASKET_SEED={seed}, play {tally.plays}, after {director.kills} kills")
            raise
        tally.kills += director.kills
        tally.doubled += doubled(cast)
        tally.repeated += sum(one.repeats for one in cast.everybody)
        tally.plays += 1
