"""Placing one line in a round of 20,000 members and 200,000 lines.

The limit in the same run: one transaction that writes a single row of the journal.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from sqlmodel import Session, select

from bench.bars import at_most
from bench.databases import Kind
from bench.rounds import NOW, SIZES
from models import Person
from services.database import Database
from services.place_order import place_order
from services.work import Actor, Work

PRESSES = 300
SIZE = SIZES[-1]
BAR_MILLISECONDS = 3.0


def placing(kinds: tuple[Kind, ...]) -> Iterator[dict[str, Any]]:
    """For each database: median and 95 % of many members placing one line each, commit included."""
    for kind in kinds:
        database = kind.make(SIZE, NOW - timedelta(hours=1))
        actors = _actors(database)

        def place(n: int, database: Database = database, actors: list[Actor] = actors) -> None:
            database.run(place_order, actors[n], None, 1 + n * 7 % SIZE.products, 1 + n % 6)

        def note(n: int, database: Database = database) -> None:
            database.run(_note, None, None)

        with _in_the_driver(database) as driver:
            spans = _spans(place)
        floors = _spans(note)
        database.close()
        yield {
            "what": "placing one line", "database": kind.name, "lines": SIZE.lines,
            "milliseconds": round(median(spans) * 1000, 2),
            "database_milliseconds": round(median(driver) * 1000, 2), "milliseconds_95": round(quantiles(spans, n=20)[-1] * 1000, 2),
            "bare_writing_milliseconds": round(median(floors) * 1000, 2),
            "ratio": round(median(spans) / median(floors), 2),
            **at_most(median(driver) * 1000, BAR_MILLISECONDS, where=" in driver"),
        }  # fmt: skip


@contextmanager
def _in_the_driver(database: Database) -> Iterator[list[float]]:
    """Seconds that each transaction's statements and its commit take inside the database's driver."""
    dialect, transactions = database.engine.dialect, []
    execute, many, commit, since = dialect.do_execute, dialect.do_executemany, dialect.do_commit, 0.0

    def timed(call: Callable[..., None], *arguments: Any) -> None:
        nonlocal since
        start = time.perf_counter()
        call(*arguments)
        since += time.perf_counter() - start

    def commit_timed(connection: Any) -> None:
        nonlocal since
        timed(commit, connection)
        transactions.append(since)
        since = 0.0

    instead = {"do_execute": partial(timed, execute), "do_executemany": partial(timed, many), "do_commit": commit_timed}
    with patch.multiple(dialect, **instead):
        yield transactions


def _actors(database: Database) -> list[Actor]:
    with Session(database.engine) as session:
        rows = session.exec(select(Person).limit(PRESSES + 10)).all()
    return [Actor(row.id or 0, row.telegram_id, row.locale) for row in rows]


def _note(work: Work) -> None:
    work.journal("noted")


def _spans(run: Callable[[int], None]) -> list[float]:
    spans = []
    for n in range(PRESSES):
        start = time.perf_counter()
        run(n)
        spans.append(time.perf_counter() - start)
    return spans[10:]
