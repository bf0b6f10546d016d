"""Several processes on one PostgreSQL: one leads, the others stand by and do nothing.

The lead is a session advisory lock and an epoch. A process that dies loses the lock with its session. One that is
frozen keeps it, so its heartbeat is watched, by the database's clock, and its sessions are ended. Whoever takes over
raises the epoch: sessions of the old leader are ended, and new ones are refused (`LostLead`), so that nothing it still
tries can be committed. What is said to Telegram cannot be refused by the database: there a leader trusts its last
confirmed heartbeat for a short while, and then confirms the lead before it says anything.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from sqlalchemy import Engine, event, inspect, text

from bot.lead_session import FROZEN_SECONDS, LeadSession, name_of
from bot.migrate import migrate
from services.database import Database, Outage

BEAT_SECONDS = 1.0
TRUST_SECONDS = 2.0
LOOK_SECONDS = 0.5
SOON_SECONDS = 0.02
EXIT_CODE = 75
"""Of a process that has lost the lead: it is to be started again, and then stands by."""
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Runs on while the process is frozen, and where the system can say so, while the machine sleeps."""
Sure = Callable[[], Awaitable[None]]

log = structlog.get_logger()


class LostLead(BaseException):
    """Another process leads, or will in a moment: this one must do nothing more.

    Not an Exception: nothing that deals with the failure of one update, notice or due job may take it for one.
    """


async def always() -> None:
    """For a process that is the only one."""


class Lead:
    """The lead of the only process on a database, which always has it."""

    @property
    def leads(self) -> bool:
        """Whether this process leads, as far as it knows."""
        return True

    async def take(self, bot_id: int, stop: asyncio.Event) -> None:
        """Stand by until this process leads, or is to stop."""

    async def sure(self) -> None:
        """Return if this process leads. LostLead."""

    async def until(self, stop: asyncio.Event) -> None:
        """Lead until the process is to stop. LostLead."""
        await stop.wait()

    async def release(self) -> None:
        """Let the next process lead at once; nothing of this one acts any more."""


class SharedLead(Lead):
    """The lead among several processes on one PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database, self._engine = database, database.engine
        self._holder = secrets.token_hex(8)
        self._bot_id = self._epoch = 0
        self._confirmed_at = 0.0
        self._lost = False
        self._session: LeadSession | None = None
        self._outage = Outage("the connection on which the lead lives")
        self._asking = asyncio.Lock()
        self._beating: asyncio.Task[None] | None = None
        event.listen(self._engine, "do_connect", self._sign)
        event.listen(self._engine, "connect", self._verify)

    def _sign(self, _dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["application_name"] = name_of(self._holder)

    def _verify(self, connection: Any, _record: Any) -> None:
        """Refuse a new connection of the pool once the epoch is over; the old ones have been ended."""
        if not self._epoch:
            return
        row = connection.execute("SELECT epoch FROM lead WHERE bot_id = %s", (self._bot_id,)).fetchone()
        connection.rollback()
        if row != (self._epoch,):
            connection.close()
            raise LostLead

    @property
    def leads(self) -> bool:
        """Whether this process leads, as far as it knows."""
        return bool(self._epoch) and not self._lost

    async def take(self, bot_id: int, stop: asyncio.Event) -> None:
        """Stand by until this process leads on a migrated database, or is to stop."""
        self._bot_id = bot_id
        self._engine.dispose()  # what was opened to migrate has not been asked for its epoch
        standing_by = False
        while not stop.is_set() and not await self._try():
            if not standing_by:
                log.info("standing by, another process leads", holder=self._holder)
                standing_by = True
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        if self._epoch:
            self._beating = asyncio.create_task(self._beat())
            log.info("leading", holder=self._holder, epoch=self._epoch)
            await asyncio.to_thread(migrate, self._engine)

    async def _try(self) -> bool:
        try:
            session = self._session = self._session or await self._open()
            if not await session.lock() and not await self._end_frozen(session):
                return False
            _, others_trust = await session.read()
            if others_trust:
                return False
            await self._take_over(session)
        except psycopg.OperationalError as error:
            await self._disconnect(error)
            return False
        return True

    async def _end_frozen(self, session: LeadSession) -> bool:
        if await session.end_frozen():
            log.warning("the leader does not answer, its sessions are ended")
            return await session.lock()
        return False

    async def _take_over(self, session: LeadSession) -> None:
        """Begin a new epoch; what the one before still has under way is ended before anything is done."""
        begun = time.clock_gettime(CLOCK)
        epoch, before = await session.take_over()
        while await session.end_sessions(before):
            await asyncio.sleep(SOON_SECONDS)
        self._epoch, self._confirmed_at = epoch, begun

    async def _open(self) -> LeadSession:
        session = await LeadSession.open(self._engine, self._holder, self._bot_id)
        self._outage.ends()
        return session

    async def _disconnect(self, error: Exception) -> None:
        self._outage.goes_on(type(error).__name__)
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._confirm(trusted_seconds=0)

    async def sure(self) -> None:
        """Return if this process leads, after asking the database where the last heartbeat is too old. LostLead."""
        if self._epoch and (self._lost or time.clock_gettime(CLOCK) - self._confirmed_at > TRUST_SECONDS):
            await self._confirm(TRUST_SECONDS)

    async def _confirm(self, trusted_seconds: float) -> None:
        """Wait until a heartbeat no older than this is confirmed, however long the database is away. LostLead."""
        since = time.clock_gettime(CLOCK) - trusted_seconds
        async with self._asking:
            while not self._lost and self._confirmed_at <= since:
                begun = time.clock_gettime(CLOCK)
                try:
                    self._lost = not await self._confirmed()
                except psycopg.OperationalError as error:
                    await self._disconnect(error)
                    await asyncio.sleep(LOOK_SECONDS)
                else:
                    self._confirmed_at = begun
        if self._lost:
            raise LostLead

    async def _confirmed(self) -> bool:
        """Beat; after the connection was cut, only if nobody has led since."""
        if self._session is None:
            session = self._session = await self._open()
            epoch, _ = await session.read()
            if epoch != self._epoch:
                return False
            while await session.end_own():
                await asyncio.sleep(SOON_SECONDS)
            if not await session.lock():
                return False
        return await self._session.beat(self._epoch)

    async def until(self, stop: asyncio.Event) -> None:
        """Lead until the process is to stop. LostLead."""
        assert self._beating is not None, "take() was not called"
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, self._beating}, return_when=asyncio.FIRST_COMPLETED)
        if self._beating.done():
            stopping.cancel()
            self._beating.result()

    async def release(self) -> None:
        """Let the next process lead at once: what runs is ended first, and every connection of this process closed."""
        await asyncio.to_thread(self._database.close)
        if self._beating is not None:
            self._beating.cancel()
        if self._session is not None:
            with suppress(psycopg.OperationalError):
                await self._session.let_go(self._epoch)
            await self._session.close()


def lead_of(database: Database) -> Lead:
    """How processes on this database agree who works."""
    return SharedLead(database) if database.engine.dialect.name == "postgresql" else Lead()


def is_led(engine: Engine) -> bool:
    """Whether another process works on this database. It knows the tables as they are: they must not change now."""
    if engine.dialect.name != "postgresql" or not inspect(engine).has_table("lead"):
        return False
    alive = "SELECT 1 FROM lead WHERE holder <> '' AND beat_at > clock_timestamp() - make_interval(secs => :seconds)"
    with engine.connect() as connection:
        return connection.execute(text(alive), {"seconds": FROZEN_SECONDS}).first() is not None
