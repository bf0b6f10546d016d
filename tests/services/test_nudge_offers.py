"""What a nudge or a call offers can be had: within every limit, in whole cases, after what was asked before."""

from random import Random

import pytest

from models import Round
from rules.refusal import Refusal
from services.close_round import close_due_round
from services.database import Database
from services.nudges import AtRisk, Nudge, read_call, read_nudge
from services.offer_changes import change_offer
from services.place_order import place_order
from services.work import Work
from tests.clock import Clock
from tests.services.test_nudges import PEOPLE, make, scatter
from tests.world import World, add_product, open_round, set_limit, set_offer


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
