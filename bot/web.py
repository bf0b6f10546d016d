"""What this process serves over HTTP: the webhook where one is set, /healthz and /metrics where a port is."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.intake import Intake
from bot.lead import Lead
from bot.metrics import Metrics
from bot.polling import Poller
from bot.settings import Settings
from bot.webhook import Webhook
from handlers.context import DATABASE, REFUSED, App
from services.database import Database

STOP_SECONDS = 20
KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps an idle connection, so that it never writes into a closed one."""


class Web:
    """One for each process: how updates come in, what is watched, and the server if there is one."""

    def __init__(
        self, application: App, dispatcher: Dispatcher, settings: Settings, token: str, lead: Lead | None = None
    ) -> None:
        database: Database = application.bot_data[DATABASE]
        self.health, self.metrics = Health(database), Metrics(database)
        lead = lead or Lead()
        self.health.leads = lambda: lead.leads
        intake = Intake(application, lead.sure)
        intake.observe, dispatcher.observe = self.metrics.update, self.metrics.notice
        database.observe, application.bot_data[REFUSED] = self.metrics.transaction, self.metrics.refusal
        routes = [
            Route("/healthz", self.health.ready),
            Route("/healthz/live", self.health.live),
            Route("/metrics", self.metrics.show),
        ]
        self.incoming: Poller | Webhook = Poller(application, intake=intake, sure=lead.sure)
        if settings.webhook_url:
            self.incoming = self._webhook(application, settings, token, intake)
            routes.append(Route(self.incoming.path, self.incoming.receive, methods=["POST"]))
        self.incoming.reached = self.health.reached
        self.server = Server(Starlette(routes=routes), settings.listen_host, settings.served_port)

    def _webhook(self, application: App, settings: Settings, token: str, intake: Intake) -> Webhook:
        webhook = Webhook(application, settings, token, intake)
        webhook.takes = lambda: application.running and self.health.leads()
        webhook.answered, webhook.pending = self.metrics.webhook, self.metrics.pending
        return webhook


class Server:
    """Serves in the bot's own event loop; port 0 is none."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        self._host, self.port = host, port
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, lifespan="off", ws="none",
            timeout_keep_alive=KEEP_ALIVE_SECONDS, timeout_graceful_shutdown=STOP_SECONDS,
        )  # fmt: skip
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Listen from now on. SystemExit with a plain sentence where the port cannot be had."""
        if not self.port:
            return
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            listening = socket.create_server((self._host, self.port), family=family, backlog=1024)
        except OSError as error:
            raise SystemExit(
                f"{self._host} port {self.port} cannot be opened ({error.strerror}): change BASKET_LISTEN_HOST or"
                " BASKET_LISTEN_PORT · 端口无法打开，请改设置"
            ) from error
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def close(self) -> None:
        """Take nothing more; what was taken is answered first."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task


class _Quiet(uvicorn.Server):
    """Leaves signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
