"""A Telegram that costs next to nothing: it hands out prepared updates and answers every call at once.

It is its own process, the same for every contender, so that what is measured is the bot. It says when a contender has
taken its first update and when the last answer came.
"""

import asyncio
import json
import sys
import time
from typing import Any

from aiohttp import web

BOT = {"id": 700007, "is_bot": True, "first_name": "B", "username": "bench_bot"}
ANSWERS = ("sendmessage", "editmessagetext", "editmessagemedia", "editmessagecaption")
"""What ends an update: the message that a person sees."""
LONG_POLL_SECONDS = 0.2


class Telegram:
    """One bot's updates, and how many of them have been answered."""

    def __init__(self, updates: list[dict[str, Any]]) -> None:
        self.updates, self.answered = updates, 0
        self.began = self.ended = 0.0
        self.done = asyncio.Event()

    async def call(self, request: web.Request) -> web.Response:
        """One call of the Bot API."""
        method = request.match_info["method"].lower()
        if method == "getupdates":
            return await self._updates(request)
        await request.read()
        if method in ANSWERS:
            self.answered += 1
            if self.answered == len(self.updates):
                self.ended = time.perf_counter()
                self.done.set()
            return _result(MESSAGE)
        return _result(BOT if method == "getme" else True)

    async def _updates(self, request: web.Request) -> web.Response:
        given = {**request.query, **(await request.post())}
        if request.content_type == "application/json":
            given |= await request.json()
        offset = int(str(given.get("offset") or 0))
        some = self.updates[max(0, offset - 1) :][:100]
        if not some:
            await asyncio.sleep(LONG_POLL_SECONDS)
        elif not self.began:
            self.began = time.perf_counter()
        return _result(some)


MESSAGE = {
    "message_id": 1, "date": 1_700_000_000, "chat": {"id": 1, "type": "private", "first_name": "m"}, "from": BOT,
    "caption": "x",
    "photo": [{"file_id": "kept", "file_unique_id": "k", "width": 9, "height": 9, "file_size": 9}],
}  # fmt: skip


def _result(result: Any) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")


def _person(n: int) -> dict[str, Any]:
    return {"id": n, "is_bot": False, "first_name": f"m{n}", "language_code": "zh-hans"}


def texts(number: int, people: int) -> list[dict[str, Any]]:
    """Messages of many people in turn, for bots that echo."""
    return [
        {
            "update_id": n + 1,
            "message": {
                "message_id": n + 1, "date": 1_700_000_000, "from": _person(n % people + 1), "text": f"text {n}",
                "chat": {"id": n % people + 1, "type": "private", "first_name": "m"},
            },
        }
        for n in range(number)
    ]  # fmt: skip


def presses(number: int, people: int, data: list[str]) -> list[dict[str, Any]]:
    """Presses of many people in turn on their cards; every time round with the next data."""
    return [
        {
            "update_id": n + 1,
            "callback_query": {
                "id": str(n), "from": _person(n % people + 1), "chat_instance": "1",
                "data": data[n // people % len(data)],
                "message": {**MESSAGE, "chat": {"id": n % people + 1, "type": "private", "first_name": "m"}},
            },
        }
        for n in range(number)
    ]  # fmt: skip


async def _serve(updates: list[dict[str, Any]]) -> None:
    telegram = Telegram(updates)
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/bot{token}/{method}", telegram.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr]
    await asyncio.wait_for(telegram.done.wait(), 300)
    print(telegram.ended - telegram.began, flush=True)
    await asyncio.sleep(1)  # calls that are still on their way are answered
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(json.load(sys.stdin)))
