"""Nudges reach exactly those who would lose units; what they propose saves them; the last missing units go to one."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from random import Random

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Member, Notice, Order, OrderLine, Round
from rules.refusal import Refusal
from services.close_round import close_due_round
from services.database import Database
from services.due_rounds import due_to_close, next_due
from services.me import leave
from services.nudges import Nudge, read_nudge
from services.place_order import place_order
from services.remind_members import remind_members
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_offer

PEOPLE = tuple(f"员工{n}" for n in range(8))


def make(database: Database, **terms: object) -> World:
    """Oranges in fours, tea from 6 on, and plums of a supplier who delivers from ¥150 on."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(PEOPLE, 2):
        add_member(world, name, n)
    add_supplier(world, "白帝")
    add_supplier(world, "云上", minimum_value_minor=15000)
    add_product(world, "白帝", "脐橙", 4990, case_size=4)
    add_product(world, "白帝", "茶", 9800, minimum_units=6)
    add_product(world, "云上", "脆李", 5880)
    open_round(world, "王芳", reminds_hours_before=2, **terms)
    return world


def scatter(world: World, clock: Clock, seed: int, *, refusable: bool = False) -> None:
    """Random wishes with tolerance."""
    random = Random(seed)
    for _ in range(random.randint(3, 16)):
        product, quantity = random.choice([*world.offers]), random.randint(0, 4)
        more = random.choice((0, 0, 1, 2)) if quantity and product in ("脐橙", "茶") else 0
        actor = world.actor(random.choice(PEOPLE))
        with suppress(Refusal) if refusable else nullcontext():
            world.database.run(place_order, actor, None, world.offers[product], quantity, more)
        clock.pass_time(seconds=30)


def nudged(world: World) -> set[str]:
    """Who is owed a nudge."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name)
            .join(Notice, col(Notice.person_id) == Member.person_id)
            .where(Notice.kind == "nudge", Notice.state == "due")
        )
        return set(rows)


def losers(world: World) -> set[str]:
    """Who received less than wished."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
            .where(Allotment.units < OrderLine.firm)
        )
        return set(rows)


def nudge_of(world: World, name: str) -> Nudge | None:
    """What a member would be told now."""
    member_id = world.actor(name).member_id or 0

    def read(work: Work) -> Nudge | None:
        return read_nudge(work, work.session.get_one(Round, 1), member_id)

    return world.database.run(read, None, None)


@pytest.mark.parametrize("seed", range(10))
def test_exactly_those_who_would_lose_units_are_nudged(database: Database, clock: Clock, seed: int) -> None:
    world = make(database)
    scatter(world, clock, seed)
    clock.pass_time(hours=23)
    assert world.database.run(remind_members, None, None, 1)
    clock.pass_time(hours=2)
    assert world.database.run(close_due_round, None, None, 1)
    assert nudged(world) == losers(world)


@pytest.mark.parametrize("seed", range(10))
def test_ordering_what_a_nudge_proposes_saves_the_line(database: Database, clock: Clock, seed: int) -> None:
    """Whoever takes the proposed units loses nothing of that line any more."""
    world = make(database)
    scatter(world, clock, seed)
    for name in PEOPLE:
        for line in nudge.lines if (nudge := nudge_of(world, name)) else ():
            assert line.may_add == line.missing
            wish = (line.offer_id, line.wished + line.missing, line.tolerance)
            world.database.run(place_order, world.actor(name), None, *wish)
            again = nudge_of(world, name)
            assert line.offer_id not in [one.offer_id for one in (again.lines if again else ())]


@pytest.mark.parametrize(("units", "case_only"), [(11, True), (3, False)])
def test_a_nudge_tells_a_case_from_a_minimum(database: Database, clock: Clock, units: int, case_only: bool) -> None:
    """In cases of four, from 6 on."""
    world = make(database)
    set_offer(world, "脐橙", minimum_units=6)
    world.places("员工0", "脐橙", units - 1)
    clock.pass_time(minutes=1)
    world.places("员工1", "脐橙", 1)
    nudge = nudge_of(world, "员工1")
    assert nudge is not None
    assert [(line.would_get, line.case_only) for line in nudge.lines] == [(0, case_only)]


def test_who_has_left_is_not_nudged(database: Database, clock: Clock) -> None:
    world = make(database)
    world.places("员工0", "脐橙", 3)
    world.places("员工1", "茶", 1)
    world.database.run(leave, world.actor("员工0"), None)
    clock.pass_time(hours=22)
    world.database.run(remind_members, None, None, 1)
    assert nudged(world) == {"员工1"}


def test_a_reminder_that_comes_after_the_close_says_nothing(database: Database, clock: Clock) -> None:
    """Nobody was there at the reminder's time nor at the close: the completion phase has its own call."""
    world = make(database, completion_hours=2)
    world.places("员工0", "脐橙", 3)
    clock.pass_time(hours=25)
    assert world.database.run(close_due_round, None, None, 1)
    assert world.database.run(remind_members, None, None, 1)
    assert nudged(world) == set()


def test_the_last_missing_units_go_to_one_of_many(database: Database, clock: Clock) -> None:
    """3 of 4 oranges: one more is missing in the completion phase, and eight people want it at the same time."""
    world = make(database, completion_hours=2)
    world.places("王芳", "脐橙", 3)
    clock.pass_time(hours=24)
    world.database.run(close_due_round, None, None, 1)
    assert world.database.run(due_to_close, None, None) == []
    actors = [world.actor(name) for name in PEOPLE]

    def wants(n: int) -> str:
        try:
            world.database.run(place_order, actors[n], None, world.offers["脐橙"], 1)
        except Refusal as no:
            return no.code
        return "had"

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        said = list(pool.map(wants, range(len(PEOPLE))))
    assert sorted(said) == ["completing_only"] * 7 + ["had"]
    assert sum(world.wished("脐橙").values()) == 4
    assert world.database.run(due_to_close, None, None) == [1], "nothing is missing any more"
    assert world.database.run(next_due, None, None) == clock()


def test_a_unit_taken_back_in_time_keeps_the_completion_phase_going(database: Database, clock: Clock) -> None:
    world = make(database, completion_hours=2)
    world.places("王芳", "脐橙", 3)
    clock.pass_time(hours=24)
    world.database.run(close_due_round, None, None, 1)
    clock.pass_time(minutes=1)
    world.places("员工0", "脐橙", 1)
    world.places("员工0", "脐橙", 0)
    assert not world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        found = session.exec(select(Round)).one()
        assert (found.phase, found.closed_at) == ("open", None)
    clock.pass_time(hours=2)
    assert world.database.run(close_due_round, None, None, 1)
