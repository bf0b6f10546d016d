"""A member leaves or is removed: the coordinators decide about the orders, and everybody concerned is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Member, Notice, Offer, Order, Person, Round
from rules.refusal import Refusal
from services.answer_change import answer_change
from services.change_round import cancel
from services.close_round import close_due_round
from services.database import Database
from services.explain_line import explain_line
from services.invitations import create_invitation
from services.join import answer_join, open_invitation
from services.me import leave
from services.members import may_collect
from services.offer_changes import change_offer
from services.read_outcome import read_outcome
from services.read_round_orders import read_round_orders
from services.remind_members import remind_members
from services.withdraw_orders import keep_order, withdraw_order
from tests.clock import Clock
from tests.services.changing import consent_of, owed
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 and 赵 coordinate; 甲, 乙 and 丙 work; oranges in an open round of 24 hours."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵雪", 2, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳")
    return world


def member_id(world: World, name: str) -> int:
    """The membership of a person."""
    with Session(world.database.engine) as session:
        return session.exec(select(Member.id).where(Member.name == name)).one() or 0


def order_of(world: World, name: str, round_id: int = 1) -> Order:
    """A person's order, read anew."""
    with Session(world.database.engine) as session:
        found = session.exec(select(Order).where(Order.member_id == member_id(world, name), Order.round_id == round_id))
        return found.one()


def leaves(world: World, name: str) -> None:
    """Somebody leaves by themselves."""
    world.database.run(leave, world.actor(name), None)


def keeps(world: World, by: str, whose: str, collector: str | None, instead_of: str | None = None) -> None:
    """A coordinator says who collects."""
    world.database.run(
        keep_order, world.actor(by), None, order_of(world, whose).id or 0,
        member_id(world, collector) if collector else None, member_id(world, instead_of) if instead_of else None,
    )  # fmt: skip


def closes(world: World, clock: Clock) -> None:
    """The round's time is up."""
    clock.pass_time(hours=24)
    assert world.database.run(close_due_round, None, None, 1)


def test_undecided_is_withdrawn_at_the_closing(world: World, clock: Clock) -> None:
    """foodsoft #314, #643: a member leaves with an open order."""
    world.places("甲", "脐橙", 2)
    world.places("乙", "脐橙", 1)
    leaves(world, "甲")
    assert owed(world, "member_left") == ["王芳", "赵雪"]
    assert world.wished("脐橙") == {"甲": 2, "乙": 1}
    closes(world, clock)
    assert world.wished("脐橙") == {"乙": 1}
    assert owed(world, "left_order") == ["甲"]
    assert owed(world, "outcome") == ["乙"]
    with pytest.raises(Refusal, match="order_decided"):
        keeps(world, "王芳", "甲", None)


def test_whoever_collects_hears_the_outcome_instead(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    world.places("乙", "脐橙", 1)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", "乙")
    assert owed(world, "collects") == ["乙"]
    assert owed(world, "left_order") == ["甲"]
    closes(world, clock)
    assert owed(world, "outcome") == ["乙", "乙"]
    outcome = world.database.run(read_outcome, None, None, 1, member_id(world, "甲"))
    assert outcome is not None
    assert (outcome.collects_for, outcome.total) == ("甲", 2000)
    rows = world.database.run(read_round_orders, world.actor("王芳"), None, 1).rows
    assert {(row.member, row.collector, row.units) for row in rows} == {("甲", "乙", 2), ("乙", "", 1)}


def test_whoever_collects_may_ask_why_and_is_not_nudged(world: World, clock: Clock) -> None:
    """A nudge's buttons would order for the collector themselves."""
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["脐橙"]).case_size = 4
        session.get_one(Round, 1).reminds_at = clock.now
    world.places("甲", "脐橙", 5)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", "乙")
    world.database.run(remind_members, None, None, 1)
    assert owed(world, "nudge") == []
    closes(world, clock)
    with Session(world.database.engine) as session:
        (allotment,) = session.exec(select(Allotment)).all()
    assert world.database.run(explain_line, world.actor("乙"), None, allotment.line_id).units == 4
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(explain_line, world.actor("甲"), None, allotment.line_id)


def test_the_first_coordinator_decides(world: World) -> None:
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", None)
    keeps(world, "王芳", "甲", None)
    with pytest.raises(Refusal, match="order_decided") as no:
        keeps(world, "赵雪", "甲", None)
    assert no.value.facts == {"collector": "王芳"}
    with pytest.raises(Refusal, match="order_decided"):
        world.database.run(withdraw_order, world.actor("赵雪"), None, order_of(world, "甲").id or 0)
    assert owed(world, "collects") == [], "who chose it knows it"
    keeps(world, "王芳", "甲", "丙", instead_of="王芳")
    assert order_of(world, "甲").collector_id == member_id(world, "丙")
    with pytest.raises(Refusal, match="order_decided"):
        keeps(world, "赵雪", "甲", None, instead_of="王芳")


def test_two_coordinators_at_the_same_moment(world: World) -> None:
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")

    def decide(name: str) -> str:
        try:
            keeps(world, name, "甲", None)
        except Refusal as no:
            return no.code
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ("王芳", "赵雪"))) == ["kept", "order_decided"]


