"""How long a tap waits while a broadcast to 150 people is being sent, against the same tap on an idle bot."""

import asyncio
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.stage import stage
from bot.dispatcher import Dispatcher
from bot.pace import Pace
from bot.polling import Poller
from services.work import Lane, Work
from simulator import people
from simulator.world import World

PEOPLE, TAPS = 150, 20


async def taps_during_broadcast(folder: Path) -> dict[str, Any]:
    """Median wait of a tap, idle and during the broadcast."""
    async with stage(folder / "taps.db") as (application, database, simulator):
        world: World = simulator.state.world
        for n in range(PEOPLE):
            people.add_person(world, {"id": 100 + n, "first_name": f"m{n}"})
            world.bot_named("bench_bot").started.add(100 + n)
        poller = Poller(application)

        async def tap() -> float:
            start = time.perf_counter()
            people.send(world, 100, {"chat": "bench_bot", "text": "/help"})
            await poller.poll(0)
            return time.perf_counter() - start

        idle = median([await tap() for _ in range(TAPS)])

        def owe(work: Work) -> None:
            for n in range(PEOPLE):
                work.notify(f"b{n}", "incident", Lane.BROADCAST, chat_id=100 + n, number="1", error="x")

        database.run(owe, None, None)
        sending = asyncio.create_task(Dispatcher(application, database, Pace()).run())
        waits = []
        for _ in range(TAPS):
            waits.append(await tap())
            await asyncio.sleep(0.1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    busy = median(waits)
    return {
        "what": "a tap during a broadcast", "database": "SQLite", "milliseconds": round(busy * 1000, 2),
        "ratio": round(busy / idle, 2), "note": f"an idle bot takes {idle * 1000:.0f} ms",
    }  # fmt: skip
