"""Rows that travel as one parameter arrive as those that travel one by one; on both databases."""

from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from models import JournalEntry, Raise
from services.database import Database
from services.work import Work
from tests.conftest import STARTS_AT

STRANGE = ["a\x00b", "a\ud800b", "\"'\\:%s{}", "🍊 脐橙", None, True, 10**30, [1, {"x": "\x00"}], -1.5, ""]


def test_facts_of_any_text_come_back(database: Database) -> None:
    def note(work: Work) -> None:
        for one in STRANGE:
            work.journal("noted", said=one, at=work.now.isoformat())

    database.run(note, None, None)
    with Session(database.engine) as session:
        entries = session.exec(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [entry.facts["said"] for entry in entries] == STRANGE
    assert {entry.at for entry in entries} == {database.clock()}


@pytest.mark.parametrize("rows", [1, 2])
def test_a_moment_without_a_zone_is_refused(database: Database, rows: int) -> None:
    naive = {"line_id": 1, "units": 1, "at": datetime(2026, 3, 2, 9, 0)}  # noqa: DTZ001

    def insert(work: Work) -> None:
        work.insert_many(Raise.__table__, [naive] * rows)  # type: ignore[attr-defined]

    with pytest.raises((StatementError, ValueError), match="without a time zone"):
        database.run(insert, None, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_facts_hold_no_moments(database: Database, rows: int) -> None:
    def note(work: Work) -> None:
        for _ in range(rows):
            work.journal("noted", when=STARTS_AT)

    with pytest.raises((StatementError, TypeError), match="JSON serializable"):
        database.run(note, None, None)
