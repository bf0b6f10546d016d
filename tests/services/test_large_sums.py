"""Sums of money are larger than any price: what one member may wish must never keep a round from closing."""

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Enterprise, Order, PurchaseOrder
from rules.money import MAX_MINOR
from rules.quantities import MAX_QUANTITY
from rules.refusal import Refusal
from services.close_round import close_due_round
from services.correct_round import correct_line
from services.database import Database
from services.link_group import read_group_offer
from services.read_totals import read_totals
from services.rehearse import rehearse
from services.work import Work
from tests.clock import Clock
from tests.services.weekly import act
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

MOST = MAX_MINOR * MAX_QUANTITY


@pytest.fixture
def world(database: Database) -> World:
    """Two members who wish the most there is of the dearest there is; rupiah and dong need fewer for as much."""
    world = make_world(database)
    for n, (name, role) in enumerate({"王芳": "coordinator", "甲": "employee", "乙": "employee"}.items(), 1):
        add_member(world, name, n, role)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", MAX_MINOR)
    add_product(world, "白帝", "茶", MAX_MINOR, case_size=MAX_QUANTITY)
    open_round(world, "王芳")
    return world


def test_the_largest_sums_close_and_add_up(world: World, clock: Clock) -> None:
    for name in ("甲", "乙"):
        world.places(name, "脐橙", MAX_QUANTITY)
        world.places(name, "茶", MAX_QUANTITY)
    act(world, rehearse, 1)
    act(world, read_totals, 1)
    world.database.run(read_group_offer, None, None, 1)
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)
    act(world, correct_line, world.offers["脐橙"], 2, True, MAX_QUANTITY - 1)
    with Session(world.database.engine) as session:
        charges = session.exec(select(Allotment.charge_minor).order_by(col(Allotment.line_id))).all()
        (order,) = session.exec(select(PurchaseOrder)).all()
        first = session.exec(select(Order.first_charge_minor).order_by(col(Order.id))).all()
    assert list(charges) == [MOST - MAX_MINOR, MOST, MOST, MOST]
    assert (order.value_minor, order.first_owed_minor, list(first)) == (
        4 * MOST - MAX_MINOR,
        4 * MOST,
        [2 * MOST, None],
    )
    act(world, read_totals, 1)


def test_a_limit_on_orders_counts_them_in_full(world: World) -> None:
    world.places("甲", "脐橙", MAX_QUANTITY)
    world.database.run(_limit, None, None, world, MAX_MINOR)
    with pytest.raises(Refusal, match="over_value_limit"):
        world.places("甲", "茶", 1)


def _limit(work: Work, world: World, limit: int) -> None:
    work.session.get_one(Enterprise, world.enterprise_id).order_limit_minor = limit
