"""The connection of its own on which the lead lives: the session advisory lock, the row `lead`, PostgreSQL's clock."""

from typing import Any

import psycopg
from sqlalchemy import Engine

FROZEN_SECONDS = 4.0
"""A leader that holds the lock and has not beaten for so long is frozen, and its sessions are ended."""
FREE_SECONDS = 2.5
"""A lock that fell free without a word may be led upon once the last heartbeat is this old: the one who lost it may
still trust that heartbeat for `TRUST_SECONDS`."""
LOST_AFTER_SECONDS = 3
"""Within this the death of the machine at the other end is noticed, on either side."""
SPACE = 0x2A5 << 52
"""Keeps the keys of bots (their ids, at most 52 bits) apart from all other advisory locks of the database."""
ON_ITS_MACHINE: dict[str, Any] = {
    "connect_timeout": LOST_AFTER_SECONDS, "tcp_user_timeout": LOST_AFTER_SECONDS * 1000, "keepalives": 1,
    "keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": LOST_AFTER_SECONDS - 1,
}  # fmt: skip
ON_THE_SERVER = (
    f" -c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count={LOST_AFTER_SECONDS - 1}"
    f" -c tcp_user_timeout={LOST_AFTER_SECONDS * 1000}"
)

_ROW = """INSERT INTO lead (bot_id, epoch, holder, beat_at) VALUES (%(bot)s, 0, '', clock_timestamp())
    ON CONFLICT DO NOTHING"""
_LOCK = "SELECT pg_try_advisory_lock(%(key)s)"
_READ = """SELECT epoch, holder <> '' AND beat_at > clock_timestamp() - make_interval(secs => %(free)s)
    FROM lead WHERE bot_id = %(bot)s"""
_TAKE_OVER = """WITH before AS (SELECT holder FROM lead WHERE bot_id = %(bot)s FOR UPDATE)
    UPDATE lead SET epoch = epoch + 1, holder = %(holder)s, beat_at = clock_timestamp() FROM before
    WHERE bot_id = %(bot)s RETURNING epoch, before.holder"""
_BEAT = """UPDATE lead SET beat_at = clock_timestamp() WHERE bot_id = %(bot)s AND epoch = %(epoch)s RETURNING epoch"""
_LET_GO = "UPDATE lead SET holder = '' WHERE bot_id = %(bot)s AND epoch = %(epoch)s"
_END_HOLDER = """SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid), lead
    WHERE locktype = 'advisory' AND granted AND database = datid AND datname = current_database()
      AND classid::bigint = %(key)s >> 32 AND objid::bigint = %(key)s & 4294967295 AND objsubid = 1
      AND bot_id = %(bot)s AND """
_END_FROZEN = f"""{_END_HOLDER} beat_at < clock_timestamp() - make_interval(secs => %(frozen)s)
    AND query_start < clock_timestamp() - make_interval(secs => %(frozen)s)"""
_END_OWN = f"{_END_HOLDER} application_name = %(name)s AND pid <> pg_backend_pid()"
_END_SESSIONS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %(name)s AND datname = current_database() AND pid <> pg_backend_pid()"""


def name_of(holder: str) -> str:
    """What PostgreSQL calls the sessions of a process."""
    return f"basket:{holder}"


class LeadSession:
    """One connection, each statement a transaction of its own. psycopg.OperationalError once it is cut."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], holder: str, bot_id: int) -> None:
        self._connection, self._holder = connection, holder
        self._given = {
            "bot": bot_id, "key": SPACE | bot_id, "holder": holder, "free": FREE_SECONDS, "frozen": FROZEN_SECONDS,
        }  # fmt: skip
        self._locked = False

    @classmethod
    async def open(cls, engine: Engine, holder: str, bot_id: int) -> "LeadSession":
        """Connect as the engine does, and see to it that the bot has its row."""
        _, given = engine.dialect.create_connect_args(engine.url)
        given = {name: value for name, value in given.items() if name != "context"} | ON_ITS_MACHINE
        given |= {"application_name": name_of(holder), "options": given.get("options", "") + ON_THE_SERVER}
        session = cls(await psycopg.AsyncConnection.connect(**given, autocommit=True), holder, bot_id)
        await session._ask(_ROW)
        return session

    async def _ask(self, statement: str, **more: Any) -> list[Any]:
        cursor = await self._connection.execute(statement, self._given | more)
        return await cursor.fetchall() if cursor.description else []

    async def lock(self) -> bool:
        """Try to get the lock; it is this session's until that ends."""
        if not self._locked:
            ((self._locked,),) = await self._ask(_LOCK)
        return self._locked

    async def end_frozen(self) -> bool:
        """End the session that holds the lock if its leader is frozen; whether it was."""
        return bool(await self._ask(_END_FROZEN))

    async def end_own(self) -> bool:
        """End the session that holds the lock if it is an earlier one of this process, cut off without the server's
        noticing; whether it was: it may take a moment to end."""
        return bool(await self._ask(_END_OWN, name=name_of(self._holder)))

    async def read(self) -> tuple[int, bool]:
        """The epoch, and whether its leader may still trust its last heartbeat."""
        ((epoch, trusting),) = await self._ask(_READ)
        return epoch, trusting

    async def take_over(self) -> tuple[int, str]:
        """Begin a new epoch, under the lock; with the one who led before."""
        ((epoch, before),) = await self._ask(_TAKE_OVER)
        return epoch, before

    async def end_sessions(self, holder: str) -> bool:
        """End all other sessions of a process; whether there were any: they may take a moment to end."""
        return bool(await self._ask(_END_SESSIONS, name=name_of(holder)))

    async def beat(self, epoch: int) -> bool:
        """Say that the leader works; False if the epoch is over."""
        return bool(await self._ask(_BEAT, epoch=epoch))

    async def let_go(self, epoch: int) -> None:
        """The next may lead at once: nothing of this process acts any more."""
        await self._ask(_LET_GO, epoch=epoch)

    async def close(self) -> None:
        """Disconnect, which frees the lock."""
        await self._connection.close()
