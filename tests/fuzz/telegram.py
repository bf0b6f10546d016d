"""Telegram without a network: the library's requests go straight into the simulator's methods."""

import inspect
import json
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.request import AiohttpRequest
from simulator.call import METHODS, Call
from simulator.errors import ApiError
from simulator.files import Upload
from simulator.world import Bot, World
from tests.journeys.play import BOT, TOKEN

IMPORTED = __import__("simulator.bot_side")
FILE = b"\xe4\xbe\x9b\xe5\xba\x94\xe5\x95\x86,\xff\x00=1+1\n"
"""What every file that somebody sent contains."""


class Wire(BaseRequest):
    """Hands out the updates it is given until they are confirmed, and answers everything else as the simulator does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting: list[dict[str, Any]] = []
        self.said: list[str] = []
        """Methods that the bot has called since this was emptied."""
        self.begin()

    def begin(self) -> Bot:
        """A Telegram in which nothing has happened yet."""
        self.world.forget()
        bot = Bot(TOKEN, {"id": int(TOKEN.split(":")[0]), "is_bot": True, "first_name": "B", "username": BOT})
        bot.limits.enforce = False
        self.world.bots[TOKEN] = bot
        self.world.files["f"] = self.world.add_file("a.csv", FILE, "text/csv")
        return bot

    parse_json_payload = staticmethod(AiohttpRequest.parse_json_payload)

    @property
    def read_timeout(self) -> float:
        """Seconds; nothing takes any."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """One call; what cannot be written as UTF-8 cannot be sent."""
        name = url.rpartition("/")[2]
        if "/file/" in url:
            return 200, FILE
        if name == "getUpdates":
            offset = int(str((request_data.parameters if request_data else {}).get("offset") or 0))
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
            return 200, _body({"ok": True, "result": self.waiting})
        self.said.append(name)
        return await self._call(name, request_data)

    async def _call(self, name: str, data: RequestData | None) -> tuple[int, bytes]:
        params: dict[str, Any] = dict(data.json_parameters) if data else {}
        json.dumps(params, ensure_ascii=False).encode()
        files = (data.multipart_data or {}) if data and data.contains_files else {}
        uploads = {key: Upload(str(file[0]), _content(file[1]), str(file[2])) for key, file in files.items()}
        try:
            result = METHODS[name.lower()](Call(self.world, self.world.bots[TOKEN], name, params, uploads))
            result = await result if inspect.isawaitable(result) else result
        except ApiError as error:
            return error.code, _body({"ok": False, "error_code": error.code, "description": error.description})
        return 200, _body({"ok": True, "result": result})


def _content(given: Any) -> bytes:
    assert isinstance(given, bytes)
    return given


def _body(answer: dict[str, Any]) -> bytes:
    """As JSON; a lone surrogate travels as an escape, as it may from Telegram."""
    return json.dumps(answer).encode()


assert IMPORTED
