"""A round with oranges to begin a test of changes with, and what such tests do and look at."""

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Consent, Member, Notice, OfferChange, Order, OrderLine, Person
from rules.refusal import Refusal
from services.answer_change import answer_change
from services.close_round import close_due_round
from services.database import Database
from services.due_changes import decide_due_change, due_changes
from services.offer_changes import Effect, change_offer
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


def make(database: Database) -> World:
    """王 and 赵 coordinate; 甲, 乙 and 丙 order oranges at ¥10 in an open round of 48 hours."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵雪", 2, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳", hours=48)
    return world


def change(world: World, what: str, after: int, by: str = "王芳") -> Effect:
    """A coordinator changes the oranges."""
    return world.database.run(change_offer, world.actor(by), None, world.offers["脐橙"], what, after)


def consent_of(world: World, name: str) -> int:
    """The newest question to a member, whoever answers it."""
    with Session(world.database.engine) as session:
        found = session.exec(
            select(Consent.id)
            .join(OrderLine, col(OrderLine.id) == Consent.line_id)
            .join(Order, col(Order.id) == OrderLine.order_id)
            .join(Member, col(Member.id) == Order.member_id)
            .join(OfferChange, col(OfferChange.id) == Consent.change_id)
            .where(Member.name == name, OfferChange.kind != "gone")
            .order_by(col(Consent.id).desc())
        ).first()
        assert found is not None, f"{name} is not asked"
        return found


def answers(world: World, name: str, keep: bool) -> None:
    """A member answers the newest question."""
    world.database.run(answer_change, world.actor(name), None, consent_of(world, name), keep)


def refused(world: World, name: str, keep: bool, consent_id: int) -> str:
    """The code of the refusal of an answer."""
    with pytest.raises(Refusal) as no:
        world.database.run(answer_change, world.actor(name), None, consent_id, keep)
    return no.value.code


def owed(world: World, kind: str) -> list[str]:
    """Whom notices of a kind were owed to, in the order in which they were owed."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Person.first_name)
            .join(Notice, col(Notice.person_id) == Person.id)
            .where(Notice.kind == kind)
            .order_by(col(Notice.id))
        )
        return list(rows)


def promised(world: World) -> dict[str, int]:
    """The most a unit will cost, by member, for lines that wish something."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name, OrderLine.price_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .where(OrderLine.firm > 0)
        )
        return dict(rows.all())


def charged(world: World) -> dict[str, int]:
    """What each member pays after the closing."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name, Allotment.charge_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        )
        return dict(rows.all())


def decide_what_is_due(world: World) -> None:
    """The alarm clock's job."""
    for change_id in world.database.run(due_changes, None, None):
        world.database.run(decide_due_change, None, None, change_id)


def closes(world: World, clock: Clock) -> None:
    """The round's time is up."""
    clock.pass_time(hours=48)
    world.database.run(close_due_round, None, None, 1)
