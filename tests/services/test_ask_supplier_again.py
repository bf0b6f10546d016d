"""A supplier who has declined is asked again while another has accepted; on SQLite and PostgreSQL."""

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Notice, Offer, PurchaseOrder, PurchaseOrderLine
from rules.refusal import Refusal
from services.answer_purchase_order import accept_purchase_order, accept_with_less, decline_purchase_order
from services.ask_supplier_again import ask_supplier_again
from services.correct_round import correct_line
from services.database import Database
from tests.clock import Clock
from tests.services.test_leaving import member_id
from tests.services.two_suppliers import close, two_suppliers
from tests.world import World, add_member, make_world


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """甲 4 and 乙 3 oranges of 白帝, 丙 2 tea of 云上; 云上 has accepted CB1-1-2."""
    world = two_suppliers(database)
    for name, product, units in (("甲", "脐橙", 4), ("乙", "脐橙", 3), ("丙", "茶", 2)):
        world.places(name, product, units)
    close(world, clock)
    world.database.run(accept_purchase_order, world.actor("谭姐"), None, 2, 1)
    return world


def declines(world: World, revision: int = 1) -> None:
    """白帝 declines."""
    world.database.run(decline_purchase_order, world.actor("老向"), None, 1, revision, "weather")


def asks(world: World, revision: int = 1, who: str = "王芳") -> tuple[int, bool]:
    """The coordinator asks again."""
    asked: tuple[int, bool] = world.database.run(ask_supplier_again, world.actor(who), None, 1, revision)
    return asked


def corrects(world: World, name: str, units: int) -> None:
    """The coordinator sets somebody's oranges."""
    which = (world.offers["脐橙"], member_id(world, name), True, units)
    world.database.run(correct_line, world.actor("王芳"), None, *which)


def allotments(world: World) -> list[dict[str, object]]:
    """Every allotment."""
    with Session(world.database.engine) as session:
        return [row.model_dump() for row in session.exec(select(Allotment).order_by(col(Allotment.line_id)))]


def orders(world: World) -> dict[str, tuple[str, int, int, int]]:
    """Phase, revision, units of it and value, by number."""
    with Session(world.database.engine) as session:
        rows = session.exec(select(PurchaseOrder).order_by(col(PurchaseOrder.id))).all()
        lines = session.exec(select(PurchaseOrderLine)).all()
        return {
            row.number: (
                row.phase, row.revision,
                sum(x.units for x in lines if (x.purchase_order_id, x.revision) == (row.id, row.revision)),
                row.value_minor,
            )
            for row in rows
        }  # fmt: skip


def owed(world: World, kind: str, **facts: object) -> list[dict[str, object]]:
    """The facts of the notices of a kind that say this."""
    with Session(world.database.engine) as session:
        rows = session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id))).all()
        return [row.facts for row in rows if facts.items() <= row.facts.items()]


def test_the_order_is_restated_to_that_supplier_only(world: World) -> None:
    before = allotments(world)
    declines(world)
    assert orders(world)["CB1-1-1"][0] == "declined"
    assert asks(world) == (1, True)
    assert allotments(world) == before
    assert orders(world) == {"CB1-1-1": ("sending", 2, 7, 7 * 24200), "CB1-1-2": ("accepted", 1, 2, 2 * 9800)}
    assert owed(world, "purchase_order", purchase_order_id=1, revision=2)
    assert not owed(world, "purchase_order", purchase_order_id=2, revision=2)
    told = {one["member_id"] for one in owed(world, "outcome_changed", why="asked_again")}
    assert told == {member_id(world, "甲"), member_id(world, "乙")}


def test_asking_twice_is_asking_once_also_after_they_decline_again(world: World) -> None:
    declines(world)
    assert (asks(world), asks(world)) == ((1, True), (1, False))
    declines(world, 2)
    assert asks(world, 1) == (1, False), "the button of the first time"
    assert orders(world)["CB1-1-1"][:2] == ("declined", 2)
    assert asks(world, 2) == (1, True)
    world.database.run(accept_purchase_order, world.actor("老向"), None, 1, 3)
    assert orders(world)["CB1-1-1"] == ("accepted", 3, 7, 7 * 24200)
    assert asks(world, 3) == (1, False)


def test_what_they_had_said_before_counts_again(world: World) -> None:
    """Five of seven; then an order more is too much and they decline altogether."""
    world.database.run(accept_with_less, world.actor("老向"), None, 1, 1, {world.offers["脐橙"]: 5})
    corrects(world, "甲", 2)
    assert orders(world)["CB1-1-1"] == ("accepted", 2, 5, 5 * 24200)
    corrects(world, "甲", 1)
    before = allotments(world)
    declines(world, 3)
    assert asks(world, 3) == (1, True)
    assert allotments(world) == before
    with Session(world.database.engine) as session:
        assert session.get_one(Offer, world.offers["脐橙"]).supplied_units == 5


def test_corrected_in_between_they_are_asked_for_what_is_wished_now(world: World) -> None:
    declines(world)
    corrects(world, "乙", 0)
    assert orders(world)["CB1-1-1"][:2] == ("declined", 1)
    asks(world)
    assert orders(world)["CB1-1-1"] == ("sending", 2, 4, 4 * 24200)


def test_nothing_is_asked_for_nothing(world: World) -> None:
    declines(world)
    for name in ("甲", "乙"):
        corrects(world, name, 0)
    with pytest.raises(Refusal, match="nothing_to_ask"):
        asks(world)
    with Session(world.database.engine) as session:
        assert session.get_one(Offer, world.offers["脐橙"]).supplied_units == 0, "all is taken back"


def test_only_its_coordinators_ask(world: World, database: Database) -> None:
    declines(world)
    other = make_world(database, "别家")
    add_member(other, "外人", 9, "coordinator")
    for somebody, code in ((world.actor("甲"), "not_coordinator"), (other.actor("外人"), "not_found")):
        with pytest.raises(Refusal, match=code):
            world.database.run(ask_supplier_again, somebody, None, 1, 1)
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(ask_supplier_again, world.actor("王芳"), None, 99, 1)
    assert orders(world)["CB1-1-1"][:2] == ("declined", 1)
