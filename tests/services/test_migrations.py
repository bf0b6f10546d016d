"""Migrations go up, down and up again, and lead to exactly the tables of the models."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select
from sqlmodel import SQLModel

from bot.migrate import HOUSE, NEWEST, is_newest, migrating
from services.close_round import close_now
from services.database import Database
from tests.world import add_member, add_product, add_supplier, make_world, open_round


def go(database: Database, revision: str, direction: str) -> None:
    """Bring a database up or down to a revision."""
    with migrating(database.engine) as config:
        (command.upgrade if direction == "up" else command.downgrade)(config, revision)


def test_stairway(database: Database) -> None:
    """Each migration alone: up, down, up."""
    config = Config()
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    newest_first = list(ScriptDirectory.from_config(config).walk_revisions())
    go(database, "base", "down")
    with database.engine.begin() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    for script in reversed(newest_first):
        go(database, script.revision, "up")
        go(database, script.down_revision or "base", "down")  # type: ignore[arg-type]
        go(database, script.revision, "up")


def test_what_is_newest_is_known_without_alembic(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST
    assert is_newest(database.engine)
    go(database, "-1", "down")
    assert not is_newest(database.engine)
    go(database, "base", "down")
    assert not is_newest(database.engine)
    go(database, "head", "up")


def test_models_match_migrations(database: Database) -> None:
    with database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_an_installation_with_orders_is_brought_up(database: Database) -> None:
    """Tables that others point at are made anew on SQLite: no row may be lost or in the way."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    open_round(world, "王芳")
    world.places("王芳", "脐橙", 3)
    database.run(close_now, world.actor("王芳"), None, 1)
    before = _counts(database)
    go(database, "0003", "down")
    go(database, "head", "up")
    assert _counts(database) == before
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert world.wished("脐橙") == {"王芳": 3}


def _counts(database: Database) -> dict[str, int]:
    with database.engine.begin() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }
