"""Presses a second: a press becomes a durable order, an answered callback and an edited card.

The limit in the same run: the same application answering presses that need no database.
"""

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.stage import stage
from bot.polling import Poller
from handlers.context import App
from simulator import people
from simulator.world import World
from tests.world import add_member, add_product, add_supplier, make_world, open_round

PEOPLE, EACH = 40, 5


async def presses(folder: Path) -> dict[str, Any]:
    """Orders a second and the share of the ceiling."""
    async with stage(folder / "presses.db") as (application, database, simulator):
        world: World = simulator.state.world
        rows = make_world(database)
        for n in range(PEOPLE):
            people.add_person(world, {"id": 100 + n, "first_name": f"m{n}"})
            people.send(world, 100 + n, {"chat": "bench_bot", "text": "/start"})
            add_member(rows, f"m{n}", 100 + n, "coordinator" if n == 0 else "employee")
        add_supplier(rows, "s")
        add_product(rows, "s", "脐橙", 4990)
        open_round(rows, "m0")
        offer = rows.offers["脐橙"]
        poller = Poller(application)
        while await poller.poll(0):
            pass
        orders = await _rate(application, world, [f"o:{offer}:{n + 1}" for n in range(EACH)])
        ceiling = await _rate(application, world, ["oz"] * EACH)
    return {
        "what": "a press that orders", "database": "SQLite", "milliseconds": round(1000 / orders, 2),
        "ratio": round(ceiling / orders, 2),
        "note": f"{orders:.0f}/s, {orders / ceiling:.0%} of presses that need no order ({ceiling:.0f}/s)",
    }  # fmt: skip


async def _rate(application: App, world: World, data: list[str]) -> float:
    bot = world.bot_named("bench_bot")
    message = {n: next(reversed(world.private_chat(100 + n, bot).messages)) for n in range(PEOPLE)}
    for one in data:
        for n in range(PEOPLE):
            people.press(world, 100 + n, {"chat": "bench_bot", "message_id": message[n], "data": one})
    poller = Poller(application)
    start = time.perf_counter()
    while await poller.poll(0):
        await asyncio.sleep(0)
    return len(data) * PEOPLE / (time.perf_counter() - start)