def test_withdrawn_by_a_coordinator(world: World) -> None:
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    for _ in range(2):
        world.database.run(withdraw_order, world.actor("赵雪"), None, order_of(world, "甲").id or 0)
    assert world.wished("脐橙") == {}
    assert owed(world, "left_order") == ["甲"]
    with pytest.raises(Refusal, match="order_decided"):
        keeps(world, "王芳", "甲", "乙")


def test_only_coordinators_decide_and_only_about_who_left(world: World) -> None:
    world.places("甲", "脐橙", 2)
    with pytest.raises(Refusal, match="order_decided"):
        keeps(world, "王芳", "甲", None)
    leaves(world, "甲")
    order_id = order_of(world, "甲").id or 0
    with pytest.raises(Refusal, match="not_coordinator"):
        world.database.run(keep_order, world.actor("乙"), None, order_id, None)
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    for case in (keep_order, may_collect):
        with pytest.raises(Refusal, match="not_found"):
            world.database.run(case, other.actor("外人"), None, order_id, None)
    with pytest.raises(Refusal, match="not_found"):
        keeps(world, "王芳", "甲", "外人")
    with pytest.raises(Refusal, match="not_found"):
        keeps(world, "王芳", "甲", "甲")


def test_the_collector_leaves_as_well(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", "乙")
    clock.pass_time(minutes=1)
    leaves(world, "乙")
    order = order_of(world, "甲")
    assert (order.collector_id, order.awaits_collector) == (None, True)
    assert owed(world, "member_left") == ["王芳", "赵雪"] * 2
    keeps(world, "赵雪", "甲", "丙")
    assert owed(world, "collects") == ["乙", "丙"]


def test_who_leaves_after_the_closing_keeps_what_comes_and_what_it_costs(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    closes(world, clock)
    leaves(world, "甲")
    assert owed(world, "member_left") == ["王芳", "赵雪"]
    with pytest.raises(Refusal, match="order_decided"):
        world.database.run(withdraw_order, world.actor("王芳"), None, order_of(world, "甲").id or 0)
    keeps(world, "王芳", "甲", "乙")
    assert owed(world, "collects") == ["乙"]
    with Session(world.database.engine) as session:
        (allotment,) = session.exec(select(Allotment)).all()
        assert (allotment.units, allotment.charge_minor) == (2, 2000)


def test_nobody_is_asked_about_what_was_delivered_long_ago(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    closes(world, clock)
    clock.pass_time(days=20)
    leaves(world, "甲")
    assert owed(world, "member_left") == []


def rejoins(world: World, name: str) -> None:
    """Somebody comes back by a new invitation."""
    invited = world.database.run(create_invitation, world.actor("王芳"), None, "employee")
    actor = world.actor(name)
    world.database.run(open_invitation, actor, None, invited.code or "")
    world.database.run(answer_join, actor, None, "name", name)
    world.database.run(answer_join, actor, None, "department", "车间")
    world.database.run(answer_join, actor, None, "point", str(world.points["北门"]))


@pytest.mark.parametrize("collector", [None, "乙"])
def test_who_comes_back_has_the_order_again(world: World, clock: Clock, collector: str | None) -> None:
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    if collector:
        keeps(world, "王芳", "甲", collector)
    clock.pass_time(minutes=5)
    rejoins(world, "甲")
    order = order_of(world, "甲")
    assert (order.collector_id, order.awaits_collector) == (None, False)
    assert owed(world, "collects_no_more") == ([collector] if collector else [])
    with pytest.raises(Refusal, match="order_decided"):
        keeps(world, "王芳", "甲", None)
    closes(world, clock)
    assert world.wished("脐橙") == {"甲": 2}
    assert owed(world, "outcome") == ["甲"]


def test_whoever_collects_answers_the_open_questions(world: World, clock: Clock) -> None:
    for name in ("甲", "丙"):
        world.places(name, "脐橙", 2)
    world.database.run(change_offer, world.actor("王芳"), None, world.offers["脐橙"], "price", 1200)
    for name in ("甲", "丙"):
        leaves(world, name)
    keeps(world, "王芳", "甲", "乙")
    assert owed(world, "consent") == ["甲", "丙", "乙"]
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(answer_change, world.actor("丙"), None, consent_of(world, "丙"), True)
    world.database.run(answer_change, world.actor("乙"), None, consent_of(world, "甲"), True)
    closes(world, clock)
    assert world.wished("脐橙") == {"甲": 2}
    assert owed(world, "line_dropped") == [], "who has left without anybody to collect is told once, by the withdrawal"


def test_a_later_change_asks_the_collector_and_a_cancelled_round_tells_them(world: World) -> None:
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", "乙")
    world.database.run(change_offer, world.actor("王芳"), None, world.offers["脐橙"], "price", 1200)
    assert owed(world, "consent") == ["乙"]
    world.database.run(cancel, world.actor("王芳"), None, 1)
    assert owed(world, "round_cancelled") == ["乙"]
    with pytest.raises(Refusal, match="order_decided"):
        keeps(world, "王芳", "甲", "丙", instead_of="乙")


def test_notices_about_people_who_left_reach_the_right_ones(world: World, clock: Clock) -> None:
    """No notice of a round's result is owed to somebody who left and whose order another collects."""
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", "乙")
    closes(world, clock)
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Notice.kind).join(Person, col(Person.id) == Notice.person_id).where(Person.telegram_id == 3)
        ).all()
        assert set(rows) == {"offer_card", "left_order"}
        assert session.get_one(Round, 1).phase == "closed"
