"""Closing a round, allotments, purchase orders, journal and every notice included.

The limit in the same run: merely writing the rows that the closing wrote, in one transaction.
"""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlmodel import SQLModel

from bench.bars import at_most
from bench.databases import Kind
from bench.rounds import SIZES, Size
from models import Allotment, JournalEntry, Notice, PurchaseOrder, PurchaseOrderLine
from services.close_round import close_due_round
from services.database import Database

RUNS = 3
BAR_MILLISECONDS = {50_000: 250.0}
"""What VOKO takes for sums and mail alone, without cases, allotments and notices."""
WRITTEN: tuple[type[SQLModel], ...] = (Allotment, PurchaseOrder, PurchaseOrderLine, JournalEntry, Notice)


def closing(kinds: tuple[Kind, ...]) -> Iterator[dict[str, Any]]:
    """For each database and size: the median of some closings, a line's part of it, and its ratio to bare writing."""
    for kind in kinds:
        for size in SIZES:
            spans, floors = zip(*(_once(kind, size) for _ in range(RUNS)), strict=True)
            span, floor = median(spans), median(floors)
            yield {
                "what": "closing", "database": kind.name, "lines": size.lines,
                "milliseconds": round(span * 1000, 1), "microseconds_a_line": round(span * 1e6 / size.lines, 2),
                "bare_writing_milliseconds": round(floor * 1000, 1), "ratio": round(span / floor, 2),
                **(at_most(span * 1000, BAR_MILLISECONDS[size.lines]) if size.lines in BAR_MILLISECONDS else {}),
            }  # fmt: skip


def _once(kind: Kind, size: Size) -> tuple[float, float]:
    database = kind.make(size)
    assert database.run(close_due_round, None, None, 2)
    start = time.perf_counter()
    assert database.run(close_due_round, None, None, 1)
    span = time.perf_counter() - start
    floor = _bare_writing(database)
    database.close()
    return span, floor


def _bare_writing(database: Database) -> float:
    """Seconds to write the same rows again, after they were taken out."""
    tables: list[Table] = [table.__table__ for table in WRITTEN]  # type: ignore[attr-defined]
    with database.engine.begin() as connection:
        rows = [[dict(row) for row in connection.execute(select(table)).mappings()] for table in tables]
        for table in reversed(tables):
            connection.execute(delete(table))
    start = time.perf_counter()
    with database.engine.begin() as connection:
        for table, some in zip(tables, rows, strict=True):
            if some:
                connection.execute(insert(table), some)
    return time.perf_counter() - start
