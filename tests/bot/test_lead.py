"""The lead among processes on one PostgreSQL, from inside: who gets it when, and what a lost one may still do."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import lead as lead_module
from bot import lead_session
from bot import run as run_module
from bot.lead import Lead, LostLead, SharedLead, lead_of
from bot.lead_session import name_of
from bot.migrate import is_newest, migrate, migrating, revision
from bot.settings import Settings
from models import Enterprise
from services.database import Database, make_engine
from services.work import Work
from tests.bot.processes import python

BOT_ID = 7_000_000_007
PATIENCE_SECONDS = 20
Starts = Callable[[], Awaitable[SharedLead]]


class Candidates:
    """Processes, as far as the lead is concerned."""

    def __init__(self, url: str) -> None:
        self._url, self.all = url, list[tuple[SharedLead, asyncio.Task[None], asyncio.Event]]()

    def add(self, bot_id: int = BOT_ID) -> SharedLead:
        """One more that wants to lead."""
        lead = SharedLead(Database(self._url))
        stop = asyncio.Event()
        self.all.append((lead, asyncio.create_task(lead.take(bot_id, stop)), stop))
        return lead

    async def leads(self, lead: SharedLead) -> None:
        """Wait until it leads."""
        taking = next(taking for other, taking, _ in self.all if other is lead)
        await asyncio.wait_for(asyncio.shield(taking), PATIENCE_SECONDS)
        await lead.sure()

    async def end(self) -> None:
        """All of them stop."""
        for lead, taking, stop in self.all:
            stop.set()
            await taking
            await lead.release()


@pytest.fixture
async def candidates(fresh_postgresql_url: str) -> AsyncIterator[Candidates]:
    """Nobody yet."""
    async with AsyncExitStack() as after:
        found = Candidates(fresh_postgresql_url)
        after.push_async_callback(found.end)
        yield found


@pytest.fixture
def server(fresh_postgresql_url: str) -> Engine:
    """The operator's view of the database."""
    return make_engine(fresh_postgresql_url)


def ask(server: Engine, statement: str, **given: object) -> list[tuple[object, ...]]:
    """Rows."""
    with server.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement), given)]


def found_enterprise(work: Work) -> None:
    """Something that only a leader may write."""
    work.session.add(Enterprise(name="x", created_at=work.now))


def freeze(lead: SharedLead) -> None:
    """It beats no more, and does not notice."""
    assert lead._beating is not None
    lead._beating.cancel()


async def test_a_leader_beats_each_second_and_asks_when_it_could_not(candidates: Candidates, server: Engine) -> None:
    lead = candidates.add()
    await candidates.leads(lead)
    beats, loop = set[tuple[object, ...]](), asyncio.get_running_loop()
    begun = loop.time()
    for _ in range(15):
        await asyncio.sleep(0.1)
        beats.update(ask(server, "SELECT beat_at FROM lead"))
    most = 2 + (loop.time() - begun) / lead_module.BEAT_SECONDS
    assert 2 <= len(beats) <= most, "once when it took the lead, and once a second"
    freeze(lead)
    lead._confirmed_at = time.clock_gettime(lead_module.CLOCK)
    await lead.sure()
    lead._confirmed_at -= lead_module.TRUST_SECONDS
    await lead.sure()
    assert len(beats | set(ask(server, "SELECT beat_at FROM lead"))) == len(beats) + 1


async def test_one_leads_and_the_next_does_as_soon_as_it_lets_go(candidates: Candidates, server: Engine) -> None:
    first = candidates.add()
    await candidates.leads(first)
    second = candidates.add()
    await asyncio.sleep(3 * lead_module.LOOK_SECONDS)
    assert not candidates.all[1][1].done(), "both lead"
    of_second = "SELECT count(*) FROM pg_stat_activity WHERE application_name = :name"
    assert ask(server, of_second, name=name_of(second._holder)) == [(1,)], "who stands by needs one connection"
    begun = asyncio.get_running_loop().time()
    await first.release()
    await candidates.leads(second)
    assert asyncio.get_running_loop().time() - begun < lead_session.FREE_SECONDS, "a lead let go needs no waiting"
    assert ask(server, "SELECT epoch, holder FROM lead") == [(2, second._holder)]


async def test_a_lost_lead_can_neither_commit_nor_speak(candidates: Candidates, server: Engine) -> None:
    first = candidates.add()
    await candidates.leads(first)
    first._database.run(found_enterprise, None, None)
    freeze(first)
    second = candidates.add()
    await candidates.leads(second)
    with pytest.raises((OperationalError, LostLead)):
        first._database.run(found_enterprise, None, None)
    with pytest.raises(LostLead):
        first._database.run(found_enterprise, None, None)
    with pytest.raises(LostLead):
        await first.sure()
    second._database.run(found_enterprise, None, None)
    assert len(ask(server, "SELECT id FROM enterprise")) == 2


async def test_a_transaction_under_way_is_lost_with_the_lead(candidates: Candidates, server: Engine) -> None:
    first = candidates.add()
    await candidates.leads(first)
    second = candidates.add()

    def long(work: Work) -> None:
        found_enterprise(work)
        work.session.flush()
        asyncio.run_coroutine_threadsafe(candidates.leads(second), loop).result()
        work.session.exec(select(Enterprise)).all()

    loop = asyncio.get_running_loop()
    freeze(first)
    with pytest.raises(OperationalError):
        await asyncio.to_thread(first._database.run, long, None, None)
    assert ask(server, "SELECT id FROM enterprise") == []


