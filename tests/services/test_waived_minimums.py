"""The coordinator orders a held round although minimums were missed."""

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Offer, OrderLine, PurchaseOrder, Round, RoundSupplier
from services.close_round import close_due_round
from services.database import Database
from services.held_round import answer_held
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """白帝 wants five boxes of oranges, and ¥300 in all; a held round."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "甲", 2)
    add_supplier(world, "白帝", ("老向", 50), minimum_value_minor=30000)
    add_product(world, "白帝", "脐橙", 5000, minimum_units=5)
    add_product(world, "白帝", "茶", 8000, minimum_units=2)
    open_round(world, "王芳")
    with Session(database.engine) as session, session.begin():
        session.get_one(Round, 1).minimum_policy = "hold"
    return world


def waived(world: World) -> tuple[dict[str, bool], bool]:
    """Which offers' minimums count as none, and whether the supplier's does."""
    with Session(world.database.engine) as session:
        offers = {row.name_zh: row.minimum_waived for row in session.exec(select(Offer))}
        return offers, session.exec(select(RoundSupplier)).one().minimum_waived


def close_and_order_anyway(world: World, clock: Clock) -> dict[str, tuple[int, str]]:
    """What the offers' lines receive; everything is owed to one supplier."""
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)
    world.database.run(answer_held, world.actor("王芳"), None, 1, True)
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Offer.name_zh, Allotment.units, Allotment.reason)
            .join(OrderLine, col(OrderLine.offer_id) == Offer.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        )
        return {name: (units, reason) for name, units, reason in rows}


def test_a_waived_minimum_of_an_offer_waives_its_suppliers_too(world: World, clock: Clock) -> None:
    """Three boxes are ¥150: neither five boxes nor ¥300. "Order anyway" must order them all the same."""
    world.places("甲", "脐橙", 3)
    assert close_and_order_anyway(world, clock) == {"脐橙": (3, "full")}
    with Session(world.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).one().value_minor == 15000
    assert waived(world) == ({"脐橙": True, "茶": False}, True)


def test_only_what_was_missed_is_waived(world: World, clock: Clock) -> None:
    """Tea reaches its own minimum of two; only the supplier's value is missed."""
    world.places("甲", "茶", 3)
    assert close_and_order_anyway(world, clock) == {"茶": (3, "full")}
    assert waived(world) == ({"脐橙": False, "茶": False}, True)
