"""After a closing: a substitute is asked of whoever answers for an order, and a delivery day is one that is near."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from models import Allotment, JournalEntry, OrderLine, PurchaseOrder
from rules.refusal import Refusal
from services.answer_change import answer_change
from services.answer_purchase_order import change_delivery_day
from services.close_round import close_now
from services.database import Database
from services.due_changes import decide_due_change
from services.me import leave
from services.offer_substitute import offer_substitute
from services.withdraw_orders import keep_order
from tests.clock import Clock
from tests.services.changing import consent_of, owed
from tests.services.test_leaving import member_id, order_of
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """A closed round with oranges for 甲 and 丙, who have left; 乙 collects for 甲, nobody for 丙."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳")
    add_product(world, "白帝", "蜜柚", 900)
    for name in ("甲", "丙"):
        world.places(name, "脐橙", 2)
    world.database.run(close_now, world.actor("王芳"), None, 1)
    for name in ("甲", "丙"):
        world.database.run(leave, world.actor(name), None)
    world.database.run(keep_order, world.actor("王芳"), None, order_of(world, "甲").id or 0, member_id(world, "乙"))
    return world


def test_whoever_collects_is_asked_and_answers(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session:
        row = session.exec(select(PurchaseOrder)).one()
    oranges, pomelos = world.offers["脐橙"], world.products["蜜柚"]
    world.database.run(offer_substitute, world.actor("老向"), None, row.id or 0, row.revision, oranges, pomelos)
    assert owed(world, "consent") == ["乙"], "nobody who has left is asked what only another may answer"
    world.database.run(answer_change, world.actor("乙"), None, consent_of(world, "甲"), True)
    clock.pass_time(hours=25)
    assert world.database.run(decide_due_change, None, None, 1)
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(OrderLine.offer_id, Allotment.units).join(Allotment, col(Allotment.line_id) == OrderLine.id)
        ).all()
        assert {(offer_id, units) for offer_id, units in rows if units} == {(max(offer for offer, _ in rows), 2)}
        said = session.exec(select(JournalEntry.facts).where(JournalEntry.what == "substitute_decided")).one()
        assert said["kept"] == 1


@pytest.mark.parametrize(("day", "code"), [(date(2020, 1, 1), "day_in_past"), (date(9999, 12, 31), "moment_too_far")])
def test_a_delivery_day_is_ahead_and_within_a_year(world: World, day: date, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        world.database.run(change_delivery_day, world.actor("老向"), None, 1, 1, day)
    with Session(world.database.engine) as session:
        assert session.exec(select(PurchaseOrder.delivers_on)).one() is None
