"""Opening a round of 1,000 standing lines, each of another member: the transaction for which taps wait.

The limit in the same run: placing the same lines one by one, as taps would, in one transaction.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from bench.bars import at_most
from bench.databases import Kind
from bench.rounds import NOW, POINTS, Size
from models import Offer, Round, RoundPickupPoint, Series, SeriesOccurrence, StandingLine, StandingOrder
from services.database import Database
from services.open_round import open_due_round
from services.place_order import Wanted, place_all
from services.work import Work

LINES, PRODUCTS, RUNS = 1_000, 100, 3
SIZE = Size(LINES, PRODUCTS, 10, LINES)
BAR_MILLISECONDS = 300.0
DRAFT = 3
"""The round that opens; two others are there already."""


def standing(kinds: tuple[Kind, ...]) -> Iterator[dict[str, Any]]:
    """For each database: the opening of the round, and its ratio to the lines one by one."""
    for kind in kinds:
        spans, slow = zip(*(_once(kind) for _ in range(RUNS)), strict=True)
        yield {
            "what": "opening, standing lines included", "database": kind.name, "lines": LINES,
            "milliseconds": round(median(spans) * 1000, 1),
            "microseconds_a_line": round(median(spans) * 1e6 / LINES, 1),
            "ratio": round(median(spans) / median(slow), 3), **at_most(median(spans) * 1000, BAR_MILLISECONDS),
            "note": f"one by one {median(slow) * 1000:,.0f} ms",
        }  # fmt: skip


def _once(kind: Kind) -> tuple[float, float]:
    """Seconds to open the round, and to place the same lines one by one."""
    database = kind.make(SIZE)
    database.run(_series, None, None)
    one_by_one = _seconds(lambda: _taken_back(database, _one_by_one))
    together = _seconds(lambda: database.run(open_due_round, None, None, DRAFT))
    with Session(database.engine) as session:
        placed = session.execute(text("SELECT count(*) FROM member_order WHERE round_id = :r"), {"r": DRAFT})
        assert placed.scalar_one() == LINES
    database.close()
    return together, one_by_one


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _series(work: Work) -> None:
    """A round that is due to open, of a series for which every member orders something each time."""
    run = work.session.execute
    found = run(insert(Round).values(
        enterprise_id=1, number=DRAFT, phase="draft", coordinator_id=1, scheduled_at=NOW, opens_at=NOW,
        closes_at=NOW + timedelta(days=1),
    ).returning(Round.id)).scalar_one()  # fmt: skip
    assert found == DRAFT
    run(insert(RoundPickupPoint), [{"round_id": DRAFT, "pickup_point_id": n + 1} for n in range(POINTS)])
    run(insert(Offer), [
        {"round_id": DRAFT, "product_id": n + 1, "supplier_id": 1 + n % 10, "position": n + 1, "name_zh": f"p{n}",
         "case_policy": "drop", "strategy": "oldest", "price_minor": 1000 + n, "stock_units": 10_000, "tiers": []}
        for n in range(PRODUCTS)
    ])  # fmt: skip
    run(insert(Series).values(
        enterprise_id=1, coordinator_id=1, phase="running", starts_on=NOW.date(), opens_minute=600, closes_days=1,
        closes_minute=600, created_at=NOW,
    ))  # fmt: skip
    run(insert(SeriesOccurrence).values(series_id=1, day=NOW.date(), state="made", round_id=DRAFT))
    members = range(1, LINES + 1)
    run(insert(StandingOrder), [{"series_id": 1, "member_id": n, "created_at": NOW} for n in members])
    run(insert(StandingLine), [
        {"standing_order_id": n, "product_id": 1 + n % PRODUCTS, "units": 1 + n % 3, "agreed_minor": 1000} for n in members
    ])  # fmt: skip


def _one_by_one(work: Work) -> None:
    """Every line as a tap places it, and its notice."""
    work.session.execute(text("UPDATE round SET phase = 'open' WHERE id = :r"), {"r": DRAFT})
    lines = work.session.execute(text(
        "SELECT o.id, m.person_id, l.units FROM standing_line l JOIN standing_order s ON s.id = l.standing_order_id "
        "JOIN member m ON m.id = s.member_id JOIN offer o ON o.product_id = l.product_id AND o.round_id = :r ORDER BY s.id"
    ), {"r": DRAFT}).all()  # fmt: skip
    for offer_id, person_id, units in lines:
        place_all(work, [Wanted(offer_id, person_id, units)])
    work.finish()


def _taken_back(database: Database, use_case: Callable[[Work], None]) -> None:
    with Session(database.engine) as session:
        use_case(Work(session, NOW))
        session.rollback()
