"""After any sequence of decisions the stored rows add up: members and the enterprise pay what suppliers are owed."""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from models import (
    Allotment,
    Consent,
    Offer,
    OrderLine,
    Product,
    PurchaseOrder,
    PurchaseOrderLine,
    Round,
    RoundSupplier,
)
from rules.phases import mark_sent
from rules.refusal import Refusal
from services.answer_change import answer_change
from services.answer_purchase_order import (
    accept_purchase_order,
    accept_with_less,
    change_delivery_day,
    decline_purchase_order,
    mark_shipped,
)
from services.close_round import close_now
from services.correct_round import correct_line
from services.database import Database
from services.due_changes import decide_due_change, due_changes
from services.offer_substitute import offer_substitute
from services.place_order import place_order
from services.preview_correction import preview_correction
from services.read_statement import read_statement
from services.reopen_round import reopen
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

MEMBERS = ("甲", "乙", "丙", "丁")
CONTACTS = {"白帝": "老向", "云上": "谭姐"}
STEPS = 25


@pytest.fixture
def world(database: Database) -> World:
    """Two suppliers with freight, cases, a house policy, tiers, a minimum; four members."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(MEMBERS, 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_supplier(world, "云上", ("谭姐", 51), minimum_value_minor=5000)
    add_product(world, "白帝", "脐橙", 4990, case_size=4, tiers=[[8, 4500]])
    add_product(world, "白帝", "血橙", 3680, case_size=3)
    add_product(world, "云上", "脆李", 5880, stock_units=9)
    add_product(world, "云上", "茶", 9817, minimum_units=3)
    open_round(world, "王芳")
    add_product(world, "白帝", "蜜柚", 4500)
    add_product(world, "云上", "李干", 1999)
    with Session(database.engine) as session:
        blood = session.get_one(Offer, world.offers["血橙"])
        blood.case_policy, blood.strategy = "house", "fair"
        for terms, minor, split in zip(
            session.exec(select(RoundSupplier).order_by(col(RoundSupplier.supplier_id))), (1001, 700), ("value", "units"),
            strict=True,
        ):  # fmt: skip
            terms.freight_minor, terms.freight_split = minor, split
        session.commit()
    return world


class Chance:
    """Does something at random, as one of the people would; what is refused changes nothing."""

    def __init__(self, world: World, clock: Clock, seed: int) -> None:
        self.world, self.clock, self.random = world, clock, Random(seed)
        self.done: defaultdict[str, int] = defaultdict(int)

    def rows(self, *statement: Any) -> list[Any]:
        """Rows as they are stored. Who draws from them orders them, or a seed would not repeat what it did."""
        with Session(self.world.database.engine) as session:
            return list(session.exec(*statement))

    def tries(self, who: str, use_case: Callable[..., Any], *args: Any) -> None:
        """Somebody tries something."""
        try:
            self.world.database.run(use_case, self.world.actor(who), None, *args)
        except Refusal:
            self.done["refused"] += 1
        else:
            self.done[use_case.__name__] += 1

    def orders(self) -> None:
        """A member orders while it is open."""
        who, offer = self.random.choice(MEMBERS), self.random.choice(list(self.world.offers.values()))
        self.tries(who, place_order, offer, self.random.randint(0, 6), self.random.choice((0, 0, 2)))

    def corrects(self) -> None:
        """The coordinator looks at a correction, then makes it."""
        offer = self.random.choice(self.rows(select(Offer.id).order_by(col(Offer.id))))
        what = (offer, self.random.randint(2, 5), self.random.random() < 0.7, self.random.randint(0, 6))
        before = self.contents()
        self.tries("王芳", preview_correction, *what)
        assert self.contents() == before, "a preview has changed something"
        self.tries("王芳", correct_line, *what)

    def sets(self, units: int) -> None:
        """The coordinator sets a wish without looking first."""
        offer = self.random.choice(list(self.world.offers.values()))
        self.tries("王芳", correct_line, offer, self.random.randint(2, 5), True, units)

    def contents(self) -> list[str]:
        """What a preview must leave as it is."""
        return sorted(map(str, [*self.rows(select(OrderLine)), *self.rows(select(Allotment))]))

    def answers(self) -> None:
        """A supplier answers one of its orders in some way."""
        rows = self.rows(select(PurchaseOrder).order_by(col(PurchaseOrder.id)))
        if not rows:
            return
        row = self.random.choice(rows)
        who = ("老向", "谭姐")[row.supplier_id - 1]
        which = (row.id, row.revision)
        lines = self.rows(
            select(PurchaseOrderLine)
            .where(PurchaseOrderLine.purchase_order_id == row.id, PurchaseOrderLine.revision == row.revision)
            .order_by(col(PurchaseOrderLine.id))
        )
        chance = self.random.random()
        if chance < 0.3:
            self.tries(who, accept_purchase_order, *which)
        elif chance < 0.55 and lines:
            line = self.random.choice(lines)
            self.tries(who, accept_with_less, *which, {line.offer_id: self.random.randint(0, line.units + 1)})
        elif chance < 0.62:
            self.tries(who, decline_purchase_order, *which, "weather")
        elif chance < 0.7:
            self.tries(who, change_delivery_day, *which, self.clock().date() + timedelta(days=2))
        elif chance < 0.76:
            self.tries(who, mark_shipped, *which)
        elif lines:
            product = self.random.choice(self.rows(select(Product.id).order_by(col(Product.id))))
            self.tries(who, offer_substitute, *which, self.random.choice(lines).offer_id, product)

    def arrives(self) -> None:
        """Telegram has delivered what was on its way."""

        def send(work: Work) -> None:
            for row in work.session.exec(select(PurchaseOrder).where(PurchaseOrder.phase == "sending")).all():
                row.phase, row.sent_at = str(mark_sent(row.phase)), work.now

        self.world.database.run(send, None, None)

    def consents(self) -> None:
        """Members answer, and perhaps the time to do so is up."""
        for consent in self.rows(select(Consent).order_by(col(Consent.id))):
            self.tries(self.random.choice(MEMBERS), answer_change, consent.id, self.random.random() < 0.7)
        if self.random.random() < 0.5:
            self.clock.pass_time(hours=25)
        for change_id in self.world.database.run(due_changes, None, None):
            self.world.database.run(decide_due_change, None, None, change_id)

    def turns(self) -> None:
        """The coordinator closes, or opens again."""
        phase = self.rows(select(Round.phase))[0]
        if phase == "closed" and self.random.random() < 0.4:
            self.tries("王芳", reopen, 1)
        elif phase == "open":
            self.tries("王芳", close_now, 1)

    def step(self) -> None:
        """One of it all."""
        self.clock.pass_time(minutes=7)
        self.random.choices(
            (self.orders, self.corrects, self.answers, self.arrives, self.consents, self.turns), (3, 4, 4, 2, 2, 1)
        )[0]()


def adds_up(world: World) -> None:
    """The laws, on what is stored."""
    with Session(world.database.engine) as session:
        closed = session.exec(select(Round.phase)).one() == "closed"
        got = session.exec(select(Allotment, OrderLine).join(OrderLine, col(OrderLine.id) == Allotment.line_id)).all()
        rows = session.exec(select(PurchaseOrder)).all()
        if not closed:
            assert got == []
            assert all(row.value_minor == row.freight_minor == row.house_minor == 0 for row in rows)
            return
        paid = sum(one.charge_minor + one.freight_minor for one, _ in got)
        house = sum(row.house_minor for row in rows)
        assert paid + house == sum(row.value_minor + row.freight_minor for row in rows)
        assert all(one.units <= line.firm + line.tolerance for one, line in got)
        assert all(one.charge_minor == one.units * one.price_minor for one, _ in got)
        assert all(one.price_minor <= line.price_minor for one, line in got)
        for row in rows:
            _order_adds_up(session, row, {line.offer_id for _, line in got})
    statement = world.database.run(read_statement, world.actor("王芳"), None, 1)
    assert statement.paid + statement.house == statement.owed
    assert statement.first_owed - statement.first_house == sum(part.first for part in statement.members)


def _order_adds_up(session: Session, row: PurchaseOrder, offers: set[int]) -> None:
    lines = session.exec(
        select(PurchaseOrderLine).where(
            PurchaseOrderLine.purchase_order_id == row.id, PurchaseOrderLine.revision == row.revision
        )
    ).all()
    if row.phase == "declined":
        assert (row.value_minor, row.freight_minor, row.house_minor, row.accepted_revision) == (0, 0, 0, 0)
        return
    assert row.value_minor == sum(line.units * line.price_minor for line in lines)
    assert bool(row.freight_minor) == bool(lines)
    assert row.known_revision < row.revision
    ordered: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        ordered[line.offer_id] += line.units if line.pickup_point_id is not None else 0
    for offer_id in offers:
        offer = session.get_one(Offer, offer_id)
        if offer.supplier_id == row.supplier_id:
            units = select(func.coalesce(func.sum(Allotment.units), 0)).join(
                OrderLine, col(OrderLine.id) == Allotment.line_id
            )
            assert int(session.exec(units.where(OrderLine.offer_id == offer_id)).one()) == ordered[offer_id]


@pytest.mark.parametrize("seed", range(6))
def test_after_any_sequence_it_adds_up(world: World, clock: Clock, seed: int) -> None:
    chance = Chance(world, clock, seed)
    for _ in range(12):
        chance.orders()
        clock.pass_time(minutes=1)
    chance.tries("王芳", close_now, 1)
    adds_up(world)
    shipped: dict[int, tuple[int, int]] = {}
    for _ in range(STEPS):
        chance.step()
        adds_up(world)
        for row in chance.rows(select(PurchaseOrder).where(PurchaseOrder.phase == "shipped")):
            assert shipped.setdefault(row.id, (row.revision, row.value_minor)) == (row.revision, row.value_minor)
    assert chance.done["correct_line"], "nothing was corrected"


def test_the_sequences_reach_everything(world: World, clock: Clock) -> None:
    """A test of the test: what it is about does happen."""
    chance = Chance(world, clock, 5)
    for _ in range(12):
        chance.orders()
    chance.tries("王芳", close_now, 1)
    for _ in range(100):
        chance.step()
    wanted = {"correct_line", "accept_purchase_order", "accept_with_less", "offer_substitute", "answer_change"}
    assert wanted <= set(chance.done), dict(chance.done)


def test_answers_and_corrections_at_the_same_time(world: World, clock: Clock) -> None:
    """Two suppliers and the coordinator act side by side: nobody waits for each other in a circle, and it adds up."""
    for who, offer in (("甲", "脐橙"), ("乙", "血橙"), ("丙", "脆李"), ("丁", "茶")):
        world.places(who, offer, 5)
    world.database.run(close_now, world.actor("王芳"), None, 1)

    def act(seed: int) -> int:
        chance = Chance(world, clock, seed)
        for _ in range(6):
            chance.random.choice((chance.answers, lambda: chance.sets(seed)))()
        return sum(chance.done.values())

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(act, range(6))) > 0
    adds_up(world)
