"""Thirty days of fifty weekly series and 2,000 members (`make soak`), or ten days of four and sixteen (`make test`)."""

import os

import pytest

from services.database import Database
from tests.clock import Clock
from tests.soak.checks import figures
from tests.soak.memory import Memory
from tests.soak.month import live
from tests.soak.size import MONTH, SHORT

WHOLE = os.environ.get("BASKET_SOAK") == "month"
SIZE = MONTH if WHOLE else SHORT


@pytest.mark.timeout(6 * 3600 if WHOLE else 240)
async def test_days_pass_and_nothing_is_left_over(
    sqlite_database: Database, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    def tell(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True) if WHOLE else None

    memory = await live(sqlite_database, clock, SIZE, tell)
    done = figures(sqlite_database)
    tell(str(done))
    assert done["closed"] >= SIZE.enterprises * SIZE.series * (SIZE.days // 7)
    assert all(done.values()), done
    if WHOLE:
        memory.check_flat()


def test_a_memory_that_grows_is_found() -> None:
    """The control: what keeps something of each day is not called flat."""
    kept: list[list[int]] = []
    memory = Memory()
    for day in range(10):
        kept += [[day] for _ in range(20_000)]
        memory.measure()
    with pytest.raises(AssertionError, match="blocks of memory"):
        memory.check_flat()
    assert len(kept) == 200_000


def test_a_memory_that_is_used_and_given_back_is_flat() -> None:
    memory = Memory()
    for day in range(10):
        used = [[day] for _ in range(20_000)]
        del used
        memory.measure()
    memory.check_flat()
