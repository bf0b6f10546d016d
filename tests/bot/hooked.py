"""The stage of the journeys with a webhook: the simulator delivers over a real socket, nobody polls."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
from sqlalchemy import select, text
from sqlmodel import SQLModel

from bot.settings import Settings
from bot.web import Web
from bot.webhook import HEADER, Webhook
from services.database import Database, make_engine
from simulator.webhook import Deliverer
from tests.clock import Clock
from tests.journeys.play import BOT, TOKEN, Play

SECRET = "a-secret-of-the-webhook-tests"
PATIENCE_SECONDS = 30


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class HookedPlay(Play):
    """What people do arrives by webhook. `web` is the bot's side, `client` speaks to it directly."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.settings = Settings(
            _env_file=None, webhook_url=f"{self.address}/hook", webhook_secret=SECRET, listen_port=port
        )
        self.client = httpx.AsyncClient(base_url=self.address, timeout=PATIENCE_SECONDS)
        self.web = Web(self.application, self.dispatcher, self.settings, TOKEN)
        self.delivering: asyncio.Task[None] | None = None

    @property
    def webhook(self) -> Webhook:
        """How updates come in."""
        assert isinstance(self.web.incoming, Webhook)
        return self.web.incoming

    async def begin(self) -> None:
        """Start the bot, and let it register itself."""
        await super().begin()
        await self.application.start()
        await self.web.server.open()
        await self.webhook.look()
        self.deliver()

    def deliver(self) -> None:
        """Telegram delivers what waits."""
        self.delivering = asyncio.create_task(Deliverer(self.world).run())

    async def hold_back(self) -> None:
        """Telegram delivers nothing for now."""
        if self.delivering is not None:
            self.delivering.cancel()
            await asyncio.gather(self.delivering, return_exceptions=True)

    async def end(self) -> None:
        """Stop the bot."""
        await self.hold_back()
        await self.client.aclose()
        await self.web.server.close()
        await self.application.stop()
        await super().end()

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """Updates that Telegram has still to deliver."""
        return list(self.world.waiting_updates(self.world.bot_named(BOT)))

    async def settle(self) -> None:
        """Until no update waits and no notice is due."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while self.waiting or await self.dispatcher.step() or self.dispatcher.busy or self._due():
            assert time.monotonic() < ends, f"the bot does not come to rest: {self.waiting}"
            await asyncio.sleep(0.01)

    async def call(self, body: bytes, secret: str | bytes | None = SECRET) -> int:
        """Call the webhook as Telegram does, or as somebody else; the status of its answer."""
        headers = [] if secret is None else [(HEADER.encode(), secret.encode() if isinstance(secret, str) else secret)]
        return (await self.client.post("/hook", content=body, headers=headers)).status_code


@asynccontextmanager
async def hooked(database: Database, clock: Clock) -> AsyncIterator[HookedPlay]:
    """A stage for the length of a test."""
    play = HookedPlay(database, clock)
    await play.begin()
    try:
        yield play
    finally:
        await play.end()


def all_rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the database holds."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


@contextmanager
def gone(url: str) -> Iterator[None]:
    """PostgreSQL ends all connections to the tests' database and takes no new ones."""
    engine = make_engine(url.replace("/basket?", "/postgres?")).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER DATABASE basket WITH ALLOW_CONNECTIONS false"))
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'basket'"))
        try:
            yield
        finally:
            connection.execute(text("ALTER DATABASE basket WITH ALLOW_CONNECTIONS true"))
    engine.dispose()
