"""Brings the database to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HOUSE = Path(__file__).parents[1]


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision in one transaction."""
    config = Config(HOUSE / "alembic.ini")
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
