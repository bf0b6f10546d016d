"""Units that the house bears are no members' units without a pickup point; on SQLite and PostgreSQL."""

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from models import HOUSE, Order, PurchaseOrder, PurchaseOrderLine
from services.answer_purchase_order import accept_purchase_order
from services.close_round import close_due_round
from services.correct_round import correct_line
from services.database import Database
from services.read_purchase_order import PurchaseOrderView, purchase_order_view
from services.work import Work
from tests.clock import Clock
from tests.services.test_leaving import member_id
from tests.services.test_migrations import go
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_offer


@pytest.fixture
def world(database: Database) -> World:
    """Oranges in cases of 4, which the enterprise fills, and tea packed singly: 甲 orders 5 and 2, 乙 1 orange."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "甲", 2)
    add_member(world, "乙", 3)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990, case_size=4)
    add_product(world, "白帝", "茶", 9800)
    open_round(world, "王芳")
    set_offer(world, "脐橙", case_policy="house")
    world.places("甲", "脐橙", 5)
    world.places("甲", "茶", 2)
    world.places("乙", "脐橙", 1)
    return world


def without_point(world: World, name: str) -> None:
    """Somebody's order has no pickup point."""
    with Session(world.database.engine) as session, session.begin():
        session.execute(
            update(Order).where(col(Order.member_id) == member_id(world, name)).values(pickup_point_id=None)
        )


def closed(world: World, clock: Clock) -> None:
    """The round's time is up."""
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)


def view(world: World) -> PurchaseOrderView:
    """The only purchase order."""

    def read(work: Work) -> PurchaseOrderView:
        return purchase_order_view(work, work.session.exec(select(PurchaseOrder)).one())

    return world.database.run(read, None, None)


def places(world: World) -> list[dict[object, int]]:
    """For each product: units by place."""
    return [dict(product.by_point) for product in view(world).products]


def test_the_house_and_members_without_a_point_are_two(world: World, clock: Clock) -> None:
    without_point(world, "乙")
    closed(world, clock)
    gate = world.points["北门"]
    assert places(world) == [{gate: 5, None: 1, HOUSE: 2}, {gate: 2}]
    assert [place for place, _, _ in view(world).points] == [gate, None, HOUSE]
    assert view(world).house_fills_cases


def test_a_revision_says_how_many_the_house_had_before(world: World, clock: Clock) -> None:
    without_point(world, "乙")
    closed(world, clock)
    world.database.run(accept_purchase_order, world.actor("老向"), None, 1, 1)
    oranges = (world.offers["脐橙"], member_id(world, "甲"), True)
    world.database.run(correct_line, world.actor("王芳"), None, *oranges, 5)
    assert view(world).revision == 1, "nothing differs"
    world.database.run(correct_line, world.actor("王芳"), None, *oranges, 6)
    gate, product = world.points["北门"], view(world).products[0]
    assert (view(world).revision, product.before, product.units) == (2, 8, 8)
    assert dict(product.before_by_point) == {gate: 5, None: 1, HOUSE: 2}
    assert dict(product.by_point) == {gate: 6, None: 1, HOUSE: 1}


def test_units_refused_by_hand_fill_no_case(world: World, clock: Clock) -> None:
    closed(world, clock)
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["茶"], member_id(world, "甲"), False, 1)
    assert places(world)[1] == {world.points["北门"]: 1, HOUSE: 1}
    assert not view(world).house_fills_cases


@pytest.mark.parametrize("everybody", [True, False])
def test_orders_of_before_are_told_apart_where_that_is_certain(world: World, clock: Clock, everybody: bool) -> None:
    """Where somebody has no pickup point, an older line may be of both, and stays as it was sent."""
    if not everybody:
        without_point(world, "乙")
    closed(world, clock)
    for revision, direction in (("0004", "down"), ("head", "up")):
        go(world.database, revision, direction)
    with Session(world.database.engine) as session:
        lines = session.exec(select(PurchaseOrderLine).where(col(PurchaseOrderLine.pickup_point_id).is_(None))).all()
        assert {line.place for line in lines} == {HOUSE if everybody else None}
        pointed = select(PurchaseOrderLine).where(col(PurchaseOrderLine.pickup_point_id).is_not(None))
        assert not any(line.house for line in session.exec(pointed))
