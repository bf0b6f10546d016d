"""Brings the database to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HOUSE = Path(__file__).parents[1]
MIGRATING = 0x6261736B6574
"""Key of the advisory lock under which migrations run."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision in one transaction; who starts at the same time waits."""
    config = Config(HOUSE / "alembic.ini")
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # two processes may start at once
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
