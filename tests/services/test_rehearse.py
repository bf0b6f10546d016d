"""A rehearsal says exactly what closing then does: purchase orders, allotments, charges."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, col, func, select

from models import (
    Allotment,
    Enterprise,
    JournalEntry,
    Member,
    Notice,
    Offer,
    OfferChange,
    Order,
    OrderLine,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
)
from services.answer_change import answer_change
from services.close_round import close_due_round
from services.database import Database
from services.held_round import answer_held
from services.me import leave
from services.offer_changes import change_offer
from services.place_order import place_order
from services.rehearse import Rehearsal, rehearse, rehearse_anyway
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_offer

PEOPLE = ("甲", "乙", "丙", "丁", "戊")
Result = tuple[dict[str, tuple[int, int, int]], Counter[tuple[str, str]], dict[tuple[str, str], int], dict[str, int]]


def make(database: Database, **terms: object) -> World:
    """Two suppliers, one with freight and a minimum of ¥150; cases, a minimum, a tier, the house."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(PEOPLE, 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50), freight_minor=1001, freight_split="units")
    add_supplier(world, "云上", minimum_value_minor=15000, freight_minor=500, freight_split="equally")
    add_product(world, "白帝", "脐橙", 4990, case_size=4, tiers=[[8, 4500]])
    add_product(world, "白帝", "茶", 9800, minimum_units=6)
    add_product(world, "白帝", "蜂蜜", 7800, case_size=3)
    add_product(world, "云上", "脆李", 5880)
    open_round(world, "王芳", **terms)
    set_offer(world, "蜂蜜", case_policy="house")
    return world


def scatter(world: World, clock: Clock, seed: int) -> None:
    """Random wishes; then sometimes a dearer price that some agree to, and somebody leaves."""
    random = Random(seed)
    for _ in range(random.randint(4, 22)):
        name, product = random.choice(PEOPLE), random.choice([*world.offers])
        quantity = random.randint(0, 5)
        tolerance = random.choice((0, 0, 1, 3)) if quantity and product != "脆李" else 0
        world.database.run(place_order, world.actor(name), None, world.offers[product], quantity, tolerance)
        clock.pass_time(seconds=30)
    if random.random() < 0.6:
        product = random.choice([*world.offers])
        world.database.run(change_offer, world.actor("王芳"), None, world.offers[product], "price", 9900)
        _answer(world, random)
    if random.random() < 0.5:
        world.database.run(leave, world.actor(random.choice(PEOPLE)), None)


def _answer(world: World, random: Random) -> None:
    """Some of those who are asked say keep or drop, some nothing."""
    with Session(world.database.engine) as session:
        asked = session.exec(
            select(Notice.facts, Member.name).join(Member, Member.person_id == Notice.person_id)
            .where(Notice.kind == "consent")
        ).all()  # fmt: skip
    for facts, name in asked:
        if random.random() < 0.6:
            world.database.run(answer_change, world.actor(name), None, facts["consent_id"], random.random() < 0.5)


def rehearsed(found: Rehearsal) -> Result:
    """Value, freight and house of each supplier that gets something; units by product; units by line; totals."""
    return (
        {one.name_zh: (one.value, one.freight, one.house_cost) for one in found.suppliers if one.value},
        Counter(
            {(one.name_zh, offer.name_zh): offer.units
             for one in found.suppliers for offer in one.offers if offer.units}
        ),
        {(member.name, line.name_zh): line.units for member in found.members for line in member.lines if line.units},
        {member.name: member.total for member in found.members if member.total},
    )  # fmt: skip


