"""Brings the database to the newest revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

HOUSE = Path(__file__).parents[1]
MIGRATING = 0x6261736B6574
"""Key of the advisory lock under which migrations run."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision in one transaction; who starts at the same time waits."""
    with migrating(engine) as config:
        command.upgrade(config, revision)


@contextmanager
def migrating(engine: Engine) -> Iterator[Config]:
    """One transaction for Alembic's commands.

    SQLite changes many things of a table only by making it anew, and then rows that point at it must not be in the
    way: they are checked at the end instead.
    """
    config = Config(HOUSE / "alembic.ini")
    config.set_main_option("script_location", str(HOUSE / "migrations"))
    with engine.connect() as connection:
        embedded = engine.dialect.name == "sqlite"
        if embedded:
            _enforce_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                if not embedded:  # two processes may start at once
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
                config.attributes["connection"] = connection
                yield config
                if embedded and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise RuntimeError(f"a migration would leave a row that points nowhere: {broken}")
        finally:
            if embedded:
                _enforce_foreign_keys(connection, "ON")


def _enforce_foreign_keys(connection: Connection, switch: str) -> None:
    """Has no effect inside a transaction: it goes past the library, which would begin one."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={switch}")
