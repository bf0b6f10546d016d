"""The HTTP client of the bot, on aiohttp: several times the library's default with many calls side by side."""

import json
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 256
READ_SECONDS = 20.0
CONNECT_SECONDS = 10.0
MEDIA_SECONDS = 60.0
JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """Telegram was not reached at all, so nothing can have happened."""


class AiohttpRequest(BaseRequest):
    """Sends calls over one pool of connections."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered; a text in it that is not well-formed is made so.

        TelegramError where it is no answer of Telegram's. The library would log it whole, with a traceback.
        """
        try:
            answer = json.loads(well_formed(payload).decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("this is no answer of Telegram's")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call; every failure to reach Telegram becomes the library's own error."""
        assert self._session is not None, "initialize() was not called"
        seconds = self._read_seconds if isinstance(read_timeout, DefaultValue) or not read_timeout else read_timeout
        media = request_data is not None and request_data.contains_files
        total = aiohttp.ClientTimeout(total=max(seconds, MEDIA_SECONDS) if media else seconds, connect=CONNECT_SECONDS)
        try:
            async with self._session.request(method, url, **_body(request_data), timeout=total) as response:
                return response.status, await response.read()
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"{type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            raise TimedOut(f"the answer was lost: {type(error).__name__}") from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"{type(error).__name__}") from error


def well_formed(payload: bytes) -> bytes:
    """JSON without halves of surrogate pairs: no database and no message could hold a text with one."""
    if b"\\ud" not in payload.lower():
        return payload
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False).encode("utf-8", "replace")
    except ValueError:
        return payload  # whoever reads it says what is wrong


def _body(data: RequestData | None) -> dict[str, Any]:
    """JSON, which costs a tenth of a form that escapes it; a form only for files."""
    if data is None or not data.parameters:
        return {}
    if not data.contains_files:
        return {"data": json.dumps(data.parameters).encode(), "headers": JSON}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
