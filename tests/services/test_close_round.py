"""Closing: once, however late and however often; the figures are worked out by hand."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models import (
    Allotment,
    Member,
    Notice,
    Offer,
    Order,
    OrderLine,
    Person,
    PurchaseOrder,
    PurchaseOrderLine,
    Round,
)
from rules.refusal import Refusal
from services.answer_purchase_order import accept_purchase_order, decline_purchase_order
from services.close_round import close_due_round, close_now
from services.correct_round import correct_line
from services.database import Database
from services.due_rounds import due_to_close, due_to_remind
from services.identify import identify, read_actor
from services.invitations import create_invitation
from services.join import answer_join, open_invitation
from services.remind_members import remind_members
from services.reopen_round import reopen
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """Three employees; 白帝 packs oranges in fours; 云上 wants at least ¥200 in all and has no contact."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_supplier(world, "云上", minimum_value_minor=20000)
    add_product(world, "白帝", "脐橙", 4990, case_size=4)
    add_product(world, "白帝", "茶", 9800, minimum_units=3)
    add_product(world, "云上", "脆李", 5880)
    open_round(world, "王芳", reminds_hours_before=2)
    return world


def allotted(world: World, product: str) -> dict[str, tuple[int, str, int]]:
    """Units, reason and charge by member."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name, Allotment.units, Allotment.reason, Allotment.charge_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
            .where(OrderLine.offer_id == world.offers[product])
        )
        return {name: (units, reason, charge) for name, units, reason, charge in rows}


def owed(world: World, kind: str) -> list[str]:
    """Whom notices of a kind are owed to."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Person.first_name)
            .join(Notice, col(Notice.person_id) == Person.id)
            .where(Notice.kind == kind)
            .order_by(Person.telegram_id)
        )
        return list(rows)


def purchase_orders(world: World) -> dict[str, tuple[int, str]]:
    """Value and phase by number."""
    with Session(world.database.engine) as session:
        return {row.number: (row.value_minor, row.phase) for row in session.exec(select(PurchaseOrder))}


def test_cases_minimums_and_supplier_minimums(world: World, clock: Clock) -> None:
    """甲 3, 乙 3, then 甲 5: 8 wished in fours is 2 full cases; then 丙 1 more, which has no case. Tea: 2 of 3."""
    world.places("甲", "脐橙", 3)
    clock.pass_time(minutes=1)
    world.places("乙", "脐橙", 3)
    clock.pass_time(minutes=1)
    world.places("甲", "脐橙", 5)
    clock.pass_time(minutes=1)
    world.places("丙", "脐橙", 1)
    world.places("乙", "茶", 2)
    world.places("丙", "脆李", 3)  # ¥176.40 of ¥200
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)
    assert allotted(world, "脐橙") == {
        "甲": (5, "full", 24950),
        "乙": (3, "full", 14970),
        "丙": (0, "case_dropped", 0),
    }
    assert allotted(world, "茶") == {"乙": (0, "minimum_missed", 0)}
    assert allotted(world, "脆李") == {"丙": (0, "minimum_missed", 0)}
    assert purchase_orders(world) == {"CB1-1-1": (39920, "sending")}
    assert owed(world, "purchase_order") == ["老向"]
    assert owed(world, "outcome") == ["甲", "乙", "丙"]
    assert owed(world, "round_closed") == ["王芳"]
    charges = sum(charge for name in world.offers for _, _, charge in allotted(world, name).values())
    assert charges == 39920


def test_the_newest_units_lose_the_last_case(world: World, clock: Clock) -> None:
    """Oldest first goes by units: 甲's second raise is newer than 乙's order, so 甲 loses it."""
    world.places("甲", "脐橙", 2)
    clock.pass_time(minutes=1)
    world.places("乙", "脐橙", 2)
    clock.pass_time(minutes=1)
    world.places("甲", "脐橙", 4)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    assert allotted(world, "脐橙") == {"甲": (2, "case_dropped", 9980), "乙": (2, "full", 9980)}


def test_closing_at_once_in_many_threads_is_closing_once(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 4)
    clock.pass_time(days=1)
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: world.database.run(close_due_round, None, None, 1), range(6)))
    assert sorted(done) == [False] * 5 + [True]
    assert list(purchase_orders(world)) == ["CB1-1-1"]
    assert owed(world, "outcome") == ["甲"]


def test_it_closes_however_late(world: World, clock: Clock) -> None:
    """Open Food Network's closing job looks back one hour only."""
    world.places("甲", "脐橙", 4)
    clock.pass_time(days=40)
    assert world.database.run(due_to_close, None, None) == [1]
    assert world.database.run(close_due_round, None, None, 1)
    assert owed(world, "purchase_order") == ["老向"]


def test_it_does_not_close_early(world: World, clock: Clock) -> None:
    """Open Food Network #6108, foodsoft #436: a minute before, nothing happens."""
    clock.pass_time(hours=23, minutes=59)
    assert not world.database.run(due_to_close, None, None)
    assert not world.database.run(close_due_round, None, None, 1)


def test_only_its_coordinator_closes_by_hand(world: World) -> None:
    with pytest.raises(Refusal, match="not_coordinator"):
        world.database.run(close_now, world.actor("甲"), None, 1)
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(close_now, other.actor("外人"), None, 1)
    assert world.database.run(close_now, world.actor("王芳"), None, 1)


