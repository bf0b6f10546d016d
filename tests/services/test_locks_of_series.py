"""Who waits for whom on PostgreSQL, where rows are locked one by one."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, col, select

from models import Order, StandingOrder
from services.database import Database
from services.due_series import make_due_rounds
from services.make_series import make_series
from services.me import leave
from services.open_round import open_due_round
from services.series_settings import set_series
from services.standing_orders import keep_every_time
from services.work import Work
from tests.clock import Clock
from tests.services.weekly import act, at, make
from tests.world import World, add_member, open_round

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
PATIENCE_SECONDS = 30


@pytest.fixture
def world(fresh_postgresql_url: str, clock: Clock) -> Iterator[World]:
    """A weekly series that runs, for which 甲 orders oranges every time, and another one."""
    with closing(Database(fresh_postgresql_url, clock)) as database:
        world = make(database)
        add_member(world, "甲", 2)
        world.places("甲", "脐橙", 2)
        act(world, keep_every_time, 1, who="甲")
        act(world, make_series, open_round(world, "王芳"))
        yield world


@contextmanager
def held(world: World, statement: str) -> Iterator[Connection]:
    """Another transaction holds what it has locked."""
    with world.database.engine.connect() as connection:
        connection.execute(text(statement))
        yield connection


def waits(world: World, pool: ThreadPoolExecutor, run: Callable[[], object]) -> Future[object]:
    """Somebody begins, and waits for a lock."""
    begun = pool.submit(run)
    deadline = time.monotonic() + PATIENCE_SECONDS
    with world.database.engine.connect() as connection:
        while not connection.execute(text(WAITING)).scalar_one():
            assert time.monotonic() < deadline
            assert not begun.done(), begun.result()
            connection.rollback()
            time.sleep(0.01)
    return begun


def test_whose_holidays_count_waits_for_a_series_before_it_holds_the_next(world: World) -> None:
    with ThreadPoolExecutor(1) as pool:
        with held(world, "SELECT id FROM series WHERE id = 1 FOR UPDATE"):
            changing = waits(world, pool, lambda: act(world, set_series, 2, "country", None))
            with held(world, "SELECT id FROM series WHERE id = 2 FOR UPDATE NOWAIT"):
                pass
        assert changing.result(PATIENCE_SECONDS) == 2


def test_who_leaves_while_a_round_opens_leaves_no_order_that_nobody_decides_about(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    world.database.run(make_due_rounds, None, None, 1)
    at(world, clock, 2026, 3, 9, 1, 0)
    with ThreadPoolExecutor(1) as pool, Session(world.database.engine) as session:
        assert open_due_round(Work(session, clock()), 3)
        leaving = waits(world, pool, lambda: act(world, leave, who="甲"))
        session.commit()
        leaving.result(PATIENCE_SECONDS)
        session.expire_all()
        (order,) = session.exec(select(Order).where(Order.round_id == 3)).all()
        assert order.awaits_collector
        assert session.exec(select(StandingOrder)).all() == []


def test_a_round_that_opens_while_somebody_leaves_places_nothing_for_them(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    world.database.run(make_due_rounds, None, None, 1)
    at(world, clock, 2026, 3, 9, 1, 0)
    actor = world.actor("甲")
    with ThreadPoolExecutor(1) as pool, Session(world.database.engine) as session:
        leave(Work(session, clock(), actor))
        opening = waits(world, pool, lambda: world.database.run(open_due_round, None, None, 3))
        session.commit()
        assert opening.result(PATIENCE_SECONDS)
        assert session.exec(select(Order).where(col(Order.round_id) == 3)).all() == []
