"""Webhook delivery: again until a 2xx, in order for each chat, with the secret."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web

from simulator.app import create_app
from simulator.webhook import Deliverer

TOKEN = "500005:a-token-for-the-webhook-tests-only"


class Receiver:
    """A bot's web server that fails as often as it is told."""

    def __init__(self) -> None:
        self.fails = 0
        self.got: list[tuple[str | None, dict[str, Any]]] = []

    async def receive(self, request: web.Request) -> web.Response:
        """Note the update, or fail."""
        if self.fails:
            self.fails -= 1
            return web.Response(status=500)
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return web.Response()


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    """The server and its address."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield receiver, f"http://127.0.0.1:{port}/hook"
    await runner.cleanup()


async def test_updates_are_delivered_until_they_are_taken(
    receiver: tuple[Receiver, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.webhook.FIRST_RETRY_SECONDS", 0.05)
    server, url = receiver
    app = create_app()
    world = app.state.world
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://simulator") as http:
        await http.post("/sim/bots", json={"token": TOKEN, "username": "hook_bot", "first_name": "H"})
        await http.post("/sim/people", json={"id": 7, "first_name": "Li"})
        await http.post(f"/bot{TOKEN}/setWebhook", json={"url": url, "secret_token": "s3cret"})
        delivering = asyncio.create_task(Deliverer(world).run())
        server.fails = 2
        for text in ("a", "b", "c"):
            await http.post("/sim/people/7/send", json={"chat": "hook_bot", "text": text})
        for _ in range(200):
            await asyncio.sleep(0.02)
            if len(server.got) == 3:
                break
        info = (await http.post(f"/bot{TOKEN}/getWebhookInfo")).json()["result"]
        delivering.cancel()
    assert [update["message"]["text"] for _, update in server.got] == ["a", "b", "c"]
    assert {secret for secret, _ in server.got} == {"s3cret"}
    assert info["pending_update_count"] == 0
    assert "500" in info["last_error_message"]


async def test_a_webhook_needs_https_or_loopback_and_a_plain_secret() -> None:
    app = create_app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://simulator") as http:
        await http.post("/sim/bots", json={"token": TOKEN, "username": "hook_bot", "first_name": "H"})
        plain = await http.post(f"/bot{TOKEN}/setWebhook", json={"url": "http://example.org"})
        assert "HTTPS" in plain.json()["description"]
        secret = await http.post(f"/bot{TOKEN}/setWebhook", json={"url": "https://e.org", "secret_token": "ü"})
        assert secret.json()["ok"] is False
