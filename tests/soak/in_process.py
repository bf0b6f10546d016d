"""Calls the simulator without a socket: a month has some hundred thousand calls."""

import inspect
import json
from typing import Any

from telegram.request import BaseRequest, RequestData

from simulator.bot_side import DECLARED
from simulator.call import METHODS, Call
from simulator.errors import ApiError
from simulator.files import Upload
from simulator.world import World

assert DECLARED


class InProcess(BaseRequest):
    """What the bot asks of Telegram is answered by a simulated world in the same process."""

    read_timeout = 5.0

    def __init__(self, world: World) -> None:
        self._world = world

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more: Any
    ) -> tuple[int, bytes]:
        """One call, as JSON travels."""
        token, _, name = url.rpartition("/bot")[2].partition("/")
        given, files = _read(request_data)
        call = Call(self._world, self._world.bots[token], name, given, files)
        try:
            result = METHODS[name.lower()](call)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            body = {"ok": False, "error_code": error.code, "description": error.description}
            return error.code, json.dumps(body | {"parameters": error.parameters or {}}).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()


def _read(data: RequestData | None) -> tuple[dict[str, Any], dict[str, Upload]]:
    if data is None:
        return {}, {}
    files = data.multipart_data if data.contains_files else {}
    return dict(data.json_parameters), {name: Upload(*file) for name, file in (files or {}).items()}
