"""The database: one engine, and the threads on which transactions run."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import structlog
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from rules.refusal import Refusal
from services.batch import Batch
from services.work import Actor, Work

P = ParamSpec("P")
R = TypeVar("R")
I = TypeVar("I")  # noqa: E741
UseCase = Callable[Concatenate[Work, P], R]

POSTGRESQL_THREADS = 8
SQLITE_BUSY_SECONDS = 20
SQLITE_CACHE_KIB = 65_536
"""A closing reads and writes more pages than the 2 MiB that SQLite keeps by itself."""
SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
FIRST_PAUSE_SECONDS = 0.1
MAX_PAUSE_SECONDS = 5.0
OUTAGE_SAID_EVERY_SECONDS = 60.0

log = structlog.get_logger()


class Outage:
    """Tells the log that something is away: when it begins, once a minute, and when it is back."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began: float | None = None
        self._said_at = 0.0

    def goes_on(self, error: str) -> None:
        """One more try has failed."""
        now = time.monotonic()
        if self._began is None or now - self._said_at >= OUTAGE_SAID_EVERY_SECONDS:
            self._said_at = now
            log.warning(f"{self._what} is away, trying again", error=error)
        self._began = now if self._began is None else self._began

    def ends(self) -> None:
        """A try has succeeded."""
        if self._began is not None:
            log.warning(f"{self._what} is back", after_seconds=round(time.monotonic() - self._began, 1))
            self._began = None


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
        self._outage = Outage("the database")
        self._batches: dict[Any, Batch[Any, Any]] = {}
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
                work.finish()
        except StopIteration as error:  # no future takes one: whoever waited for it would wait for ever
            raise RuntimeError("a use case stopped an iteration that was not its own") from error
        finally:
            self.observe(time.perf_counter() - began)
        if work.changed:
            self.on_change()
        return result

    async def transact(
        self,
        use_case: UseCase[P, R],
        actor: Actor | None,
        update_id: int | None,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a use case on a database thread; while the database is away, wait and try again.

        Nothing can be done without it, and what an update has caused must not be lost. A connection that breaks
        while it commits may have committed: then the use case runs twice, which each of them allows.
        """
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                result = await asyncio.get_running_loop().run_in_executor(
                    self.threads, lambda: self.run(use_case, actor, update_id, *args, **kwargs)
                )
            except (DBAPIError, PoolTimeout) as error:
                if not is_away(error):
                    raise
                self._outage.goes_on(str(error.__cause__ or error)[:200])
            else:
                self._outage.ends()
                return result
            await asyncio.sleep(pause)
            pause = min(MAX_PAUSE_SECONDS, pause * 2)

    async def together(
        self, use_case: Callable[[Work, list[I]], list[R | Refusal]], item: I, apart: int | None = None
    ) -> R:
        """Run a use case for all that ask for it at about the same time, and return the answer to this one.

        `apart` tells enterprises apart: who waits for what one of them has locked holds up no other.
        """
        if (use_case, apart) not in self._batches:
            self._batches[use_case, apart] = Batch(self._transact_for_all, use_case)
        return cast(R, await self._batches[use_case, apart].do(item))

    async def _transact_for_all(self, use_case: UseCase[[list[Any]], Any], items: list[Any]) -> Any:
        return await self.transact(use_case, None, None, items)

    def close(self) -> None:
        """Let running transactions end, then disconnect."""
        self.threads.shutdown()
        self.engine.dispose()


def is_away(error: Exception) -> bool:
    """Whether the database itself is missing, locked or full, rather than the statement wrong."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return isinstance(error, DBAPIError) and error.connection_invalidated
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF in SQLITE_AWAY  # the low byte is the kind of error, the rest its details


def make_engine(url: str) -> Engine:
    """An engine for a URL; SQLite in WAL mode, each transaction a writer from its start."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=POSTGRESQL_THREADS + 2, pool_pre_ping=True, pool_use_lifo=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    engine.dialect.do_begin = _begin_as_writer  # type: ignore[method-assign]
    return engine


def _begin_as_writer(dbapi_connection: Any) -> None:
    dbapi_connection.execute("BEGIN IMMEDIATE")


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin when we say so, not at the first write
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{SQLITE_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def lock_rows(session: OrmSession) -> bool:
    """Whether rows must be locked one by one: SQLite's one writer already has the whole file."""
    return session.get_bind().dialect.name != "sqlite"
