"""Whoever looks for what leaves next reads the index in its order, however many notices wait and cards are held."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from models import Card, Notice
from services.database import Database
from services.outbox import lease
from services.refresh_cards import owe_stale_cards, refresh_open_cards
from services.work import Lane, Work
from tests.services.broadcasting import make
from tests.world import World, open_round

MANY = 3_000


@pytest.fixture
def world(database: Database) -> World:
    """A round is open, and members hold its card; thousands of notices wait, of which the server knows nothing yet."""
    world = make(database)
    open_round(world, "王芳")
    database.run(_fill, None, None)
    return world


def _fill(work: Work) -> None:
    work.session.execute(text("DELETE FROM notice"))
    owed = {"kind": "incident", "lane": int(Lane.BROADCAST), "state": "due", "due_at": work.now, "created_at": work.now}
    rows = [owed | {"key": f"k{n}", "chat_id": n, "facts": {}, "attempts": 0, "error": ""} for n in range(MANY)]
    work.session.execute(insert(Notice), rows)
    members = work.session.execute(text("SELECT id FROM member")).scalars().all()
    work.session.execute(
        insert(Card), [{"round_id": 1, "member_id": n, "chat_id": n, "message_id": n} for n in members]
    )


def plans(database: Database, use_case: Callable[..., object], *arguments: object) -> str:
    """How the database looks for what a use case selects."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, _x: object, _many: bool) -> None:
        if statement.startswith(("SELECT", "SET")):
            seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    database.run(use_case, None, None, *arguments)  # type: ignore[arg-type]
    event.remove(database.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":  # there are too few cards to bother otherwise
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = [
            connection.exec_driver_sql(statement if statement.startswith("SET") else explain + statement, parameters)
            for statement, parameters in seen
        ]
        return "\n".join(str(row) for result in rows if result.returns_rows for row in result)


def test_a_lease_sorts_nothing(world: World) -> None:
    found = plans(world.database, lease, 8, [1, 2, 3])
    assert "Index Scan using ix_notice_due" in found or "SEARCH notice USING INDEX ix_notice_due" in found, found
    assert "Bitmap Heap Scan on notice" not in found


def test_cards_that_are_fresh_are_not_read(world: World) -> None:
    found = plans(world.database, owe_stale_cards, 8)
    assert "ix_card_version" in found, found
    assert "SCAN card" not in found


def test_stale_cards_are_found_by_the_index(world: World) -> None:
    world.database.run(refresh_open_cards, None, None)
    found = plans(world.database, owe_stale_cards, 8)
    assert found.count("ix_card_version") == 2, found
    assert "SCAN card" not in found
