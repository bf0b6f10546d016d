"""Days pass, with weekly series and their members: thirty days of fifty series and 2,000 members in `make soak`."""

import pytest

from services.database import Database
from tests.clock import Clock
from tests.soak.checks import figures
from tests.soak.memory import WARM_DAYS, WEEK, Memory
from tests.soak.month import live
from tests.soak.size import SIZE, WISHED

CONTROL_DAYS, KEPT_A_DAY = 4, 30_000


@pytest.mark.timeout(12 * 3600 if WISHED else 240)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if WISHED else ["sqlite"], indirect=True)
async def test_days_pass_and_nothing_is_left_over(
    database: Database, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    def tell(line: str) -> None:
        if WISHED:
            with capsys.disabled():
                print(line, flush=True)

    memory = await live(database, clock, SIZE, tell)
    done = figures(database)
    tell(f"{database.engine.dialect.name}: {done}")
    assert done["closed"] >= SIZE.enterprises * SIZE.series * (SIZE.days // WEEK)
    assert min(done["wishes"], done["standing orders"], done["purchase orders"], done["notices sent"]) > 0
    if SIZE.days >= WARM_DAYS + WEEK:
        memory.check_flat()


def test_a_memory_that_grows_is_found() -> None:
    """The control: what keeps something of each day is not called flat."""
    kept: list[list[int]] = []
    memory = Memory()
    for day in range(CONTROL_DAYS):
        kept += [[day] for _ in range(KEPT_A_DAY)]
        memory.measure()
    with pytest.raises(AssertionError, match="blocks of memory"):
        memory.check_flat(warm_days=2, week=1)
    assert len(kept) == CONTROL_DAYS * KEPT_A_DAY


def test_a_memory_that_is_used_and_given_back_is_flat() -> None:
    memory = Memory()
    for day in range(CONTROL_DAYS):
        used = [[day] for _ in range(KEPT_A_DAY)]
        del used
        memory.measure()
    memory.check_flat(warm_days=2, week=1)
