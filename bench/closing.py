"""Closing a round of 1,600 lines (200 members, 60 products, 10 suppliers) on SQLite.

The limit in the same run: merely writing as many rows as the closing writes, in one transaction.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert
from sqlmodel import Session, func, select

from bot.migrate import migrate
from models import (
    Allotment,
    Enterprise,
    JournalEntry,
    Member,
    Notice,
    Offer,
    Order,
    OrderLine,
    Person,
    PickupPoint,
    Product,
    PurchaseOrderLine,
    Raise,
    Round,
    Supplier,
    SupplierContact,
)
from services.close_round import close_due_round
from services.database import Database, make_engine
from services.work import Work

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
RUNS = 5


def closing(folder: Path) -> Iterator[str]:
    """Median of five closings, and its ratio to bare writing."""
    for members, products, suppliers, lines in ((200, 60, 10, 1_600), (1_000, 100, 10, 10_000)):
        spans, floors = [], []
        for n in range(RUNS):
            database = _filled(folder / f"closing-{lines}-{n}.db", members, products, suppliers, lines)
            start = time.perf_counter()
            assert database.run(close_due_round, None, None, 1)
            spans.append(time.perf_counter() - start)
            floors.append(_bare_writing(database))
            database.close()
        span, floor = median(spans), median(floors)
        yield f"closing {lines} lines: {span * 1000:.0f} ms, {span / floor:.1f} times writing its rows alone"


def _bare_writing(database: Database) -> float:
    with Session(database.engine) as session:
        allotments = [row.model_dump() for row in session.exec(select(Allotment))]
        notices = session.exec(select(func.count()).select_from(Notice)).one()
        po_lines = session.exec(select(func.count()).select_from(PurchaseOrderLine)).one()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM allotment")
    start = time.perf_counter()
    with database.engine.begin() as connection:
        connection.execute(insert(Allotment), allotments)
        rows = [{"at": NOW, "what": "x", "facts": {}} for _ in range(notices + po_lines)]
        connection.execute(insert(JournalEntry), rows)
    return time.perf_counter() - start


def _filled(path: Path, members: int, products: int, suppliers: int, lines: int) -> Database:
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    database = Database(f"sqlite:///{path}", lambda: NOW)
    database.run(_fill, None, None, members, products, suppliers, lines)
    return database


def _fill(work: Work, members: int, products: int, suppliers: int, lines: int) -> None:
    chance = random.Random(1)
    run = work.session.execute
    run(insert(Enterprise), [{"name": "x", "zone": "UTC", "currency": "CNY", "locale": "zh_CN", "created_at": NOW}])
    run(insert(PickupPoint), [{"enterprise_id": 1, "name_zh": f"p{n}"} for n in range(5)])
    people = [
        {"telegram_id": n, "first_name": "x", "locale": "zh_CN", "is_operator": False, "created_at": NOW}
        for n in range(1, members + suppliers + 1)
    ]
    run(insert(Person), people)
    run(insert(Member), [
        {"enterprise_id": 1, "person_id": n, "role": "coordinator" if n == 1 else "employee", "name": f"m{n}", "department": "", "pickup_point_id": 1 + n % 5, "joined_at": NOW}
        for n in range(1, members + 1)
    ])  # fmt: skip
    run(
        insert(Supplier),
        [
            {"enterprise_id": 1, "name_zh": f"s{n}", "county_zh": "c", "minimum_value_minor": 0}
            for n in range(suppliers)
        ],
    )
    run(
        insert(SupplierContact),
        [{"supplier_id": n, "person_id": members + n, "name": "c", "joined_at": NOW} for n in range(1, suppliers + 1)],
    )
    terms = [{"price_minor": 1000 + n, "case_size": 1 + n % 4, "minimum_units": n % 3} for n in range(products)]
    run(
        insert(Product),
        [
            {"enterprise_id": 1, "supplier_id": 1 + n % suppliers, "name_zh": f"p{n}", **terms[n]}
            for n in range(products)
        ],
    )
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
    run(insert(Offer), [
        {"round_id": 1, "product_id": n + 1, "supplier_id": 1 + n % suppliers, "position": n + 1, "name_zh": f"p{n}", "case_policy": "drop", "strategy": "oldest", **terms[n]}
        for n in range(products)
    ])  # fmt: skip
    run(
        insert(Order),
        [
            {"round_id": 1, "member_id": n, "pickup_point_id": 1 + n % 5, "placed_at": NOW}
            for n in range(1, members + 1)
        ],
    )
    pairs = chance.sample([(m, p) for m in range(1, members + 1) for p in range(1, products + 1)], lines)
    wished = [
        {
            "order_id": m,
            "offer_id": p,
            "firm": chance.randint(1, 5),
            "tolerance": 0,
            "price_minor": terms[p - 1]["price_minor"],
            "changed_at": NOW,
        }
        for m, p in pairs
    ]
    run(insert(OrderLine), wished)
    run(
        insert(Raise),
        [{"line_id": n, "units": line["firm"], "at": NOW - timedelta(seconds=n)} for n, line in enumerate(wished, 1)],
    )
