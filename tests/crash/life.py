"""One life of the bot: a process that runs as `python -m bot run` does, on a clock and at a pace that a test sets.

The fork server imports this module once; each life is then a fork of it, which opens its own database.
"""

import asyncio
import gc
import mmap
import os
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import alembic.command  # noqa: F401 — what a life would import by itself
import psycopg  # noqa: F401

import bot.doctor
import bot.migrate  # noqa: F401
from bot import patience, polling, run
from bot.lead import Lead
from bot.log import start_logging
from bot.pace import Limits, Pace
from bot.settings import Settings
from scheduler import clock as alarm
from services import database as databases
from services import outbox
from views.language import LOCALES, language

TOKEN = "200003:a-token-of-the-crash-tests-and-no-more"
EIGHT_BYTES = ">d"
NO_LIMITS = Limits(per_second=1000, chat_gap_seconds=0, group_per_minute=1_000_000_000)

HASTE: tuple[tuple[ModuleType, str, Any], ...] = (
    (outbox, "LEASE", timedelta(seconds=1)),
    (outbox, "FIRST_RETRY_SECONDS", 0.05),
    (outbox, "MAX_RETRY_SECONDS", 0.4),
    (polling, "FIRST_PAUSE_SECONDS", 0.05),
    (polling, "MAX_PAUSE_SECONDS", 0.3),
    (patience, "FIRST_PAUSE_SECONDS", 0.05),
    (run, "CONNECT_PAUSE_SECONDS", 0.1),
    (alarm, "SWEEP_SECONDS", 0.5),
    (databases, "SQLITE_BUSY_SECONDS", 1),
    (databases, "MAX_PAUSE_SECONDS", 0.5),
)

for locale in LOCALES:
    language(locale)
gc.collect()
gc.freeze()  # a life looks for garbage among what is its own only


@dataclass(frozen=True)
class Given:
    """What a life is born with. `shift` is a file of eight bytes: how many seconds its clock is ahead."""

    number: int
    database_url: str
    api_url: str
    shift: Path
    log: Path
    """A pipe with a name."""


class ShiftedClock:
    """The machine's clock and the shift that the test sets, read anew each time."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), struct.calcsize(EIGHT_BYTES))

    @property
    def shift(self) -> float:
        """Seconds ahead."""
        return float(struct.unpack(EIGHT_BYTES, self._map[:])[0])

    @shift.setter
    def shift(self, seconds: float) -> None:
        self._map[:] = struct.pack(EIGHT_BYTES, seconds)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.shift)


def live(given: Given) -> None:
    """Run the bot until it is killed; what it logs goes to its file."""
    log = os.open(given.log, os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    start_logging("console", "info")
    make_haste()
    settings = Settings(database_url=given.database_url, api_url=given.api_url, _env_file=None)
    dynamic(run).Database = partial(databases.Database, clock=ShiftedClock(given.shift))
    database = run.open_database(settings)
    asyncio.run(run.run(settings, TOKEN, database))


def make_haste() -> None:
    """Pauses that are seconds and minutes in earnest are short here; nothing else differs."""
    for module, name, value in HASTE:
        setattr(module, name, value)
    dynamic(run).Pace = lambda _limits: Pace(NO_LIMITS)
    dynamic(run).lead_of = lambda _database: Lead()  # two processes have tests of their own


def dynamic(module: ModuleType) -> Any:
    """A module whose names are about to be replaced."""
    return module
