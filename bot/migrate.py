"""Brings the database to the newest revision.

Nearly every start finds it there already, and does without Alembic, which takes time to import and stays in memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

from bot.trouble import Trouble

if TYPE_CHECKING:
    from alembic.config import Config

HOUSE = Path(__file__).parents[1]
KNOWN = {path.name.partition("_")[0] for path in (HOUSE / "migrations" / "versions").glob("*_*.py")}
"""The revisions: each file's name begins with its own."""
NEWEST = max(KNOWN)
NEWER = (
    "The database is of a newer version than this code: start the newer code, or restore the backup from before it"
    " · 数据库版本比程序新：请使用新版程序，或恢复升级前的备份"
)
MIGRATING = 0x6261736B6574
"""Key of the advisory lock under which migrations run."""


def revision(engine: Engine) -> str | None:
    """What the tables are at; None where nothing has been migrated. SQLAlchemyError where it cannot be opened."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_newest(engine: Engine) -> bool:
    """Whether there is nothing to migrate."""
    return revision(engine) == NEWEST


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing in one transaction; who starts at the same time waits. Trouble."""
    found = revision(engine)
    if found == NEWEST:
        return
    if found is not None and found not in KNOWN:
        raise Trouble(NEWER)
    from alembic import command

    with migrating(engine) as config:
        command.upgrade(config, "head")


@contextmanager
def migrating(engine: Engine) -> "Iterator[Config]":
    """One transaction for Alembic's commands.

    SQLite changes many things of a table only by making it anew, and then rows that point at it must not be in the
    way: they are checked at the end instead.
    """
    from alembic.config import Config

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