def closed(world: World) -> Result:
    """The same, as it stands in the rows."""
    with Session(world.database.engine) as session:
        orders = session.exec(
            select(Supplier.name_zh, PurchaseOrder.value_minor, PurchaseOrder.freight_minor, PurchaseOrder.house_minor)
            .join(PurchaseOrder, col(PurchaseOrder.supplier_id) == Supplier.id)
        ).all()  # fmt: skip
        ordered = session.exec(
            select(Supplier.name_zh, Offer.name_zh, func.sum(PurchaseOrderLine.units))
            .join(Offer, col(Offer.id) == PurchaseOrderLine.offer_id)
            .join(Supplier, col(Supplier.id) == Offer.supplier_id)
            .group_by(Supplier.name_zh, Offer.name_zh)
        ).all()
        lines = session.exec(
            select(Member.name, Offer.name_zh, Allotment.units, Allotment.charge_minor + Allotment.freight_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Offer, col(Offer.id) == OrderLine.offer_id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        ).all()
    totals: Counter[str] = Counter()
    for name, _, _, charge in lines:
        totals[name] += charge
    return (
        {name: (value, freight, house) for name, value, freight, house in orders},
        Counter({(supplier, product): int(units) for supplier, product, units in ordered}),
        {(name, product): units for name, product, units, _ in lines if units},
        {name: total for name, total in totals.items() if total},
    )


def traces(world: World) -> list[int]:
    """How many rows a rehearsal could leave behind."""
    with Session(world.database.engine) as session:
        tables = (Notice, JournalEntry, Allotment, PurchaseOrder)
        counts = [session.exec(select(func.count()).select_from(table)).one() for table in tables]
        undecided = select(func.count()).select_from(OfferChange).where(col(OfferChange.decided_at).is_(None))
        return [*counts, session.exec(undecided).one(), session.exec(select(func.sum(OrderLine.firm))).one() or 0]


@pytest.mark.parametrize("seed", range(12))
def test_closing_does_what_the_rehearsal_said(database: Database, clock: Clock, seed: int) -> None:
    world = make(database)
    scatter(world, clock, seed)
    before = traces(world)
    said = world.database.run(rehearse, world.actor("王芳"), None, 1)
    assert traces(world) == before, "a rehearsal leaves nothing behind"
    clock.pass_time(days=2)
    world.database.run(close_due_round, None, None, 1)
    assert closed(world) == rehearsed(said)
    paid = sum(member.total for member in said.members)
    assert paid + said.paid_by_house == said.owed
    assert rehearsed(world.database.run(rehearse, world.actor("王芳"), None, 1)) == rehearsed(said)


def test_it_lists_what_falls_away_first(database: Database, clock: Clock) -> None:
    """甲 has not agreed to the dearer plums; 乙 has left and nobody keeps the order."""
    world = make(database)
    world.places("甲", "脆李", 3)
    world.places("乙", "脐橙", 4)
    world.places("丙", "脐橙", 4)
    world.database.run(change_offer, world.actor("王芳"), None, world.offers["脆李"], "price", 9900)
    world.database.run(leave, world.actor("乙"), None)
    said = world.database.run(rehearse, world.actor("王芳"), None, 1)
    assert said.fallen == 2
    lines = {(member.name, line.name_zh): (line.units, line.wished, line.reason) for member in said.members
             for line in member.lines}  # fmt: skip
    assert lines == {("甲", "脆李"): (0, 3, "fallen"), ("乙", "脐橙"): (0, 4, "fallen"), ("丙", "脐橙"): (4, 4, "full")}
    assert said.owed == 4 * 4990 + 1001


@pytest.mark.parametrize(
    ("terms", "completes", "extends", "asks"),
    [
        ({}, None, None, False),
        ({"minimum_policy": "extend", "extension_hours": 5}, None, 5, False),
        ({"minimum_policy": "hold"}, None, None, True),
        ({"completion_hours": 3}, 3, None, False),
        ({"minimum_policy": "extend", "completion_hours": 3}, 3, None, False),
        ({"minimum_policy": "hold", "completion_hours": 3}, 3, None, True),
    ],
)
def test_it_says_what_comes_before_the_close(
    database: Database, clock: Clock, terms: dict[str, object], completes: int | None, extends: int | None, asks: bool
) -> None:
    world = make(database, **terms)
    world.places("甲", "茶", 2)
    before = world.database.run(rehearse, world.actor("王芳"), None, 1).before
    assert before.completes_until == (clock() + timedelta(hours=completes) if completes else None)
    assert before.extends_until == (clock() + timedelta(hours=extends) if extends else None)
    assert before.asks == asks


@pytest.mark.parametrize("seed", range(4))
def test_ordering_anyway_does_what_its_preview_said(database: Database, clock: Clock, seed: int) -> None:
    world = make(database, minimum_policy="hold")
    set_offer(world, "茶", minimum_units=99)
    world.places("王芳", "茶", 2)
    scatter(world, clock, seed)
    clock.pass_time(days=2)
    world.database.run(close_due_round, None, None, 1)
    said = world.database.run(rehearse_anyway, world.actor("王芳"), None, 1)
    assert not said.failed
    world.database.run(answer_held, world.actor("王芳"), None, 1, True)
    assert closed(world) == rehearsed(said)


def test_another_enterprise_rehearses_nothing_of_ours(database: Database) -> None:
    world = make(database)
    other = make_world(database, "别家")
    add_member(other, "外人", 900, "coordinator")
    with pytest.raises(Exception, match="not_found"):
        world.database.run(rehearse, other.actor("外人"), None, 1)
    with Session(database.engine) as session:
        assert session.exec(select(func.count()).select_from(Enterprise)).one() == 2
