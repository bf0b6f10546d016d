"""There is less of an offer, or nothing any more: whose units go, who is asked, who is told."""

import pytest
from sqlmodel import Session

from models import Offer
from rules.refusal import Refusal
from services.database import Database
from services.offer_changes import NO_LIMIT
from services.withdraw_offer import restore_offer, withdraw_offer
from tests.clock import Clock
from tests.services.changing import (
    answers,
    change,
    charged,
    closes,
    consent_of,
    decide_what_is_due,
    make,
    owed,
    refused,
)
from tests.world import World


@pytest.fixture
def world(database: Database) -> World:
    """The usual one."""
    return make(database)


def test_less_stock_than_wished_lowers_the_newest_and_asks(world: World, clock: Clock) -> None:
    """3, 2 and 2 of 7 oranges, oldest first; 4 are left: 甲 has all 3, 乙 one of 2, 丙 nothing."""
    for name, units in (("甲", 3), ("乙", 2), ("丙", 2)):
        world.places(name, "脐橙", units)
        clock.pass_time(minutes=1)
    effect = change(world, "stock", 4)
    assert (effect.asked, effect.dropped) == (1, 1)
    assert world.wished("脐橙") == {"甲": 3, "乙": 1}
    assert owed(world, "consent") == ["乙"]
    assert owed(world, "line_dropped") == ["丙"]
    with pytest.raises(Refusal, match="over_stock"):
        world.places("丙", "脐橙", 1)
    answers(world, "乙", True)
    closes(world, clock)
    assert charged(world) == {"甲": 3000, "乙": 1000}


def test_a_part_of_a_line_that_nobody_wants_is_free_again(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 3)
    change(world, "stock", 2)
    clock.pass_time(hours=24)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {}
    world.places("乙", "脐橙", 2)
    assert world.wished("脐橙") == {"乙": 2}


def test_less_stock_twice_asks_once(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 5)
    change(world, "stock", 3)
    first = consent_of(world, "甲")
    change(world, "stock", 2)
    assert refused(world, "甲", True, first) == "change_replaced"
    answers(world, "甲", True)
    change(world, "stock", NO_LIMIT)
    world.places("乙", "脐橙", 9)
    closes(world, clock)
    assert charged(world) == {"甲": 2000, "乙": 9000}


def test_stock_by_the_fair_strategy_and_tolerance_goes_first(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["脐橙"]).strategy = "fair"
    world.places("甲", "脐橙", 4)
    clock.pass_time(minutes=1)
    world.places("乙", "脐橙", 2)
    change(world, "stock", 6)
    assert owed(world, "consent") == []
    change(world, "stock", 3)
    assert world.wished("脐橙") == {"甲": 2, "乙": 1}


def test_a_lower_cap_takes_nothing_away(world: World) -> None:
    world.places("甲", "脐橙", 3)
    assert change(world, "cap", 2).over_cap == 1
    assert world.wished("脐橙") == {"甲": 3}
    with pytest.raises(Refusal, match="over_member_cap"):
        world.places("甲", "脐橙", 4)
    world.places("甲", "脐橙", 2)
    assert change(world, "cap", 0).after is None
    world.places("甲", "脐橙", 9)


def test_withdrawn_and_offered_again(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    world.places("乙", "脐橙", 1)
    world.places("乙", "脐橙", 0)
    change(world, "price", 1200)
    for _ in range(2):
        world.database.run(withdraw_offer, world.actor("王芳"), None, world.offers["脐橙"])
    assert world.wished("脐橙") == {}
    assert owed(world, "line_dropped") == ["甲"]
    with pytest.raises(Refusal, match="offer_withdrawn"):
        world.places("甲", "脐橙", 1)
    clock.pass_time(hours=1)
    for _ in range(2):
        world.database.run(restore_offer, world.actor("王芳"), None, world.offers["脐橙"])
    assert owed(world, "offer_back") == ["甲"]
    world.places("甲", "脐橙", 2)
    closes(world, clock)
    assert charged(world) == {"甲": 2400}
