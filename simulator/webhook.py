"""Delivers updates to a bot's webhook: one at a time for each chat or presser, again until a 2xx."""

import asyncio
from typing import Any

import aiohttp

from simulator.world import Bot, Json, World

FIRST_RETRY_SECONDS = 1.0
MAX_RETRY_SECONDS = 60.0
TIMEOUT_SECONDS = 20.0


def queue_of(update: Json) -> str:
    """Messages queue by chat, presses by who pressed."""
    if "callback_query" in update:
        return f"user:{update['callback_query']['from']['id']}"
    body: Any = next(value for key, value in update.items() if key != "update_id")
    return f"chat:{body.get('chat', {}).get('id')}"


class Deliverer:
    """Delivers what waits for bots with a webhook, until cancelled."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._busy: dict[tuple[int, str], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver for ever."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as session:
            while True:
                for bot in list(self._world.bots.values()):
                    if bot.webhook.get("url"):
                        self._start(session, bot)
                await self._world.signal.wait(0.5)

    def _start(self, session: aiohttp.ClientSession, bot: Bot) -> None:
        for update in self._world.waiting_updates(bot):
            key = (bot.user["id"], queue_of(update))
            if key not in self._busy or self._busy[key].done():
                self._busy[key] = asyncio.create_task(self._deliver(session, bot, update))

    async def _deliver(self, session: aiohttp.ClientSession, bot: Bot, update: Json) -> None:
        pause = FIRST_RETRY_SECONDS
        while bot.webhook.get("url") and update in self._world.waiting_updates(bot):
            error = await self._post(session, bot, update)
            if error is None:
                bot.updates = [(other, at) for other, at in bot.updates if other["update_id"] != update["update_id"]]
                bot.confirmed = max(bot.confirmed, update["update_id"] + 1)
                self._world.signal.wake()
                return
            bot.webhook |= {"last_error_date": int(self._world.clock.now()), "last_error_message": error}
            await asyncio.sleep(pause)
            pause = min(MAX_RETRY_SECONDS, pause * 2)

    async def _post(self, session: aiohttp.ClientSession, bot: Bot, update: Json) -> str | None:
        headers = {}
        if bot.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = bot.webhook["secret_token"]
        try:
            async with session.post(bot.webhook["url"], json=update, headers=headers) as response:
                if 200 <= response.status < 300:
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}"
