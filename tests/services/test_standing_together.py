"""Placing all standing orders of a round together gives what placing them one by one gives, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from models import (
    Allotment,
    Enterprise,
    JournalEntry,
    Member,
    Notice,
    Offer,
    Order,
    OrderLine,
    PickupPoint,
    Raise,
    Round,
    RoundPickupPoint,
    RoundSupplier,
    Series,
    SeriesOccurrence,
    StandingLine,
    StandingOrder,
)
from services.close_round import close_due_round
from services.database import Database
from services.place_standing_orders import place_standing_orders
from services.work import Work
from tests.services.one_by_one import place_one_by_one
from tests.world import World, add_member, add_product, add_supplier, make_world

NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
PRODUCTS, MEMBERS = 3, 6

offer = st.fixed_dictionaries(
    {
        "price_minor": st.integers(90, 110),
        "stock_units": st.none() | st.integers(0, 14),
        "member_cap": st.none() | st.integers(1, 6),
        "case_size": st.sampled_from([1, 1, 4]),
        "minimum_units": st.sampled_from([0, 0, 6]),
        "withdrawn_at": st.sampled_from([None, None, None, NOW]),
        "strategy": st.sampled_from(["oldest", "fair"]),
    }
)
standing = st.fixed_dictionaries(
    {
        "lines": st.dictionaries(st.integers(0, PRODUCTS - 1), st.integers(1, 9), max_size=PRODUCTS),
        "minute": st.integers(0, 2),
        "skips_next": st.sampled_from([False, False, False, True]),
        "left": st.sampled_from([False, False, False, True]),
        "point": st.sampled_from([None, "北门", "南门", "东门"]),
    }
)
drawn_rounds = st.fixed_dictionaries(
    {
        "offers": st.lists(st.none() | offer, min_size=PRODUCTS, max_size=PRODUCTS),
        "orders": st.dictionaries(st.integers(0, MEMBERS - 1), standing),
        "limit": st.none() | st.integers(0, 2500),
        "in_a_group": st.booleans(),
        "update_id": st.none() | st.just(7),
    }
)


@pytest.fixture
def world(database: Database) -> World:
    """Members, two suppliers, three products and three pickup points, of which a round serves two."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n in range(MEMBERS):
        add_member(world, f"员工{n}", 100 + n)
    add_supplier(world, "白帝", freight_minor=333)
    add_supplier(world, "云上")
    for n, name in enumerate(("脐橙", "茶", "脆李")):
        add_product(world, ("白帝", "云上")[n % 2], name, 100)
    for name in ("南门", "东门"):
        row = insert(PickupPoint).values(
            enterprise_id=world.enterprise_id, name_zh=name, name_en="", address_zh="", address_en=""
        )
        with database.engine.begin() as connection:
            world.points[name] = connection.execute(row.returning(PickupPoint.id)).scalar_one()
    return world


def fill(work: Work, world: World, drawn: dict[str, Any]) -> Round:
    """A round that has just opened, of a series with the drawn standing orders."""
    enterprise = work.session.get_one(Enterprise, world.enterprise_id)
    enterprise.order_limit_minor, enterprise.group_chat_id = drawn["limit"], -5 if drawn["in_a_group"] else None
    found = Round(
        enterprise_id=world.enterprise_id, number=1, phase="open", coordinator_id=1, opens_at=NOW,
        closes_at=NOW + timedelta(days=1), group_message_id=9 if drawn["in_a_group"] else None,
    )  # fmt: skip
    series = Series(
        enterprise_id=world.enterprise_id, coordinator_id=1, starts_on=date(2026, 3, 9), opens_minute=540,
        closes_days=1, closes_minute=540, created_at=NOW,
    )  # fmt: skip
    work.session.add_all([found, series])
    work.session.flush()
    work.session.add(SeriesOccurrence(series_id=series.id or 0, day=date(2026, 3, 9), state="made", round_id=found.id))
    for name in ("北门", "南门"):
        work.session.add(RoundPickupPoint(round_id=found.id or 0, pickup_point_id=world.points[name]))
    _offers(work, world, found, drawn["offers"])
    for member, one in drawn["orders"].items():
        _standing(work, world, series, member, one)
    work.session.flush()
    return found


def _offers(work: Work, world: World, found: Round, offers: list[dict[str, Any] | None]) -> None:
    suppliers = list(world.suppliers.values())
    for supplier_id in suppliers:
        work.session.add(RoundSupplier(round_id=found.id or 0, supplier_id=supplier_id, freight_minor=333))
    for n, (product_id, one) in enumerate(zip(world.products.values(), offers, strict=True)):
        if one is not None:
            row = {"round_id": found.id, "product_id": product_id, "supplier_id": suppliers[n % 2], "position": n + 1}
            work.session.execute(insert(Offer).values(**row, **one))


