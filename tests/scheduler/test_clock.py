"""The alarm clock holds no truth: whatever it misses or doubles, the database says what is due."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from models import Notice, Round
from scheduler.clock import AlarmClock
from scheduler.table import JOBS, DueJob
from services.close_round import close_due_round
from services.database import Database
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """Two open rounds with an order in each."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    for _ in range(2):
        open_round(world, "王芳")
        world.places("王芳", "脐橙", 2)
    return world


def phases(world: World) -> list[str]:
    """Phases of all rounds."""
    with Session(world.database.engine) as session:
        return [row.phase for row in session.exec(select(Round).order_by(Round.id))]


async def test_what_came_due_while_it_was_off_is_done_at_the_start(world: World, clock: Clock) -> None:
    clock.pass_time(days=3)
    alarm = AlarmClock(world.database)
    await alarm.start()
    alarm.stop()
    assert phases(world) == ["closed", "closed"]


async def test_two_alarm_clocks_do_everything_once(world: World, clock: Clock) -> None:
    """Overlapping jobs of two processes on one store."""
    clock.pass_time(days=1)
    await asyncio.gather(*(AlarmClock(world.database).run_due() for _ in range(3)))
    with Session(world.database.engine) as session:
        kinds = [row.kind for row in session.exec(select(Notice).where(Notice.kind == "purchase_order"))]
    assert kinds == ["purchase_order"] * 2


async def test_a_round_that_fails_does_not_hold_up_the_others(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_first(work: Work, round_id: int) -> bool:
        if round_id == 1 and clock() < datetime(2026, 3, 3, 2, tzinfo=UTC):
            raise RuntimeError("something is wrong with this one")
        return close_due_round(work, round_id)

    jobs = tuple(DueJob(job.name, job.due, fails_first) if job.name == "close_due_rounds" else job for job in JOBS)
    monkeypatch.setattr("scheduler.clock.JOBS", jobs)
    clock.pass_time(days=1)
    alarm = AlarmClock(world.database)
    await alarm.run_due()
    assert phases(world) == ["open", "closed"]
    await alarm.run_due()
    assert phases(world) == ["open", "closed"], "it rests for a minute first"
    clock.pass_time(hours=2)
    await alarm.run_due()
    assert phases(world) == ["closed", "closed"]


async def test_it_rings_at_the_moment_by_itself(world: World, clock: Clock) -> None:
    """The alarm is set for the next due moment and closes without anybody asking."""
    with Session(world.database.engine) as session, session.begin():
        for row in session.exec(select(Round)):
            row.closes_at = clock() + timedelta(seconds=0.3)
            row.opens_at = None
    started = datetime.now(UTC)
    base = clock()
    world.database.clock = lambda: base + (datetime.now(UTC) - started)
    alarm = AlarmClock(world.database)
    await alarm.start()
    assert phases(world) == ["open", "open"]
    for _ in range(60):
        await asyncio.sleep(0.05)
        if phases(world) == ["closed", "closed"]:
            break
    alarm.stop()
    assert phases(world) == ["closed", "closed"]


async def test_a_clock_that_jumped_is_noticed_at_the_next_wake(world: World, clock: Clock) -> None:
    """The closing time passed between two looks: waking acts at once and does not wait for the sweep."""
    alarm = AlarmClock(world.database)
    await alarm.start()
    clock.pass_time(days=2)
    await alarm.wake()
    for _ in range(60):
        await asyncio.sleep(0.05)
        if phases(world) == ["closed", "closed"]:
            break
    alarm.stop()
    assert phases(world) == ["closed", "closed"]
