"""Takes updates that Telegram delivers, and answers 200 only after their effects are committed.

The library's own server answers first and loses what it had taken when the process dies.
"""

import asyncio
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from telegram import Update, WebhookInfo
from telegram.error import RetryAfter, TelegramError

from bot.intake import Intake
from bot.polling import ALLOWED, FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS, read_update
from bot.request import well_formed
from bot.settings import Settings
from handlers.context import App

HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY_LIMIT_BYTES = 1024 * 1024
MAX_CONNECTIONS = 100
WATCH_SECONDS = 45.0
DEFAULT_PATH = "/telegram"

log = structlog.get_logger()


def webhook_address(settings: Settings) -> tuple[str, str]:
    """The address that Telegram calls, and its path on our server."""
    path = urlsplit(settings.webhook_url).path
    if path in ("", "/"):
        return settings.webhook_url.rstrip("/") + DEFAULT_PATH, DEFAULT_PATH
    return settings.webhook_url, path


def webhook_secret(settings: Settings, token: str) -> str:
    """The secret of the settings, or one made from the token: the same after every start, and of no use to find it."""
    given = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    return given or hmac.digest(token.encode(), b"County Basket webhook", "sha256").hex()


class Webhook:
    """Registers itself and takes updates. `takes` says whether this process may act on them."""

    def __init__(self, application: App, settings: Settings, token: str, intake: Intake) -> None:
        self._application, self._intake = application, intake
        self.address, self.path = webhook_address(settings)
        self._secret = webhook_secret(settings, token)
        self._told_at: object = None
        self.takes: Callable[[], bool] = lambda: True
        self.answered: Callable[[int], None] = lambda _status: None
        self.reached: Callable[[], None] = lambda: None
        """Called whenever Telegram has called or answered."""
        self.pending: Callable[[int], None] = lambda _updates: None
        """Called with how many updates wait at Telegram."""

    async def receive(self, request: Request) -> Response:
        """The address's endpoint."""
        status = await self._status(request)
        self.answered(status)
        return Response(status_code=status)

    async def _status(self, request: Request) -> int:
        given = request.headers.get(HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, self._secret.encode()):
            return 403
        self.reached()
        if not self.takes():
            return 503
        try:
            body = await _read(request)
        except ClientDisconnect:
            return 400
        if body is None:
            return 413
        data = _parse(body)
        if data is None:
            log.warning("the webhook got something that is no update", bytes=len(body))
            return 400
        update = read_update(data, self._application.bot)
        return 200 if update is None else await self._handle(update)

    async def _handle(self, update: Update) -> int:
        try:
            await self._intake.take(update)
            await self._intake.keep()
        except Exception:
            log.exception("update failed", update=update.update_id)
            return 500
        return 200

    async def run(self) -> None:
        """Register, then look again and again whether it still is so, until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self.look()
                pause = FIRST_PAUSE_SECONDS
                await asyncio.sleep(WATCH_SECONDS)
            except RetryAfter as error:
                await asyncio.sleep(error._retry_after.total_seconds())
            except TelegramError as error:
                log.warning("the webhook cannot be registered", reason=error.message)
                await asyncio.sleep(pause)
                pause = min(MAX_PAUSE_SECONDS, pause * 2)

    async def look(self) -> None:
        """Ask Telegram how delivery goes; register where another address or none is called."""
        info = await self._application.bot.get_webhook_info()
        if info.url != self.address or self._told_at is None:
            await self._register()
        self._tell(info)
        self.pending(info.pending_update_count)
        self.reached()

    async def _register(self) -> None:
        await self._application.bot.set_webhook(
            self.address,
            secret_token=self._secret,
            allowed_updates=ALLOWED,
            max_connections=MAX_CONNECTIONS,
            drop_pending_updates=False,
        )
        log.info("webhook registered", address=self.address)

    def _tell(self, info: WebhookInfo) -> None:
        """Say once what Telegram says went wrong; what lies before this start is no news."""
        told, self._told_at = self._told_at, info.last_error_date or 0
        if told is not None and told != self._told_at:
            log.warning("Telegram could not deliver", reason=info.last_error_message)


def _parse(body: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(well_formed(body))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and type(data.get("update_id")) is int else None


async def _read(request: Request) -> bytes | None:
    """The body, or None if it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT_BYTES:
            return None
    return bytes(body)