def _standing(work: Work, world: World, series: Series, n: int, one: dict[str, Any]) -> None:
    member = work.session.execute(select(Member).where(col(Member.name) == f"员工{n}")).scalar_one()
    member.pickup_point_id = world.points.get(one["point"])
    member.left_at = NOW if one["left"] else None
    order = StandingOrder(
        series_id=series.id or 0, member_id=member.id or 0, skips_next=one["skips_next"],
        created_at=NOW - timedelta(minutes=one["minute"]),
    )  # fmt: skip
    work.session.add(order)
    work.session.flush()
    for product, units in one["lines"].items():
        product_id = list(world.products.values())[product]
        line = {"standing_order_id": order.id, "product_id": product_id, "units": units, "agreed_minor": 95}
        work.session.execute(insert(StandingLine).values(**line))


def written(work: Work, found: Round) -> dict[str, list[Any]]:
    """What stands, in the order in which it was written; notices by their keys, since they leave by lane and moment."""
    ordered = select(Order.member_id, Order.pickup_point_id, Order.placed_at, Order.first_charge_minor)
    line = (Order.member_id, OrderLine.offer_id)
    lines = select(*line, OrderLine.firm, OrderLine.tolerance, OrderLine.tolerance_at, OrderLine.price_minor,
                   OrderLine.changed_at, OrderLine.update_id).join(Order, col(Order.id) == OrderLine.order_id)  # fmt: skip
    raises = select(*line, Raise.units, Raise.at).join(OrderLine, col(OrderLine.id) == Raise.line_id)
    charges = select(*line, Allotment.units, Allotment.reason, Allotment.price_minor, Allotment.charge_minor,
                     Allotment.freight_minor).join(OrderLine, col(OrderLine.id) == Allotment.line_id)  # fmt: skip
    of_order = (Order, col(Order.id) == OrderLine.order_id)
    statements = {
        "orders": ordered.order_by(col(Order.id)),
        "lines": lines.order_by(col(OrderLine.id)),
        "raises": raises.join(*of_order).order_by(col(Raise.id)),
        "charges": charges.join(*of_order).order_by(col(OrderLine.id)),
        "skipping": select(StandingOrder.member_id)
        .where(col(StandingOrder.skips_next))
        .order_by(col(StandingOrder.id)),
    }
    rows = {name: [tuple(row) for row in work.session.execute(one)] for name, one in statements.items()}
    notices = sorted(_all_of(work, Notice), key=lambda notice: str(notice["key"]))
    return rows | {"notices": notices, "journal": _all_of(work, JournalEntry)}


def _all_of(work: Work, table: type[SQLModel]) -> list[Any]:
    rows = work.session.execute(select(table).order_by(table.id).execution_options(populate_existing=True)).scalars()  # type: ignore[attr-defined]
    return [row.model_dump(exclude={"id"}) for row in rows]


@contextmanager
def nothing_stays(database: Database) -> Iterator[Work]:
    """A transaction that is taken back."""
    with Session(database.engine) as session:
        try:
            yield Work(session, NOW)
        finally:
            session.rollback()


def outcome(work: Work, found: Round, place: Callable[[Work, Round], None], update_id: int | None) -> dict[str, Any]:
    """What a way of placing gives, and what the round comes to after it; then nothing of it stays."""
    before = {"notices": len(_all_of(work, Notice)), "journal": len(_all_of(work, JournalEntry))}
    with work.session.begin_nested() as savepoint:
        placing = Work(work.session, NOW, update_id=update_id)
        place(placing, found)
        placing.finish()
        placed = written(work, found)
        assert close_due_round(Work(work.session, NOW + timedelta(days=1)), found.id or 0)
        work.session.flush()
        charges = written(work, found)["charges"]
        savepoint.rollback()
    assert {
        name: len(_all_of(work, table)) for name, table in (("notices", Notice), ("journal", JournalEntry))
    } == before
    return placed | {"charges": charges}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(drawn=drawn_rounds)
def test_together_is_as_one_by_one(world: World, drawn: dict[str, Any]) -> None:
    with nothing_stays(world.database) as work:
        found = fill(work, world, drawn)
        expected = outcome(work, found, place_one_by_one, drawn["update_id"])
        assert outcome(work, found, place_standing_orders, drawn["update_id"]) == expected
