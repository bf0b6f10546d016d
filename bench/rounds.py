"""Rounds to measure: so many members, products, suppliers and lines, drawn from a fixed seed."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from models import (
    Card,
    Enterprise,
    Member,
    Offer,
    Order,
    OrderLine,
    Person,
    PickupPoint,
    Product,
    Raise,
    Round,
    RoundPickupPoint,
    RoundSupplier,
    Supplier,
    SupplierContact,
)
from services.work import Work

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
POINTS = 5
WITH_TOLERANCE = 0.2
"""Share of lines that would also take more, of every third product."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a round is."""

    members: int
    products: int
    suppliers: int
    lines: int


SIZES = (
    Size(200, 60, 10, 1_600),
    Size(1_000, 100, 10, 10_000),
    Size(5_000, 200, 20, 50_000),
    Size(20_000, 200, 20, 200_000),
)


def fill(work: Work, size: Size) -> None:
    """Everything that a round of this size holds, and a small round beside it."""
    _people(work, size)
    terms = _catalogue(work, size)
    _round(work, size, terms)
    _orders(work, size, terms)
    _small_round(work)


def _people(work: Work, size: Size) -> None:
    run = work.session.execute
    run(insert(Enterprise), [{"name": "x", "zone": "UTC", "currency": "CNY", "locale": "zh_CN", "created_at": NOW}])
    run(insert(PickupPoint), [{"enterprise_id": 1, "name_zh": f"p{n}"} for n in range(POINTS)])
    run(insert(Person), [
        {"telegram_id": n, "first_name": "x", "locale": "zh_CN", "is_operator": False, "created_at": NOW}
        for n in range(1, size.members + size.suppliers + 1)
    ])  # fmt: skip
    run(insert(Member), [
        {"enterprise_id": 1, "person_id": n, "role": "coordinator" if n == 1 else "employee", "name": f"m{n}", "department": "", "pickup_point_id": 1 + n % POINTS, "joined_at": NOW}
        for n in range(1, size.members + 1)
    ])  # fmt: skip


def _catalogue(work: Work, size: Size) -> list[dict[str, Any]]:
    """Cases of 1 to 4 units, some minimums, a tier for every third product, stock for every fourth."""
    run = work.session.execute
    suppliers = range(1, size.suppliers + 1)
    run(
        insert(Supplier),
        [{"enterprise_id": 1, "name_zh": f"s{n}", "county_zh": "c", "minimum_value_minor": 0} for n in suppliers],
    )
    run(
        insert(SupplierContact),
        [{"supplier_id": n, "person_id": size.members + n, "name": "c", "joined_at": NOW} for n in suppliers],
    )
    terms = [
        {
            "price_minor": 1000 + n,
            "case_size": 1 + n % 4,
            "minimum_units": n % 3,
            "tiers": [[50, 900 + n]] if n % 3 == 0 else [],
            "stock_units": 100_000 if n % 4 == 0 else None,
        }
        for n in range(size.products)
    ]
    run(
        insert(Product),
        [
            {"enterprise_id": 1, "supplier_id": 1 + n % size.suppliers, "name_zh": f"p{n}", **one}
            for n, one in enumerate(terms)
        ],
    )
    return terms


def _round(work: Work, size: Size, terms: list[dict[str, Any]]) -> None:
    run = work.session.execute
    run(
        insert(Round),
        [
            {
                "enterprise_id": 1,
                "number": 1,
                "phase": "open",
                "coordinator_id": 1,
                "opens_at": NOW - timedelta(days=1),
                "closes_at": NOW,
            }
        ],
    )
    run(insert(RoundPickupPoint), [{"round_id": 1, "pickup_point_id": n + 1} for n in range(POINTS)])
    run(
        insert(RoundSupplier),
        [{"round_id": 1, "supplier_id": n, "minimum_value_minor": 0} for n in range(1, size.suppliers + 1)],
    )
    run(insert(Offer), [
        {"round_id": 1, "product_id": n + 1, "supplier_id": 1 + n % size.suppliers, "position": n + 1, "name_zh": f"p{n}", "case_policy": "drop", "strategy": "oldest", **one}
        for n, one in enumerate(terms)
    ])  # fmt: skip


def _orders(work: Work, size: Size, terms: list[dict[str, Any]]) -> None:
    """Lines in the order in which they were wished, each with one raise; every member holds a card."""
    chance = random.Random(1)
    run = work.session.execute
    members = range(1, size.members + 1)
    run(
        insert(Order),
        [{"round_id": 1, "member_id": n, "pickup_point_id": 1 + n % POINTS, "placed_at": NOW} for n in members],
    )
    run(insert(Card), [{"round_id": 1, "member_id": n, "chat_id": n, "message_id": n} for n in members])
    moment = [NOW - timedelta(seconds=size.lines - n) for n in range(size.lines)]
    pairs = chance.sample(range(size.members * size.products), size.lines)
    wished = []
    for at, pair in zip(moment, pairs, strict=True):
        member, product = divmod(pair, size.products)
        tolerance = chance.randint(1, 3) if product % 3 == 1 and chance.random() < WITH_TOLERANCE else 0
        wished.append({
            "order_id": member + 1, "offer_id": product + 1, "firm": chance.randint(1, 5), "tolerance": tolerance,
            "tolerance_at": at if tolerance else None, "price_minor": terms[product]["price_minor"], "changed_at": at,
        })  # fmt: skip
    _load(work, OrderLine, wished)
    _load(
        work,
        Raise,
        [{"line_id": n, "units": line["firm"], "at": line["changed_at"]} for n, line in enumerate(wished, 1)],
    )


def _small_round(work: Work) -> None:
    """A second round with one line. Closing it first makes the process one that has closed a round before."""
    run = work.session.execute
    run(
        insert(Round),
        [
            {
                "enterprise_id": 1,
                "number": 2,
                "phase": "open",
                "coordinator_id": 1,
                "opens_at": NOW - timedelta(days=1),
                "closes_at": NOW,
            }
        ],
    )
    terms = {
        "supplier_id": 1,
        "name_zh": "p",
        "price_minor": 1000,
        "case_size": 2,
        "case_policy": "drop",
        "strategy": "oldest",
        "tiers": [],
    }
    offer = run(insert(Offer).values(round_id=2, product_id=1, position=1, **terms).returning(Offer.id)).scalar_one()
    order = run(insert(Order).values(round_id=2, member_id=1, placed_at=NOW).returning(Order.id)).scalar_one()
    wish = {"firm": 3, "tolerance": 0, "price_minor": 1000, "changed_at": NOW}
    line = run(insert(OrderLine).values(order_id=order, offer_id=offer, **wish).returning(OrderLine.id)).scalar_one()
    run(insert(Raise).values(line_id=line, units=3, at=NOW))


def _load(work: Work, table: Any, rows: list[dict[str, Any]]) -> None:
    """Many rows; PostgreSQL takes them fastest by COPY."""
    connection = work.session.connection()
    if connection.dialect.name == "sqlite":
        work.session.execute(insert(table), rows)
        return
    columns = ", ".join(rows[0])
    with connection.connection.cursor().copy(f"COPY {table.__tablename__} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(list(row.values()))
