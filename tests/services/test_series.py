"""Rounds of a series are made once, whoever looks, how often, how late; on SQLite and PostgreSQL."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from models import Member, Notice, Offer, PickupPoint, Product, Round, RoundPickupPoint, Series, SeriesOccurrence
from rules.refusal import Refusal
from scheduler.clock import AlarmClock
from scheduler.table import next_moment
from services import due_series as making
from services.database import Database
from services.decide_date import decide_date, read_date
from services.due_rounds import due_to_open
from services.due_series import due_series, make_due_rounds, rest_series
from services.make_series import make_series, set_series_phase
from services.open_round import open_due_round
from services.read_series import list_series, read_series
from services.series import upcoming
from services.series_settings import ask_series, set_series, type_series
from services.series_template import take_newest, toggle_series_point, toggle_series_product
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

MONDAY = date(2026, 3, 9)


def make(database: Database, **enterprise: object) -> World:
    """An enterprise with a weekly series that runs: Mondays 9:00 in Chongqing, until Tuesdays 9:00."""
    world = make_world(database, **enterprise)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    add_product(world, "白帝", "茶", 9800)
    round_id = open_round(world, "王芳")
    act(world, make_series, round_id)
    act(world, set_series_phase, 1, "running")
    return world


@pytest.fixture
def world(database: Database) -> World:
    """The usual one."""
    return make(database)


def act(world: World, use_case: Callable[..., Any], *args: Any, who: str = "王芳") -> Any:
    """Somebody does something."""
    return world.database.run(use_case, world.actor(who), None, *args)


def look(world: World) -> bool:
    """The creating job looks."""
    return any(
        world.database.run(make_due_rounds, None, None, id_) for id_ in world.database.run(due_series, None, None)
    )


def rows(world: World, table: type[SQLModel]) -> list[Any]:
    """All rows of a table, oldest first."""
    with Session(world.database.engine) as session:
        return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]


def openings(world: World) -> list[str]:
    """When the made rounds open."""
    return [row.opens_at.isoformat() for row in rows(world, Round)[1:]]


def at(world: World, clock: Clock, *moment: int) -> None:
    """It is this moment in UTC."""
    clock.now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]


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
        patch.setattr(making, "tell_coordinators", crash)
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


def test_the_template_is_frozen_and_prices_are_not(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        tea = session.exec(select(Product).where(Product.name_zh == "茶")).one()
        tea.price_minor, tea.case_size, tea.minimum_units = 10800, 6, 12
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    offer = rows(world, Offer)[-1]
    assert (offer.price_minor, offer.case_size, offer.minimum_units) == (10800, 1, 0)
    news = next(row for row in rows(world, Notice) if row.kind == "series_round")
    assert news.facts["prices"] == {str(offer.id): 9800}
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, offer.id).case_size = 4
        session.get_one(Product, offer.product_id).price_minor = 12000
    assert rows(world, Offer)[-1].price_minor == 10800, "the round's own price is frozen"
    act(world, take_newest, 1)
    at(world, clock, 2026, 3, 15, 1, 0)
    look(world)
    assert (rows(world, Offer)[-1].case_size, rows(world, Offer)[-1].price_minor) == (4, 12000)


def test_whoever_has_left_hands_the_rounds_to_another_coordinator(world: World, clock: Clock) -> None:
    add_member(world, "赵", 3, "coordinator")
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Member).where(Member.name == "王芳")).one().left_at = clock()
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    zhao = next(row for row in rows(world, Member) if row.name == "赵")
    assert rows(world, Round)[1].coordinator_id == zhao.id


def test_a_closed_pickup_point_is_left_out(world: World, clock: Clock) -> None:
    act(world, toggle_series_point, 1, 1, True)
    with Session(world.database.engine) as session, session.begin():
        session.add(PickupPoint(enterprise_id=world.enterprise_id, name_zh="食堂"))
        session.get_one(PickupPoint, 1).retired_at = clock()
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    with Session(world.database.engine) as session:
        points = session.exec(select(RoundPickupPoint.pickup_point_id).where(RoundPickupPoint.round_id == 2)).all()
    assert list(points) == [2], "none of its own is left, so it goes to those there are"


def test_a_change_first_makes_what_was_due_before_it(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 9, 1, 0)
    act(world, set_series, 1, "opens", 720)
    assert openings(world) == ["2026-03-09T01:00:00+00:00"]
    assert rows(world, Series)[0].next_at == datetime(2026, 3, 15, 4, tzinfo=UTC)


def test_a_date_is_decided_before_its_round_exists(world: World, clock: Clock) -> None:
    with pytest.raises(Refusal) as caught:
        act(world, decide_date, 1, MONDAY, "later")
    assert caught.value.code == "no_free_day", "nothing is wrong with that day"
    for wanted in ("skip", "keep", "skip"):
        assert act(world, decide_date, 1, MONDAY, wanted).plan.decision == wanted
    assert rows(world, Series)[0].next_day == MONDAY + timedelta(weeks=1)
    act(world, decide_date, 1, MONDAY, "keep")
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    for use_case in (decide_date, read_date):
        with pytest.raises(Refusal) as caught:
            act(world, use_case, 1, MONDAY, *(["skip"] if use_case is decide_date else []))
        assert caught.value.code == "date_passed"
    with pytest.raises(Refusal) as caught:
        act(world, decide_date, 1, MONDAY + timedelta(days=1), "skip")
    assert caught.value.code == "button_stale"


def test_a_series_needs_products_and_dates_to_run(world: World, clock: Clock) -> None:
    act(world, toggle_series_product, 1, world.products["茶"], False)
    with pytest.raises(Refusal) as caught:
        act(world, toggle_series_product, 1, world.products["脐橙"], False)
    assert caught.value.code == "series_no_products"
    act(world, set_series_phase, 1, "paused")
    act(world, ask_series, 1, "often")
    act(world, type_series, "3月5日")
    at(world, clock, 2026, 3, 6, 1, 0)
    with pytest.raises(Refusal) as caught:
        act(world, set_series_phase, 1, "running")
    assert caught.value.code == "series_no_dates"


def test_rounds_open_by_themselves_with_their_phase_claimed(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    at(world, clock, 2026, 3, 9, 1, 0)
    (round_id,) = world.database.run(due_to_open, None, None)
    assert world.database.run(open_due_round, None, None, round_id)
    assert not world.database.run(open_due_round, None, None, round_id)


def test_another_enterprise_sees_and_changes_nothing(world: World, database: Database) -> None:
    other = make_world(database, "别家")
    add_member(other, "外人", 9, "coordinator")
    before = rows(world, Series)[0].model_dump()
    for use_case, args in (
        (read_series, (1,)), (make_series, (1,)), (set_series_phase, (1, "ended")), (set_series, (1, "weeks", 2)),
        (ask_series, (1, "title")), (decide_date, (1, MONDAY, "skip")), (read_date, (1, MONDAY)), (take_newest, (1,)),
        (toggle_series_point, (1, 1, False)), (toggle_series_product, (1, 1, False)),
    ):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            act(other, use_case, *args, who="外人")
        assert caught.value.code == "not_found", use_case
    assert act(other, list_series, who="外人") == ()
    assert rows(world, Series)[0].model_dump() == before


def test_an_overlapping_series_hides_no_other(world: World, clock: Clock) -> None:
    """VOKO: overlapping rounds hid each other."""
    act(world, set_series, 1, "closes", 10 * 1440 + 1080)
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    at(world, clock, 2026, 3, 15, 1, 0)
    look(world)
    first, second = rows(world, Round)[1:]
    assert second.opens_at < first.closes_at
    assert [row.phase for row in (first, second)] == ["draft", "draft"]
