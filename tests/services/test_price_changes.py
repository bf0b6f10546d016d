"""A price that rises and falls in an open round: what a line promised, and what it is asked."""

import pytest
from sqlmodel import Session

from models import Consent, Offer
from services.database import Database
from services.understand_order import order_by_text
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
    promised,
    refused,
)
from tests.world import World


@pytest.fixture
def world(database: Database) -> World:
    """The usual one."""
    return make(database)


def test_two_rises_in_a_row_are_one_question(world: World, clock: Clock) -> None:
    """10 → 12 → 13: the older question is replaced; the newer one compares with what was promised."""
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    first = consent_of(world, "甲")
    change(world, "price", 1300)
    assert refused(world, "甲", True, first) == "change_replaced"
    with Session(world.database.engine) as session:
        assert session.get_one(Consent, consent_of(world, "甲")).agreed == 1000
    answers(world, "甲", True)
    closes(world, clock)
    assert charged(world) == {"甲": 1300}


def test_a_rise_that_is_taken_back(world: World, clock: Clock) -> None:
    """10 → 12 → 10: whoever kept pays 10 again, whoever dropped or was silent stays; all are told."""
    for name in ("甲", "乙", "丙"):
        world.places(name, "脐橙", 1)
    change(world, "price", 1200)
    answers(world, "甲", True)
    answers(world, "乙", False)
    effect = change(world, "price", 1000)
    assert (effect.asked, effect.told) == (0, 3)
    assert owed(world, "offer_better") == ["甲", "乙", "丙"]
    closes(world, clock)
    assert charged(world) == {"甲": 1000, "乙": 1000, "丙": 1000}


def test_after_a_yes_a_smaller_rise_is_good_news(world: World) -> None:
    """10 → 13 → 12: 甲 agreed to 13 and gains; 乙 has agreed to nothing and is asked again."""
    world.places("甲", "脐橙", 1)
    world.places("乙", "脐橙", 1)
    change(world, "price", 1300)
    answers(world, "甲", True)
    effect = change(world, "price", 1200)
    assert (effect.asked, effect.told) == (1, 1)
    assert promised(world) == {"甲": 1200, "乙": 1000}
    assert owed(world, "offer_better") == ["甲"]


def test_cheaper_is_cheaper_at_once(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    effect = change(world, "price", 900)
    assert (effect.asked, effect.told) == (0, 1)
    assert owed(world, "consent") == []
    assert owed(world, "offer_better") == ["甲"]
    closes(world, clock)
    assert charged(world) == {"甲": 1800}


def test_tiers_that_are_no_cheaper_end_with_a_lower_price(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["脐橙"]).tiers = [[10, 900], [20, 800]]
    effect = change(world, "price", 850)
    assert (effect.tiers_gone, effect.tiers) == (((10, 900),), ((20, 800),))
    with Session(world.database.engine) as session:
        assert session.get_one(Offer, world.offers["脐橙"]).tiers == [[20, 800]]
    assert change(world, "price", 1500).tiers == ((20, 800),)


def test_a_text_that_comes_again_after_its_line_fell_away_orders_nothing(world: World, clock: Clock) -> None:
    """10 → 12 is asked. 甲 types `脐橙 2` instead of 3, which is no answer. The process dies before it has confirmed
    that; when it starts again, the time to answer is up, and the line falls away before the text comes again."""
    run, actor = world.database.run, world.actor("甲")
    run(order_by_text, actor, 9, "脐橙 3")
    change(world, "price", 1200)
    run(order_by_text, actor, 10, "脐橙 2")
    assert promised(world) == {"甲": 1000}
    clock.pass_time(hours=24.1)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {}
    run(order_by_text, actor, 10, "脐橙 2")
    assert (world.wished("脐橙"), promised(world)) == ({}, {})
    run(order_by_text, actor, 11, "脐橙 2")
    assert promised(world) == {"甲": 1200}
