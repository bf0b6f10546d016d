"""What a card says is missing, checked by hand: each number is what would really be decided."""

from typing import Any

import pytest
from sqlmodel import Session, select

from models import Offer, RoundSupplier
from rules.hints import CheaperFrom
from services.card_view import CardOffer
from services.database import Database
from services.place_order import place_order
from services.read_card import read_card
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 coordinates; 李 and 赵 order from a supplier who wants 1,000 yuan at least."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 2)
    add_member(world, "赵雪", 3)
    add_supplier(world, "白帝", minimum_value_minor=100_000)
    return world


def opened(world: World, **terms: Any) -> int:
    """A round with oranges at 68 yuan on these terms."""
    add_product(world, "白帝", "脐橙", 6800, **terms)
    return open_round(world, "王芳")


def wishes(world: World, name: str, quantity: int, tolerance: int = 0) -> None:
    """A wish with tolerance."""
    world.database.run(place_order, world.actor(name), None, world.offers["脐橙"], quantity, tolerance)


def seen(world: World, round_id: int, name: str = "李敏") -> CardOffer:
    """The oranges on somebody's card."""
    return world.database.run(read_card, world.actor(name), None, round_id).offers[0]


def change(world: World, **values: object) -> None:
    """The coordinator changes the oranges of the open round."""
    with Session(world.database.engine) as session, session.begin():
        offer = session.get_one(Offer, world.offers["脐橙"])
        for name, value in values.items():
            setattr(offer, name, value)


def test_units_to_the_next_case(world: World) -> None:
    round_id = opened(world, case_size=4)
    assert seen(world, round_id).missing == 0, "nobody has ordered: nothing is missing"
    wishes(world, "李敏", 3)
    assert seen(world, round_id).missing == 1
    wishes(world, "赵雪", 2, 1)
    assert seen(world, round_id).missing == 2, "5 wished and 1 more if needed: 2 make 8"
    wishes(world, "赵雪", 1, 1)
    assert seen(world, round_id).missing == 0


def test_units_to_the_minimum_come_in_whole_cases_and_count_tolerance(world: World) -> None:
    round_id = opened(world, case_size=4, minimum_units=10)
    wishes(world, "李敏", 6)
    wishes(world, "赵雪", 2, 1)
    offer = seen(world, round_id)
    assert (offer.minimum, offer.missing) == (12, 3), "10 are three cases; 8 wished and 1 more if needed"


def test_a_waived_minimum_is_none(world: World) -> None:
    round_id = opened(world, case_size=4, minimum_units=10)
    wishes(world, "李敏", 6)
    change(world, minimum_waived=True)
    offer = seen(world, round_id)
    assert (offer.minimum, offer.missing) == (0, 2)


def test_twelve_more_and_everyone_pays_64_instead_of_68(world: World) -> None:
    round_id = opened(world, tiers=[[20, 6400], [40, 6000]])
    wishes(world, "李敏", 8)
    assert seen(world, round_id).cheaper == CheaperFrom(12, 6400, 6800)
    wishes(world, "赵雪", 15)
    assert seen(world, round_id).cheaper == CheaperFrom(17, 6000, 6400)


def test_a_tier_counts_whole_cases_and_tolerance(world: World) -> None:
    round_id = opened(world, case_size=6, tiers=[[20, 6400]])
    wishes(world, "李敏", 18)
    assert seen(world, round_id).cheaper == CheaperFrom(6, 6400, 6800), "20 wishes would be three cases, 18 boxes"
    wishes(world, "赵雪", 1, 2)
    assert seen(world, round_id).cheaper == CheaperFrom(3, 6400, 6800), "22 with 2 more if needed are four cases"
    change(world, case_policy="house")
    assert seen(world, round_id).cheaper is None, "the enterprise fills the fourth case: 24 are ordered already"


def test_what_the_stock_does_not_allow_is_not_promised(world: World) -> None:
    round_id = opened(world, case_size=6, stock_units=10, tiers=[[12, 6400]])
    wishes(world, "李敏", 8)
    offer = seen(world, round_id)
    assert (offer.left, offer.missing, offer.cheaper) == (2, 0, None)


@pytest.mark.parametrize(
    ("terms", "firm", "tolerance", "missing"),
    [
        ({}, 5, 0, 100_000 - 5 * 6800),
        ({"case_size": 4}, 5, 1, 100_000 - 4 * 6800),  # the fifth box would fall away
        ({"case_size": 4}, 5, 3, 100_000 - 8 * 6800),
        ({"case_size": 4, "case_policy": "house"}, 5, 0, 100_000 - 8 * 6800),
        ({"minimum_units": 8}, 5, 0, 0),  # it would not be ordered at all: its own minimum is what lacks
        ({"minimum_units": 8, "minimum_waived": True}, 5, 0, 100_000 - 5 * 6800),
        ({"tiers": [[5, 6400]]}, 5, 0, 100_000 - 5 * 6800),  # a supplier's minimum is measured without tiers
        ({}, 15, 0, 0),
    ],
)
def test_money_to_the_suppliers_minimum(
    world: World, terms: dict[str, Any], firm: int, tolerance: int, missing: int
) -> None:
    round_id = opened(world, **({"case_size": terms["case_size"]} if "case_size" in terms else {}))
    wishes(world, "李敏", firm, tolerance)
    change(world, **terms)
    assert seen(world, round_id, "赵雪").supplier_missing == missing


def test_nobody_is_told_of_a_minimum_before_anybody_orders_or_once_it_is_waived(world: World) -> None:
    round_id = opened(world)
    assert seen(world, round_id).supplier_missing == 0
    wishes(world, "李敏", 1)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(RoundSupplier)).one().minimum_waived = True
    assert seen(world, round_id).supplier_missing == 0
