"""While the database is away the log is not flooded: when it began, once a minute, and when it is back."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from services import database as module
from services.database import OUTAGE_SAID_EVERY_SECONDS, Database, Outage
from services.work import Work

BEGINS, ENDS = "the database is away, trying again", "the database is back"


def events(logs: list[Any]) -> list[str]:
    """What was said."""
    return [entry["event"] for entry in logs]


def test_an_outage_is_said_when_it_begins_once_a_minute_and_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    outage = Outage("the database")
    with capture_logs() as logs:
        outage.ends()
        for _ in range(1300):
            outage.goes_on("refused")
            now += 0.1
        outage.ends()
        outage.ends()
    assert events(logs) == [BEGINS] * (1 + int(130 // OUTAGE_SAID_EVERY_SECONDS)) + [ENDS]
    assert logs[-1]["after_seconds"] == 130.0
    with capture_logs() as logs:
        outage.goes_on("refused")
    assert events(logs) == [BEGINS], "the next one is news"


async def test_a_file_that_somebody_locks(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SQLITE_BUSY_SECONDS", 0)
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.001)
    database = Database(sqlite_url)
    somebody = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    somebody.execute("BEGIN IMMEDIATE")
    tries = 0

    def count(_seconds: float) -> None:
        nonlocal tries
        tries += 1
        if tries == 4:
            somebody.execute("ROLLBACK")

    def ask(work: Work) -> int:
        return int(work.session.execute(text("SELECT 1")).scalar_one())

    database.observe = count
    with capture_logs() as logs:
        assert await database.transact(ask, None, None) == 1
        assert await database.transact(ask, None, None) == 1
    assert (tries, events(logs)) == (6, [BEGINS, ENDS])
    database.close()
    somebody.close()
