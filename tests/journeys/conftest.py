"""A stage for each story."""

from collections.abc import AsyncIterator

import pytest

from services.database import Database
from tests.clock import Clock
from tests.journeys.play import Play, playing


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