async def test_a_cut_connection_costs_the_lead_only_if_somebody_stands_by(
    candidates: Candidates, server: Engine
) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    first = candidates.add()
    await candidates.leads(first)
    ask(server, cut)
    freeze(first)
    await first._confirm(trusted_seconds=0)
    assert ask(server, "SELECT epoch, holder FROM lead") == [(1, first._holder)], "it came back by itself"
    second = candidates.add()
    await asyncio.sleep(2 * lead_module.LOOK_SECONDS)
    ask(server, cut)
    await candidates.leads(second)
    with pytest.raises(LostLead):
        await first._confirm(trusted_seconds=0)


async def test_a_session_that_the_server_has_not_missed_yet_does_not_keep_its_own_process_out(
    candidates: Candidates, server: Engine
) -> None:
    first = candidates.add()
    await candidates.leads(first)
    freeze(first)
    kept, first._session = first._session, None  # as after a cut that only this side has noticed
    await first._confirm(trusted_seconds=0)
    assert ask(server, "SELECT epoch, holder FROM lead") == [(1, first._holder)]
    assert kept is not None
    await kept.close()


async def test_a_lock_that_fell_free_is_not_led_upon_while_the_other_may_trust_its_heartbeat(
    candidates: Candidates,
) -> None:
    first = candidates.add()
    await candidates.leads(first)
    freeze(first)
    assert first._session is not None
    await first._session.beat(1)
    begun = asyncio.get_running_loop().time()
    await first._session.close()
    second = candidates.add()
    await candidates.leads(second)
    assert asyncio.get_running_loop().time() - begun > lead_module.TRUST_SECONDS


async def test_each_bot_has_a_lead_of_its_own(candidates: Candidates, server: Engine) -> None:
    for bot_id in (BOT_ID, BOT_ID + 2**32, 1):
        await candidates.leads(candidates.add(bot_id))
    assert len(ask(server, "SELECT bot_id FROM lead")) == 3


async def test_the_only_process_always_leads(sqlite_database: Database) -> None:
    lead = lead_of(sqlite_database)
    stop = asyncio.Event()
    assert type(lead) is Lead
    await lead.take(1, stop)
    await lead.sure()
    asyncio.get_running_loop().call_soon(stop.set)
    await lead.until(stop)
    await lead.release()


async def test_tables_change_only_under_the_lead(
    candidates: Candidates, fresh_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated: list[str] = []
    monkeypatch.setattr(lead_module, "migrate", lambda _: migrated.append("under the lead"))
    monkeypatch.setattr(run_module, "migrate", lambda _: migrated.append("at the start"))
    settings = Settings(database_url=fresh_postgresql_url)
    run_module.open_database(settings).close()
    assert migrated == ["at the start"], "nobody leads"
    first = candidates.add()
    await candidates.leads(first)
    migrated.clear()
    run_module.open_database(settings).close()
    second = candidates.add()
    await asyncio.sleep(2 * lead_module.LOOK_SECONDS)
    assert (migrated, first.leads, second.leads) == ([], True, False)
    await first.release()
    await candidates.leads(second)
    assert migrated == ["under the lead"]
    assert second.leads


def new_database(server: Engine, name: str) -> str:
    """An empty one beside the tests' own; its URL."""
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    shown = server.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return shown.replace("/basket?", f"/{name}?")


async def says(tmp_path: Path, url: str, command: str) -> tuple[int, str]:
    """What a command says about a database, and its exit code."""
    process = python("bot", command, cwd=tmp_path, BASKET_DATABASE_URL=url)
    said, _ = await asyncio.to_thread(process.communicate, timeout=60)
    return process.returncode, said


async def test_nobody_changes_tables_under_a_leader_of_older_code(
    server: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database(server, "old_basket")
    code, said = await says(tmp_path, url, "doctor")
    assert (code, "✓ The database is empty, `run` makes its tables" in said) == (0, True), said
    with migrating(make_engine(url)) as config:
        command.upgrade(config, "0009")
    monkeypatch.setattr(lead_module, "migrate", lambda _: None)
    older = Candidates(url)
    lead = older.add()
    await older.leads(lead)
    for asked in ("migrate", "doctor"):
        code, said = await says(tmp_path, url, asked)
        assert code == 1, said
        assert "a process leads on it" in said
        assert "restart the standby, then the leader" in said
        assert "bot migrate" not in said
    assert revision(make_engine(url)) == "0009"
    await older.end()
    code, said = await says(tmp_path, url, "doctor")
    assert (code, "run `python -m bot migrate` while it is stopped" in said) == (1, True), said
    assert await says(tmp_path, url, "migrate") == (0, "The database is up to date · 数据库已是最新\n")
    assert await says(tmp_path, url, "migrate") == (0, "The database is up to date · 数据库已是最新\n")
    assert is_newest(make_engine(url))


def test_two_that_migrate_at_once(server: Engine) -> None:
    url = new_database(server, "empty_basket")
    engines = [make_engine(url) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(migrate, engines)) == [None, None]
    assert ask(engines[0], "SELECT count(*) FROM enterprise") == [(0,)]
    for engine in engines:
        engine.dispose()
