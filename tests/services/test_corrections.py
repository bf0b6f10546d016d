"""What a correction tells: of a line that falls away only its own member hears what it was."""

import pytest
from sqlmodel import Session, col, select

from models import JournalEntry, Notice, Order, OrderLine, Person, PurchaseOrder
from rules.phases import mark_sent
from services.answer_purchase_order import accept_with_less, decline_purchase_order
from services.close_round import close_now
from services.correct_round import correct_line
from services.database import Database
from services.preview_correction import OTHERS_BY_HAND, preview_correction
from services.read_outcome import GoneLine, read_gone
from services.read_totals import read_totals
from services.work import Work
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_offer


@pytest.fixture
def world(database: Database) -> World:
    """甲 wishes 5 oranges in cases of four at ¥10, 乙 3: 8 are ordered, freight ¥4 by value."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50), freight_minor=400)
    add_product(world, "白帝", "脐橙", 1000, case_size=4)
    open_round(world, "王芳")
    world.places("甲", "脐橙", 5)
    world.places("乙", "脐橙", 3)
    world.database.run(close_now, world.actor("王芳"), None, 1)
    return world


def corrects(world: World, name: str, units: int) -> None:
    """The coordinator sets a member's wish for oranges."""
    member_id = world.actor(name).member_id or 0
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], member_id, True, units)


def gone(world: World) -> list[tuple[str, GoneLine | None]]:
    """To whom the newest correction is told, and what has gone for them."""

    def read(work: Work) -> list[tuple[str, GoneLine | None]]:
        rows = work.session.exec(
            select(Person.first_name, Notice)
            .join(Notice, col(Notice.person_id) == Person.id)
            .where(Notice.kind == "outcome_changed")
            .order_by(col(Notice.id))
        ).all()
        return [(name, read_gone(work, one.facts["member_id"], one.facts)) for name, one in rows]

    return world.database.run(read, None, None)


def test_only_the_member_of_a_removed_line_is_told_what_has_gone(world: World) -> None:
    """乙's 3 go, 4 of 甲's 5 fill a case: both hear, 乙 of 3 units, ¥30 of ¥31.50."""
    corrects(world, "乙", 0)
    assert dict(gone(world)) == {"甲": None, "乙": GoneLine("脐橙", "", "箱", "", 3, 3, 3000, 3150)}


def test_less_is_no_line_that_has_gone(world: World) -> None:
    corrects(world, "乙", 1)
    assert [one for _, one in gone(world)] == [None, None]


def test_what_is_wished_again_has_not_gone(world: World) -> None:
    corrects(world, "乙", 0)
    corrects(world, "乙", 2)
    assert [one for _, one in gone(world) if one] == []


def test_removing_what_is_not_there_tells_nobody(world: World) -> None:
    corrects(world, "乙", 0)
    before = gone(world)
    corrects(world, "乙", 0)
    assert gone(world) == before


def preview(world: World, name: str, units: int) -> tuple[int, int, str]:
    """What a member gets, what they would get with another wish, and why."""
    member_id, offer_id = world.actor(name).member_id or 0, world.offers["脐橙"]
    found = world.database.run(preview_correction, world.actor("王芳"), None, offer_id, member_id, True, units)
    return found.line.units, found.gets, found.reason


def sent(world: World) -> int:
    """The purchase order has reached 老向; its revision."""

    def send(work: Work) -> int:
        row = work.session.get_one(PurchaseOrder, 1)
        row.phase = str(mark_sent(row.phase))
        return row.revision

    return world.database.run(send, None, None)


def test_a_preview_writes_nothing_down(world: World) -> None:
    member_id = world.actor("甲").member_id or 0
    before = journal(world)
    world.database.run(preview_correction, world.actor("王芳"), None, world.offers["脐橙"], member_id, True, 2)
    assert journal(world) == before


def journal(world: World) -> list[str]:
    """What has happened."""
    with Session(world.database.engine) as session:
        return list(session.exec(select(JournalEntry.what).order_by(col(JournalEntry.id))))


def test_a_preview_says_why_another_wish_brings_as_much(world: World) -> None:
    """8 are ordered; of 10 wished the newest two would have no case. Then 老向 has only 4, all 甲's."""
    assert preview(world, "乙", 5) == (3, 3, "case_dropped")
    supplies = (1, sent(world), {world.offers["脐橙"]: 4})
    world.database.run(accept_with_less, world.actor("老向"), None, *supplies)
    assert preview(world, "乙", 4) == (0, 0, "shortage")
    assert preview(world, "乙", 0) == (0, 0, "full")
    assert preview(world, "甲", 4) == (4, 4, "full")


def test_a_preview_says_that_the_supplier_cannot_deliver(world: World) -> None:
    world.database.run(decline_purchase_order, world.actor("老向"), None, 1, sent(world), "weather")
    assert preview(world, "乙", 4) == (0, 0, "declined")


def test_a_preview_says_that_a_minimum_is_missed(world: World) -> None:
    set_offer(world, "脐橙", minimum_units=12)
    corrects(world, "甲", 4)
    assert preview(world, "乙", 4) == (0, 0, "minimum_missed")


def test_a_preview_says_that_others_were_given_theirs_by_hand(world: World) -> None:
    """甲 would take up to 7 and is given them by hand: 8 are ordered, so 1 is left for 乙, who wishes 3 or 2."""
    set_tolerance(world, "甲", 2)
    member_id = world.actor("甲").member_id or 0
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], member_id, False, 7)
    assert preview(world, "乙", 2) == (1, 1, OTHERS_BY_HAND)


def correctable(world: World) -> bool:
    """Whether the coordinator's page of the round offers to correct."""
    return world.database.run(read_totals, world.actor("王芳"), None, 1).correctable


@pytest.mark.parametrize(
    ("phase", "possible"),
    [("sent", True), ("accepted", True), ("declined", True), ("shipped", False), ("received", False)],
)
def test_nothing_is_correctable_once_all_is_on_its_way(world: World, phase: str, possible: bool) -> None:
    def write(work: Work) -> None:
        row = work.session.get_one(PurchaseOrder, 1)
        row.phase, row.sent_at = phase, work.now

    world.database.run(write, None, None)
    assert correctable(world) == possible


def test_a_round_of_which_nothing_was_ordered_is_correctable(database: Database) -> None:
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳")
    assert not correctable(world), "it is still open"
    world.database.run(close_now, world.actor("王芳"), None, 1)
    assert correctable(world)


def set_tolerance(world: World, name: str, units: int) -> None:
    """A member had said that they would also take so many more."""
    member_id = world.actor(name).member_id

    def write(work: Work) -> None:
        line = select(OrderLine).join(Order, col(Order.id) == OrderLine.order_id).where(Order.member_id == member_id)
        work.session.exec(line).one().tolerance = units

    world.database.run(write, None, None)
