"""Both enterprises, made once and copied for every test."""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.application import build_application
from handlers.context import App
from services.database import Database
from tests.clock import Clock
from tests.journeys.play import TOKEN
from tests.stateful.stage import hurry
from tests.who.cells import STARTS_AT, furnish, on_a_stand
from tests.who.stand import Stand
from tests.who.tenants import Tenant

Furnished = tuple[Path, datetime, dict[str, Tenant]]


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """A SQLite file with both enterprises, and how things stand in it."""
    path = tmp_path_factory.mktemp("who") / "who.db"
    shutil.copyfile(sqlite_template, path)
    clock = Clock(STARTS_AT)
    database = Database(f"sqlite:///{path}", clock)
    tenants = furnish(database, clock)
    database.close()
    return path, clock.now, tenants


@pytest.fixture
async def stand(furnished: Furnished, tmp_path: Path) -> AsyncIterator[Stand]:
    """On SQLite, where every cell begins with the same rows."""
    path, now, tenants = furnished
    shutil.copyfile(path, tmp_path / "who.db")
    clock = Clock(now)
    database = Database(f"sqlite:///{tmp_path}/who.db", clock)
    hurry(database)
    async with on_a_stand(database, clock, tenants) as found:
        yield found
    database.close()


@pytest.fixture
def application(sqlite_database: Database) -> App:
    """The bot with all its handlers."""
    return build_application(TOKEN, sqlite_database, "http://nowhere")
