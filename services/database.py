"""The database: one engine, and the threads on which transactions run."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from services.work import Actor, Work

P = ParamSpec("P")
R = TypeVar("R")
UseCase = Callable[Concatenate[Work, P], R]

POSTGRESQL_THREADS = 8
SQLITE_BUSY_SECONDS = 20
SQLITE_CACHE_KIB = 65_536
"""A closing reads and writes more pages than the 2 MiB that SQLite keeps by itself."""


class Database:
    """Runs use cases, each in one transaction. SQLite has one writer, so it gets one thread."""

    def __init__(self, url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine = make_engine(url)
        self.clock = clock
        self.on_change: Callable[[], None] = lambda: None
        """Called in the database's thread after a transaction that journalled or owed something."""
        self.observe: Callable[[float], None] = lambda _seconds: None
        """Called in the database's thread with the seconds that a transaction took, also one that failed."""
        embedded = self.engine.dialect.name == "sqlite"
        self.threads = ThreadPoolExecutor(1 if embedded else POSTGRESQL_THREADS, thread_name_prefix="database")

    def run(
        self,
        use_case: UseCase[P, R],
        actor: Actor | None,
        update_id: int | None,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a use case in this thread: commit what it did, or nothing at all if it raises."""
        began = time.perf_counter()
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                work = Work(session=session, now=self.clock(), actor=actor, update_id=update_id)
                result = use_case(work, *args, **kwargs)
        finally:
            self.observe(time.perf_counter() - began)
        if work.changed:
            self.on_change()
        return result

    def close(self) -> None:
        """Let running transactions end, then disconnect."""
        self.threads.shutdown()
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine for a URL; SQLite in WAL mode, each transaction a writer from its start."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=POSTGRESQL_THREADS + 2, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin when we say so, not at the first write
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{SQLITE_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def lock_rows(session: OrmSession) -> bool:
    """Whether rows must be locked one by one: SQLite's one writer already has the whole file."""
    return session.get_bind().dialect.name != "sqlite"
