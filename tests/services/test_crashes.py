"""A crash at any statement in the middle: nothing of it is left, and the next run does it once and in full."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, inspect, text
from sqlmodel import Session

from services.answer_purchase_order import accept_with_less
from services.close_round import close_due_round
from services.correct_round import correct_line
from services.database import Database
from services.due_series import make_due_rounds
from services.open_round import open_due_round
from services.reopen_round import reopen
from services.standing_orders import keep_every_time
from tests.clock import Clock
from tests.services.weekly import act, at, make
from tests.world import World, add_member, set_offer


class CrashError(Exception):
    """The process dies."""


def contents(world: World) -> dict[str, list[str]]:
    """Every row of every table."""
    with Session(world.database.engine) as session:
        tables = inspect(world.database.engine).get_table_names()
        return {table: sorted(map(str, session.execute(text(f"SELECT * FROM {table}")))) for table in tables}


def crashes_everywhere(world: World, run: Callable[[], object]) -> int:
    """Crash before the first statement, the second, and so on, until it comes to its end; how many there are."""
    before, crashed = contents(world), 0
    left = 0

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise CrashError

    event.listen(world.database.engine, "before_cursor_execute", count)
    while True:
        left = crashed
        try:
            run()
        except CrashError:
            crashed += 1
            left = 1_000_000
            assert contents(world) == before, f"something is left of a crash at statement {crashed}"
        else:
            event.remove(world.database.engine, "before_cursor_execute", count)
            return crashed


@pytest.fixture
def world(sqlite_database: Database) -> World:
    """A weekly series in whose first round two have ordered what they order every time."""
    world = make(sqlite_database)
    for n, name in enumerate(("甲", "乙"), 2):
        add_member(world, name, n)
        world.places(name, "脐橙", n)
        world.places(name, "茶", 1)
        act(world, keep_every_time, 1, who=name)
    set_offer(world, "脐橙", case_size=4)
    return world


def counted(world: World) -> dict[str, int]:
    """How many rows there are of what must be there once."""
    rows = contents(world)
    return {table: len(rows[table]) for table in ("round", "purchase_order", "allotment", "notice")}


def test_a_closing_and_what_follows(world: World, clock: Clock) -> None:
    clock.pass_time(days=1)
    assert crashes_everywhere(world, lambda: world.database.run(close_due_round, None, None, 1)) > 10
    closed = counted(world)
    assert (closed["purchase_order"], closed["allotment"]) == (1, 4)
    world.database.run(close_due_round, None, None, 1)
    assert counted(world) == closed
    oranges = world.offers["脐橙"]
    crashes_everywhere(world, lambda: act(world, accept_with_less, 1, 1, {oranges: 3}, who="老向"))
    crashes_everywhere(world, lambda: act(world, correct_line, world.offers["茶"], 2, True, 3))
    assert counted(world)["purchase_order"] == 1


def test_a_reopening(world: World, clock: Clock) -> None:
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    assert crashes_everywhere(world, lambda: act(world, reopen, 1)) > 5
    assert counted(world)["allotment"] == 0


def test_the_next_round_of_a_series_with_its_standing_orders(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    assert crashes_everywhere(world, lambda: world.database.run(make_due_rounds, None, None, 1)) > 10
    assert counted(world)["round"] == 2
    at(world, clock, 2026, 3, 9, 1, 0)
    assert crashes_everywhere(world, lambda: world.database.run(open_due_round, None, None, 2)) > 20
    with Session(world.database.engine) as session:
        placed = session.execute(
            text("SELECT firm FROM order_line JOIN offer ON offer.id = offer_id WHERE round_id = 2")
        )
        assert sorted(firm for (firm,) in placed) == [1, 1, 2, 3]
