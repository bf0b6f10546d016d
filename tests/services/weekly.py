"""A weekly series to begin a test with, and what tests do with it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, SQLModel, select

from models import Round
from services.database import Database
from services.due_series import due_series, make_due_rounds
from services.make_series import make_series, set_series_phase
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

MONDAY = date(2026, 3, 9)


def make(database: Database, **enterprise: object) -> World:
    """An enterprise with a weekly series that runs: Mondays 9:00 in Chongqing, until Tuesdays 9:00."""
    world = make_world(database, **enterprise)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    add_product(world, "白帝", "茶", 9800)
    round_id = open_round(world, "王芳")
    act(world, make_series, round_id)
    act(world, set_series_phase, 1, "running")
    return world


def act(world: World, use_case: Callable[..., Any], *args: Any, who: str = "王芳") -> Any:
    """Somebody does something."""
    return world.database.run(use_case, world.actor(who), None, *args)


def look(world: World) -> bool:
    """The creating job looks."""
    return any(
        world.database.run(make_due_rounds, None, None, id_) for id_ in world.database.run(due_series, None, None)
    )


def rows(world: World, table: type[SQLModel]) -> list[Any]:
    """All rows of a table, oldest first."""
    with Session(world.database.engine) as session:
        return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]


def openings(world: World) -> list[str]:
    """When the made rounds open."""
    return [row.opens_at.isoformat() for row in rows(world, Round)[1:]]


def at(world: World, clock: Clock, *moment: int) -> None:
    """It is this moment in UTC."""
    clock.now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]
