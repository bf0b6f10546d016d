"""Closing from sums writes exactly what the rules say line by line, for any round, on both databases."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlmodel import Session

from models import (
    HOUSE,
    Allotment,
    Member,
    Offer,
    Order,
    OrderLine,
    Place,
    PurchaseOrderLine,
    Raise,
    Round,
    RoundSupplier,
)
from rules.decide import Decision, LineDecision
from services.database import Database
from services.decide_closing import decide_closing, decide_for_order
from services.decide_round import decide_round
from services.work import Work
from services.write_closing import write_closing
from tests.world import World, add_member, add_product, add_supplier, make_world

OPENS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PRODUCTS, MEMBERS = 3, 7

terms = st.fixed_dictionaries(
    {
        "price_minor": st.integers(90, 110),
        "case_size": st.integers(1, 6),
        "minimum_units": st.sampled_from([0, 0, 5, 20]),
        "case_policy": st.sampled_from(["drop", "house"]),
        "strategy": st.sampled_from(["oldest", "fair"]),
        "tiers": st.sampled_from([[], [[8, 80]], [[5, 85], [15, 70]]]),
        "supplied_units": st.sampled_from([None, None, None, 0, 7]),
        "minimum_waived": st.booleans(),
    }
)
supplier_terms = st.fixed_dictionaries(
    {
        "minimum_value_minor": st.sampled_from([0, 0, 1500]),
        "freight_minor": st.sampled_from([0, 0, 0, 333]),
        "freight_split": st.sampled_from(["units", "value", "equally"]),
        "minimum_waived": st.booleans(),
    }
)
minutes = st.integers(0, 12)
line = st.fixed_dictionaries(
    {
        "raises": st.lists(st.tuples(st.integers(1, 4), minutes), max_size=3),
        "tolerance": st.sampled_from([0, 0, 1, 3]),
        "tolerance_at": st.none() | minutes,
        "promised": st.integers(85, 115),
        "changed_later": st.sampled_from([0, 0, 9]),
        "by_hand": st.none() | st.integers(0, 4),
    }
)
rounds = st.fixed_dictionaries(
    {
        "offers": st.lists(terms, min_size=PRODUCTS, max_size=PRODUCTS),
        "suppliers": st.lists(supplier_terms, min_size=2, max_size=2),
        "lines": st.dictionaries(st.tuples(st.integers(0, MEMBERS - 1), st.integers(0, PRODUCTS - 1)), line),
        "points": st.lists(st.booleans(), min_size=MEMBERS, max_size=MEMBERS),
    }
)


@pytest.fixture
def world(database: Database) -> World:
    """Members, two suppliers and three products; rounds are drawn."""
    world = make_world(database)
    for n in range(MEMBERS):
        add_member(world, f"员工{n}", 100 + n)
    add_supplier(world, "白帝")
    add_supplier(world, "云上")
    for n, name in enumerate(("脐橙", "茶", "脆李")):
        add_product(world, ("白帝", "云上")[n % 2], name, 100)
    return world


def at(minute: int) -> datetime:
    return OPENS_AT + timedelta(minutes=minute)


def fill(work: Work, world: World, drawn: dict[str, Any]) -> Round:
    """The rows of a drawn round."""
    found = Round(
        enterprise_id=world.enterprise_id, number=1, phase="closed", coordinator_id=1, opens_at=OPENS_AT,
        closes_at=at(60),
    )  # fmt: skip
    work.session.add(found)
    work.session.flush()
    suppliers = list(world.suppliers.values())
    for supplier_id, one in zip(suppliers, drawn["suppliers"], strict=True):
        work.session.execute(insert(RoundSupplier).values(round_id=found.id, supplier_id=supplier_id, **one))
    offers = [
        work.session.execute(
            insert(Offer)
            .values(round_id=found.id, product_id=product_id, supplier_id=suppliers[n % 2], position=n + 1, **one)
            .returning(Offer.id)
        ).scalar_one()
        for n, (product_id, one) in enumerate(zip(world.products.values(), drawn["offers"], strict=True))
    ]
    members = work.session.execute(select(Member.id).order_by(Member.id)).scalars().all()
    orders = [
        work.session.execute(
            insert(Order)
            .values(round_id=found.id, member_id=member_id, placed_at=OPENS_AT,
                    pickup_point_id=world.points["北门"] if has_point else None)
            .returning(Order.id)
        ).scalar_one()
        for member_id, has_point in zip(members, drawn["points"], strict=True)
    ]  # fmt: skip
    for (member, product), one in drawn["lines"].items():
        add_line(work, orders[member], offers[product], one)
    return found


def add_line(work: Work, order_id: int, offer_id: int, one: dict[str, Any]) -> None:
    newest = max([minute for _, minute in one["raises"]], default=0)
    row = {
        "order_id": order_id, "offer_id": offer_id, "firm": sum(units for units, _ in one["raises"]),
        "tolerance": one["tolerance"], "price_minor": one["promised"],
        "tolerance_at": None if one["tolerance_at"] is None else at(one["tolerance_at"]),
        "changed_at": at(newest + one["changed_later"]),
    }  # fmt: skip
    line_id = work.session.execute(insert(OrderLine).values(**row).returning(OrderLine.id)).scalar_one()
    for units, minute in one["raises"]:
        work.session.execute(insert(Raise).values(line_id=line_id, units=units, at=at(minute)))
    if one["by_hand"] is not None:
        by_hand = {"units": one["by_hand"], "reason": "full", "price_minor": 1, "charge_minor": 0, "manual": True}
        work.session.execute(insert(Allotment).values(line_id=line_id, **by_hand))


@contextmanager
def trial(database: Database) -> Iterator[Work]:
    """A transaction of which nothing stays."""
    with Session(database.engine) as session, session.begin() as transaction:
        yield Work(session=session, now=at(60))
        transaction.rollback()


def without_lines(decision: Decision) -> list[object]:
    """All that a decision says but for its lines."""
    offers = [(o.offer_id, o.consolidation, o.units, o.price, o.house_units, o.house_cost) for o in decision.offers]
    return [*offers, *decision.suppliers]


def written(work: Work) -> dict[int, LineDecision]:
    """Allotments as they stand."""
    rows = work.session.execute(select(Allotment.__table__, OrderLine.order_id).join(  # type: ignore[attr-defined]
        OrderLine, OrderLine.id == Allotment.line_id
    ))  # fmt: skip
    return {
        row.line_id: LineDecision(
            row.line_id, row.order_id, row.units, row.reason, row.price_minor, row.charge_minor, row.freight_minor,
            row.manual,
        )
        for row in rows
    }  # fmt: skip


def ordered(work: Work, decision: Decision) -> Counter[tuple[int, Place, int]]:
    """Units by offer, for whom they are, and price, added up line by line."""
    points = dict(work.session.execute(select(Order.id, Order.pickup_point_id)).all())
    units: Counter[tuple[int, Place, int]] = Counter()
    for offer in decision.offers:
        for one in offer.lines:
            units[offer.offer_id, points[one.order_id], offer.price] += one.units
        units[offer.offer_id, HOUSE, offer.price] += offer.house_units
    return +units


any_round = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@any_round
@given(drawn=rounds)
def test_sums_decide_like_lines(world: World, drawn: dict[str, Any]) -> None:
    """Cases, minimums, tiers, house, shortage, freight, promised prices, units by hand."""
    with trial(world.database) as work:
        found = fill(work, world, drawn)
        whole, summed = decide_round(work, found), decide_closing(work, found)
        assert without_lines(summed) == without_lines(whole)
        assert summed.failed == whole.failed
        told_apart = {one.line_id: one for offer in summed.offers for one in offer.lines}
        every = {one.line_id: one for offer in whole.offers for one in offer.lines}
        assert told_apart == {line_id: every[line_id] for line_id in told_apart}


@any_round
@given(drawn=rounds)
def test_closing_writes_what_lines_say(world: World, drawn: dict[str, Any]) -> None:
    for one in drawn["lines"].values():
        one["by_hand"] = None
    with trial(world.database) as work:
        found = fill(work, world, drawn)
        whole = decide_round(work, found)
        write_closing(work, found, decide_closing(work, found))
        assert written(work) == {one.line_id: one for offer in whole.offers for one in offer.lines}
        rows = work.session.execute(select(PurchaseOrderLine)).scalars()
        assert Counter({(r.offer_id, r.place, r.price_minor): r.units for r in rows}) == ordered(work, whole)


@any_round
@given(drawn=rounds, member=st.integers(0, MEMBERS - 1))
def test_one_order_is_decided_like_in_its_round(world: World, drawn: dict[str, Any], member: int) -> None:
    """What a nudge says to one member is what closing now would do to them; freight is no matter of a nudge."""
    with trial(world.database) as work:
        found = fill(work, world, drawn)
        order_id = work.session.execute(select(Order.id).order_by(Order.id)).scalars().all()[member]
        decisions = decide_round(work, found), decide_for_order(work, found, order_id)
        whole, alone = (
            {
                one.line_id: replace(one, freight=0)
                for offer in decision.offers for one in offer.lines if one.order_id == order_id
            }
            for decision in decisions
        )  # fmt: skip
        assert alone == whole


def test_lines_changed_later_do_not_hide_the_newest_raise(world: World) -> None:
    """More of the lines changed last hold old raises only than are read at first: the newest raise is found behind."""
    offer = {
        "price_minor": 100, "case_size": 4, "minimum_units": 0, "case_policy": "drop", "strategy": "oldest",
        "tiers": [], "supplied_units": None, "minimum_waived": False,
    }  # fmt: skip
    free = {"minimum_value_minor": 0, "freight_minor": 0, "freight_split": "units", "minimum_waived": False}
    wish = {"tolerance": 0, "tolerance_at": None, "promised": 100, "by_hand": None}
    lines = {(n, 0): wish | {"raises": [(1, 1 + n)], "changed_later": 40} for n in range(4)}
    lines[4, 0] = wish | {"raises": [(1, 9)], "changed_later": 0}
    drawn = {"offers": [offer] * PRODUCTS, "suppliers": [free] * 2, "lines": lines, "points": [True] * MEMBERS}
    with trial(world.database) as work:
        found = fill(work, world, drawn)
        newest = work.session.execute(select(OrderLine.id).order_by(OrderLine.id.desc())).scalars().first()
        write_closing(work, found, decide_closing(work, found))
        assert {one.line_id: one.units for one in written(work).values() if one.units != 1} == {newest: 0}
