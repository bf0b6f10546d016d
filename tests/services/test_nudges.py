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
from services.nudges import AtRisk, Nudge, read_call, read_nudge
from services.offer_changes import change_offer
from services.place_order import place_order
from services.remind_members import remind_members
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_limit, set_offer

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


def test_a_call_proposes_two_offers_of_a_supplier_and_nothing_that_is_fine(database: Database) -> None:
    world = make(database)
    add_product(world, "云上", "梨", 3000)
    add_product(world, "云上", "枣", 2000)
    open_round(world, "王芳")
    for product, units in (("脐橙", 4), ("茶", 2), ("脆李", 1)):
        world.places("员工0", product, units)
    member_id = world.actor("员工1").member_id or 0

    def read(work: Work) -> Nudge | None:
        return read_call(work, work.session.get_one(Round, 2), member_id)

    call = world.database.run(read, None, None)
    assert call is not None
    assert [(line.name_zh, line.missing, line.missing_value) for line in call.lines] == [
        ("茶", 4, 0),
        ("脆李", 2, 9120),
        ("梨", 4, 9120),
    ]
    assert [(one.name_zh, one.missing, one.minimum) for one in call.suppliers] == [("云上", 9120, 15000)]


def limited(world: World, random: Random) -> None:
    """Some limits at random: of an order's value, of units for a member, of what there is."""
    set_limit(world, random.choice((None, 15000, 30000)))
    for product in world.offers:
        set_offer(world, product, member_cap=random.choice((None, 4, 6)), stock_units=random.choice((None, 12, 20)))


def refused(world: World, name: str, *wish: int) -> str:
    """The code of the refusal of a wish; empty if it is had."""
    try:
        world.database.run(place_order, world.actor(name), None, *wish)
    except Refusal as no:
        return no.code
    return ""


def offered(world: World, name: str, call: bool) -> tuple[AtRisk, ...]:
    """The lines of what a member would be told now."""
    member_id = world.actor(name).member_id or 0

    def read(work: Work) -> Nudge | None:
        return (read_call if call else read_nudge)(work, work.session.get_one(Round, 1), member_id)

    nudge = world.database.run(read, None, None)
    return nudge.lines if nudge else ()


def buttons(line: AtRisk) -> list[tuple[int, int, int]]:
    """The wishes that the message offers: what may be added, firm or only if it is needed."""
    firm = (line.offer_id, line.wished + line.may_add, line.tolerance)
    only_if_needed = (line.offer_id, line.wished, line.tolerance + line.may_add)
    return [firm, only_if_needed] if line.wished and not line.missing_value else [firm]


@pytest.mark.parametrize("completing", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_offered_is_never_refused(database: Database, clock: Clock, seed: int, completing: bool) -> None:
    """Limits of every kind; and where less than the missing units is offered, all of those would be refused."""
    world = make(database, completion_hours=2)
    limited(world, Random(seed))
    scatter(world, clock, seed, refusable=True)
    if completing:
        clock.pass_time(hours=24)
        world.database.run(close_due_round, None, None, 1)
    for name in PEOPLE:
        for line in offered(world, name, completing):
            whole = (line.offer_id, line.wished + line.missing, line.tolerance)
            assert line.may_add == line.missing or refused(world, name, *whole)
            as_before = (line.offer_id, line.wished, line.tolerance)
            for wish in buttons(line):
                assert not refused(world, name, *wish)
                world.database.run(place_order, world.actor(name), None, *as_before)


def test_the_limit_of_an_order_counts_its_other_lines(database: Database, clock: Clock) -> None:
    """1 tea and 2 oranges are ¥197.80: with ¥400 all 3 missing oranges can be added, but only 2 of 5 tins of tea."""
    world = make(database)
    set_limit(world, 40000)
    world.places("员工1", "脐橙", 3)
    clock.pass_time(minutes=1)
    world.places("员工0", "脐橙", 2)
    world.places("员工0", "茶", 1)
    assert {line.name_zh: (line.missing, line.may_add) for line in offered(world, "员工0", False)} == {
        "脐橙": (3, 3),
        "茶": (5, 2),
    }
    set_limit(world, 29000)
    assert {line.name_zh: line.may_add for line in offered(world, "员工0", False)} == {"脐橙": 1, "茶": 0}


def test_of_a_suppliers_minimum_only_whole_cases_are_offered(database: Database) -> None:
    """¥91.20 are missing to 云上's minimum, 2 cases of four at ¥20 each: a cap of 7 leaves room for one case."""
    world = make(database)
    add_product(world, "云上", "枣", 2000, case_size=4)
    open_round(world, "王芳")
    world.places("员工0", "脆李", 1)
    for cap, missing, may_add in ((None, 8, 8), (7, 8, 4), (3, 8, 0)):
        set_offer(world, "枣", member_cap=cap)
        member_id = world.actor("员工1").member_id or 0

        def read(work: Work, member_id: int = member_id) -> Nudge | None:
            return read_call(work, work.session.get_one(Round, 2), member_id)

        call = world.database.run(read, None, None)
        assert call is not None
        lines = {line.name_zh: (line.missing, line.may_add) for line in call.lines}
        assert lines.get("枣", (missing, 0)) == (missing, may_add)


def test_who_is_asked_about_a_change_answers_before_adding(database: Database) -> None:
    world = make(database)
    world.places("员工0", "茶", 2)
    world.database.run(change_offer, world.actor("王芳"), None, world.offers["茶"], "price", 10900)
    assert [(line.missing, line.may_add) for line in offered(world, "员工0", False)] == [(4, 0)]
    assert refused(world, "员工0", world.offers["茶"], 3) == "answer_first"
