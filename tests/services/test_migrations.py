"""Migrations go up, down and up again, and lead to exactly the tables of the models."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import SQLModel

from bot.migrate import HOUSE
from services.database import Database


def go(database: Database, revision: str, direction: str) -> None:
    """Up or down to a revision."""
    config = Config(HOUSE / "alembic.ini")
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
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


def test_models_match_migrations(database: Database) -> None:
    with database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