def test_without_a_contact_it_waits_and_is_sent_when_one_joins(world: World, clock: Clock) -> None:
    world.places("丙", "脆李", 4)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    assert owed(world, "purchase_order") == []
    assert owed(world, "purchase_order_status") == ["王芳"]
    invited = world.database.run(create_invitation, world.actor("王芳"), None, "supplier", world.suppliers["云上"])
    newcomer = world.database.run(identify, None, None, 77, "谭姐", "zh_CN")
    world.database.run(open_invitation, newcomer, None, invited.code or "")
    world.database.run(answer_join, newcomer, None, "name", "谭姐")
    assert owed(world, "purchase_order") == ["谭姐"]


def test_the_supplier_answers_once(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 4)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    supplier = world.actor("老向")
    world.database.run(accept_purchase_order, supplier, None, 1, 1)
    world.database.run(accept_purchase_order, supplier, None, 1, 1)
    with pytest.raises(Refusal, match="already_answered"):
        world.database.run(decline_purchase_order, supplier, None, 1, 1, "weather")
    assert purchase_orders(world) == {"CB1-1-1": (39920 // 2, "accepted")}
    assert owed(world, "purchase_order_status") == ["王芳"]
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(accept_purchase_order, world.actor("甲"), None, 1, 1)


def test_a_declined_order_costs_nobody_anything(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 4)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    world.database.run(decline_purchase_order, world.actor("老向"), None, 1, 1, "sold_out")
    assert allotted(world, "脐橙") == {"甲": (0, "declined", 0)}
    assert owed(world, "outcome_changed") == ["甲"]


def test_the_report_has_every_price_and_pickup_point(world: World, clock: Clock) -> None:
    """Open Food Network #9127: the supplier's report shows only the first price."""
    world.places("甲", "脐橙", 4)
    world.places("乙", "茶", 3)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        lines = session.exec(select(PurchaseOrderLine).order_by(col(PurchaseOrderLine.offer_id))).all()
        assert [(line.units, line.price_minor, line.pickup_point_id) for line in lines] == [
            (4, 4990, world.points["北门"]),
            (3, 9800, world.points["北门"]),
        ]
        assert session.exec(select(PurchaseOrder)).one().value_minor == 4 * 4990 + 3 * 9800


def test_one_reminder_and_only_for_those_without_an_order(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 1)
    world.places("乙", "脐橙", 1)
    world.places("乙", "脐橙", 0)
    clock.pass_time(hours=22)
    assert world.database.run(due_to_remind, None, None) == [1]
    assert world.database.run(remind_members, None, None, 1)
    assert not world.database.run(remind_members, None, None, 1)
    assert owed(world, "reminder") == ["王芳", "乙", "丙"]


def test_overlapping_rounds_do_not_hide_each_other(world: World, clock: Clock) -> None:
    """VOKO: overlapping rounds hide each other."""
    world.places("甲", "脐橙", 4)
    first = dict(world.offers)
    open_round(world, "王芳", hours=48)
    world.places("乙", "脐橙", 8)
    clock.pass_time(hours=24)
    assert world.database.run(due_to_close, None, None) == [1]
    world.database.run(close_due_round, None, None, 1)
    world.offers, second = first, world.offers
    assert allotted(world, "脐橙") == {"甲": (4, "full", 19960)}
    world.offers = second
    assert allotted(world, "脐橙") == {}
    with Session(world.database.engine) as session:
        assert [row.phase for row in session.exec(select(Round).order_by(col(Round.id)))] == ["closed", "open"]
        assert session.exec(select(Offer).where(Offer.round_id == 2)).first() is not None


def test_actor_of_a_person_with_two_hats(world: World) -> None:
    """Somebody who supplies and is an employee keeps both; pressing an order works with either hat on."""
    add_member(world, "老向", 50)
    world.places("老向", "脐橙", 1)
    assert world.wished("脐橙") == {"老向": 1}
    assert world.database.run(read_actor, None, None, world.actor("老向").person_id).role == "employee"


def test_notices_of_many_are_like_single_ones(world: World, clock: Clock) -> None:
    """Written in one statement, with the same keys and facts as one by one."""
    world.places("甲", "脐橙", 4)
    world.places("乙", "脐橙", 4)
    with Session(world.database.engine) as session, session.begin():
        ids = {row.name: row.id for row in session.exec(select(Member))}
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        rows = session.exec(select(Notice).where(Notice.kind == "outcome").order_by(Notice.key))
        told = {row.key: (row.lane, row.facts, row.must_arrive, row.state, row.due_at, row.attempts) for row in rows}
    assert told == {
        f"outcome:1:1:{ids[name]}": (2, {"round_id": 1, "member_id": ids[name]}, True, "due", clock(), 0)
        for name in ("甲", "乙")
    }


def test_who_closes_twice_in_one_moment_tells_everybody_twice(world: World) -> None:
    """A message whose key counted seconds was lost when a round was reopened and closed within one."""
    world.places("甲", "脐橙", 4)
    actor = world.actor("王芳")
    for use_case in (close_now, reopen, close_now):
        world.database.run(use_case, actor, None, 1)
    with Session(world.database.engine) as session:
        told = session.exec(select(Notice.key).where(Notice.kind == "outcome")).all()
    assert len(told) == 2


def test_what_the_closing_said_is_kept_once_it_changes(world: World, clock: Clock) -> None:
    """Empty while it stands; then the first charge, also when the round is decided again and again."""
    world.places("甲", "脐橙", 4)
    world.places("乙", "茶", 3)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    wang = world.actor("王芳")
    with Session(world.database.engine) as session:
        ids = {row.name: row.id or 0 for row in session.exec(select(Member))}
    for units in (8, 12):
        world.database.run(correct_line, wang, None, world.offers["脐橙"], ids["甲"], True, units)
    with Session(world.database.engine) as session:
        charges = dict(session.exec(select(Order.member_id, Order.first_charge_minor)).all())
    assert charges == {ids["甲"]: 4 * 4990, ids["乙"]: None}
