"""The ground on which strange updates are tried."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.database import Database
from tests.clock import Clock
from tests.fuzz.ground import Ground
from tests.who.cells import STARTS_AT, furnish


@pytest.fixture(scope="module")
def ground(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Both enterprises on SQLite."""
    path = tmp_path_factory.mktemp("fuzz") / "fuzz.db"
    shutil.copyfile(sqlite_template, path)
    clock = Clock(STARTS_AT)
    database = Database(f"sqlite:///{path}", clock)
    tenants = furnish(database, clock)
    yield Ground(database, clock, tenants["甲"].ids)
    database.close()
