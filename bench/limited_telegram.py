"""A Telegram that refuses what is too fast, by the simulator's limits, and whose people tap on what they got.

It is its own process, the same for every contender: `python -m bench.limited_telegram <messages a second>`. Beside the
Bot API it says at `/bench` what has happened so far, and `/bench/taps` lets people begin to tap. It answers at once,
so that what is measured is the bot.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from simulator.entities import parse, units
from simulator.errors import ApiError
from simulator.limits import Limits

BOT = {"id": 700007, "is_bot": True, "first_name": "B", "username": "bench_bot"}
PHOTO = [{"file_id": "kept", "file_unique_id": "k", "width": 9, "height": 9, "file_size": 9}]
TAKES_UP_TO = 100


@dataclass
class Tap:
    """A press of a button, from the moment Telegram has it."""

    chat_id: int
    began: float
    missing: set[str] = field(default_factory=lambda: {"answer", "message"})
    """What the person has not seen yet: the end of the spinner, the card that shows it (or a message)."""
    ended: float = 0.0

    def seen(self, what: str) -> None:
        """The person sees something new; both together end the wait."""
        if what in self.missing:
            self.missing.remove(what)
            self.ended = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken, so far if it is still waited for."""
        return (time.monotonic() if self.missing else self.ended) - self.began


class LimitedTelegram:
    """One bot's chats. `began` holds when it first asked for updates, and first wrote."""

    def __init__(self, per_second: int) -> None:
        self.limits = Limits(per_second)
        self.began: dict[str, float] = {}
        self.sent = self.refused = self.taken = 0
        self.told: dict[int, dict[str, Any]] = {}
        """The first message of each chat."""
        self.taps: dict[str, Tap] = {}
        self._of_chat: dict[int, Tap] = {}
        self._updates: list[dict[str, Any]] = []
        self._more = asyncio.Event()
        self._ids = count(1)

    async def call(self, request: web.Request) -> web.Response:
        """One call of the Bot API."""
        method = request.match_info["method"].lower()
        given = await _given(request)
        if method == "getupdates":
            return _result(await self._wait(int(given.get("offset") or 0), float(given.get("timeout") or 0)))
        if method.startswith("send"):
            return self._send(method, given)
        if method == "answercallbackquery":
            self._seen(self.taps.get(str(given["callback_query_id"])), "answer")
        elif method.startswith("edit"):
            chat_id = int(given["chat_id"])
            self._seen(self._of_chat.get(chat_id), "message")
            return _result(self.told.get(chat_id) or _message(1, chat_id))
        return _result(BOT if method == "getme" else True)

    def _seen(self, tap: Tap | None, what: str) -> None:
        if tap is not None:
            tap.seen(what)

    def _send(self, method: str, given: Mapping[str, Any]) -> web.Response:
        chat_id = int(given["chat_id"])
        text, _ = parse(str(given.get("text") or given.get("caption") or ""), given.get("parse_mode"))
        try:
            self.limits.check(chat_id, time.monotonic(), units(text))
        except ApiError as error:
            self.refused += 1
            body = {"ok": False, "error_code": error.code, "description": str(error), "parameters": error.parameters}
            return web.json_response(body, status=error.code)
        self.began.setdefault("sending", time.monotonic())
        self.sent += 1
        message = _message(next(self._ids), chat_id) | ({"photo": PHOTO} if method == "sendphoto" else {"text": text})
        self.told.setdefault(chat_id, message)
        self._seen(self._of_chat.get(chat_id), "message")
        return _result(message)

    async def _wait(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        self.began.setdefault("polling", time.monotonic())
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._more.clear()
        if not self._updates:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), seconds)
        return self._updates[:TAKES_UP_TO]

    async def let_tap(self, request: web.Request) -> web.Response:
        """People who were told tap, each once, at random moments: `number` taps in `seconds`, each with one of `data`."""
        given = await request.json()
        self._tapping = asyncio.create_task(self._tap(given["number"], given["seconds"], given["data"]))
        return web.json_response({})

    async def _tap(self, number: int, seconds: float, data: list[str]) -> None:
        chance, began = random.Random(1), time.monotonic()
        for moment in sorted(chance.random() * seconds for _ in range(number)):
            await asyncio.sleep(began + moment - time.monotonic())
            chat_id = chance.choice([chat_id for chat_id in self.told if chat_id not in self._of_chat])
            tap = self._of_chat[chat_id] = Tap(chat_id, time.monotonic())
            update_id = next(self._ids)
            self.taps[str(update_id)] = tap
            self._updates.append(_press(update_id, self.told[chat_id], chance.choice(data)))
            self._more.set()

    async def tell(self, _request: web.Request) -> web.Response:
        """What has happened so far; moments are seconds of the machine's steady clock."""
        taps = [{"seconds": tap.seconds, "answered": not tap.missing} for tap in self.taps.values()]
        return web.json_response(
            {"at": time.monotonic(), "sent": self.sent, "refused": self.refused, "began": self.began, "taps": taps}
        )


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        body = await request.read()
        return dict(json.loads(body)) if body else {}
    return {**request.query, **(await request.post())}


def _message(message_id: int, chat_id: int) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private", "first_name": f"m{chat_id}"}
    return {"message_id": message_id, "date": 1_700_000_000, "chat": chat, "from": BOT}


def _press(update_id: int, message: dict[str, Any], data: str) -> dict[str, Any]:
    chat_id = message["chat"]["id"]
    person = {"id": chat_id, "is_bot": False, "first_name": f"m{chat_id}", "language_code": "zh-hans"}
    query = {"id": str(update_id), "from": person, "chat_instance": "1", "data": data, "message": message}
    return {"update_id": update_id, "callback_query": query}


def _result(result: Any) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")


async def _serve(per_second: int) -> None:
    telegram = LimitedTelegram(per_second)
    app = web.Application(client_max_size=2**24)
    app.router.add_get("/bench", telegram.tell)
    app.router.add_post("/bench/taps", telegram.let_tap)
    app.router.add_route("*", "/bot{token}/{method}", telegram.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr]
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
