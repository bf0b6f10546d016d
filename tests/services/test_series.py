"""Rounds of a series are made once, whoever looks, how often, how late; on SQLite and PostgreSQL."""

import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from sqlmodel import Session, select

from models import Notice, Offer, Product, Round, Series, SeriesOccurrence
from scheduler.clock import AlarmClock
from scheduler.table import next_moment
from services import due_series as making
from services.database import Database
from services.decide_date import decide_date
from services.due_series import due_series, make_due_rounds, rest_series
from services.read_series import read_series
from services.series import upcoming
from services.series_settings import ask_series, set_series, type_series
from services.work import Work
from tests.clock import Clock
from tests.services.weekly import MONDAY, act, at, look, make, openings, rows
from tests.world import World


@pytest.fixture
def world(database: Database) -> World:
    """The usual one."""
    return make(database)


def test_a_round_is_made_once_however_often_the_job_runs(world: World, clock: Clock) -> None:
    assert not look(world)
    at(world, clock, 2026, 3, 8, 1, 0)
    assert look(world)
    assert not look(world)
    assert openings(world) == ["2026-03-09T01:00:00+00:00"]
    made = rows(world, Round)[1]
    assert (made.phase, made.number, made.closes_at) == ("draft", 2, datetime(2026, 3, 10, 1, tzinfo=UTC))
    assert made.scheduled_at == clock()
    assert [row.price_minor for row in rows(world, Offer) if row.round_id == made.id] == [4990, 9800]


def test_two_processes_make_one_round(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: world.database.run(make_due_rounds, None, None, 1), range(6)))
    assert sorted(done) == [False] * 5 + [True]
    assert len(openings(world)) == 1
    assert len([row for row in rows(world, Notice) if row.kind == "series_round"]) == 1


def test_a_day_that_has_its_round_never_gets_another(world: World, clock: Clock) -> None:
    """Even where the schedule is set back, the row of the day holds."""
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    with Session(world.database.engine) as session, session.begin():
        series = session.exec(select(Series)).one()
        series.next_day, series.next_at = MONDAY, clock()
    assert look(world)
    assert len(openings(world)) == 1
    assert rows(world, Series)[0].next_day == MONDAY + timedelta(weeks=1)


def test_a_crash_in_the_middle_leaves_nothing_and_is_made_good(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object, **_facts: object) -> None:
        raise RuntimeError("the lights went out")

    at(world, clock, 2026, 3, 8, 1, 0)
    with monkeypatch.context() as patch:
        patch.setattr(making, "_tell", crash)
        with pytest.raises(RuntimeError):
            look(world)
    assert openings(world) == []
    assert [row.state for row in rows(world, SeriesOccurrence)] == ["made"], "the first round's own day"
    assert look(world)
    assert len(openings(world)) == 1


async def test_a_series_that_fails_rests_and_no_round_is_held_up(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object) -> None:
        raise RuntimeError("broken")

    at(world, clock, 2026, 3, 8, 1, 0)
    monkeypatch.setattr(making, "_round", crash)
    await AlarmClock(world.database).run_due()
    (series,) = rows(world, Series)
    assert series.retry_at == clock() + timedelta(minutes=1)
    assert rows(world, Round)[0].retry_at is None, "a series' number is not a round's"
    assert world.database.run(next_moment, None, None) == series.retry_at
    assert not world.database.run(due_series, None, None)
    world.database.run(rest_series, None, None, 99)


async def test_three_alarm_clocks_after_an_outage(world: World, clock: Clock) -> None:
    """Open Food Network's job looks one hour back: after a longer outage nothing happened, and nobody knew."""
    at(world, clock, 2026, 3, 30, 1, 30)
    await asyncio.gather(*(AlarmClock(world.database).run_due() for _ in range(3)))
    assert [(row.phase, row.opens_at.isoformat()) for row in rows(world, Round)[1:]] == [
        ("open", "2026-03-30T01:00:00+00:00")
    ]
    assert [(str(row.day), row.state) for row in rows(world, SeriesOccurrence)] == [
        ("2026-03-02", "made"), ("2026-03-09", "missed"), ("2026-03-16", "missed"), ("2026-03-23", "missed"),
        ("2026-03-30", "made"),
    ]  # fmt: skip
    told = [row.facts["missed"] for row in rows(world, Notice) if row.kind == "series_missed"]
    assert told == [[["2026-03-09", "late"], ["2026-03-16", "late"], ["2026-03-23", "late"]]]


def test_the_preview_is_what_is_made(world: World, clock: Clock) -> None:
    act(world, set_series, 1, "country", None)
    act(world, decide_date, 1, date(2026, 4, 6), "later")
    act(world, decide_date, 1, date(2026, 3, 23), "skip")
    with Session(world.database.engine) as session:
        series = session.exec(select(Series)).one()
        preview = list(islice(upcoming(Work(session, clock()), series), 8))
    wanted = [plan.opens_at.isoformat() for plan in preview if not plan.skipped]
    assert "2026-04-07T01:00:00+00:00" in wanted, "the day after the holiday"
    while clock() < preview[-1].opens_at:
        clock.pass_time(hours=12)
        look(world)
    assert openings(world)[: len(wanted)] == wanted


def test_local_times_hold_across_the_clock_change_and_are_stored_in_utc(database: Database, clock: Clock) -> None:
    world = make(database, zone="Europe/Berlin", currency="EUR")
    for _ in range(5 * 7 * 2):
        clock.pass_time(hours=12)
        look(world)
    assert openings(world) == [
        "2026-03-09T01:00:00+00:00", "2026-03-16T01:00:00+00:00", "2026-03-23T01:00:00+00:00",
        "2026-03-30T00:00:00+00:00", "2026-04-06T00:00:00+00:00",
    ]  # fmt: skip


@pytest.fixture
def server_in_new_york() -> Iterator[None]:
    """The server's own clock is far from the enterprise's."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.usefixtures("server_in_new_york")
def test_the_servers_zone_does_not_matter(database: Database, clock: Clock) -> None:
    """Open Food Network #6108, foodsoft #436: the server's zone moved opening hours."""
    world = make(database)
    at(world, clock, 2026, 3, 8, 0, 59)
    assert not look(world)
    at(world, clock, 2026, 3, 8, 1, 0)
    assert look(world)
    assert openings(world) == ["2026-03-09T01:00:00+00:00"]
    assert str(rows(world, Round)[1].delivers_on) == "2026-03-13"


def test_a_date_that_the_clocks_swallow_is_told_and_never_silent(database: Database, clock: Clock) -> None:
    """GASdotto #188: an invalid date silently never opened."""
    world = make(database, zone="Europe/Berlin")
    act(world, ask_series, 1, "often")
    act(world, type_series, "29.3.2026, 30.3.2026")
    act(world, set_series, 1, "closes", 1410)
    act(world, set_series, 1, "opens", 125)
    act(world, set_series, 1, "closes", 170)
    shown = act(world, read_series, 1).dates[0]
    assert not shown.possible
    at(world, clock, 2026, 3, 28, 12, 0)
    look(world)
    (told,) = [row.facts["missed"] for row in rows(world, Notice) if row.kind == "series_missed"]
    assert told == [["2026-03-29", "impossible"]]
    at(world, clock, 2026, 3, 29, 3, 0)
    look(world)
    assert openings(world) == ["2026-03-30T00:05:00+00:00"]


def test_nothing_left_to_sell_is_told(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        for product in session.exec(select(Product)):
            product.retired_at = clock()
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    assert openings(world) == []
    assert [row.facts["missed"] for row in rows(world, Notice) if row.kind == "series_missed"] == [
        [["2026-03-09", "no_products"]]
    ]
