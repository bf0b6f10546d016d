"""Starts the simulator as its own process, fills it and the database, and runs the bot against it."""

import asyncio
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.demo.world import DemoWorld, load_demo, seed
from bot.run import open_database, run
from bot.settings import Settings
from handlers.context import App
from services.database import Database

TOKEN = "100001:demo-of-county-basket-no-secret"
BOT = {"token": TOKEN, "username": "county_basket_bot", "first_name": "县鲜拼 County Basket"}
START_SECONDS = 20
CLOCK_LOOK_SECONDS = 0.5
CLOCK_JUMP = timedelta(seconds=1)
DATABASE = Path("data/demo.db")


async def run_demo(settings: Settings) -> int:
    """The demo until Ctrl-C; its exit code."""
    port = _free_port(settings.demo_port)
    address = f"http://127.0.0.1:{port}"
    simulator = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", str(port), "--until-eof",
        stdin=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        async with aiohttp.ClientSession(address) as page:
            if not await _wait_for(page):
                print("The simulator did not start.", file=sys.stderr)
                return 1
            return await _play(settings, address, page)
    finally:
        with suppress(ProcessLookupError):
            simulator.terminate()
        await simulator.wait()


async def _play(settings: Settings, address: str, page: aiohttp.ClientSession) -> int:
    world = load_demo()
    group_id = await _fill_simulator(page, world)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{DATABASE}{suffix}").unlink(missing_ok=True)
    demo_settings = settings.model_copy(
        update={"database_url": f"sqlite:///{DATABASE}", "api_url": address, "webhook_url": ""}
    )
    database = open_database(demo_settings)
    database.run(seed, None, None, world, settings.demo_minutes, group_id)

    clock = SimulatorClock()
    database.clock = clock

    async def ready(_application: App) -> None:
        _greet(settings, address, world)

    following = asyncio.create_task(_follow(page, clock, database))
    try:
        await run(demo_settings, TOKEN, database, ready)
    finally:
        following.cancel()
        database.close()
    return 0


def _greet(settings: Settings, address: str, world: DemoWorld) -> None:
    people = ",".join(str(person.id) for person in world.people[:4])
    wanted, port = settings.demo_port, urlsplit(address).port
    elsewhere = f" (port {wanted} is taken · 端口 {wanted} 已被占用)" if wanted not in (0, port) else ""
    print(
        f"\n  County Basket · 县鲜拼\n\n  Open · 打开:  {address}/?people={people}{elsewhere}\n\n"
        f"  A round is open and closes in {settings.demo_minutes} minutes · 一轮团购已开，{settings.demo_minutes} 分钟后截单\n"
        "  Ctrl-C stops it · 按 Ctrl-C 停止\n",
        flush=True,
    )


class SimulatorClock:
    """The simulator's time, so that its page can move the clock for the whole demo."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """The moment."""
        return datetime.now(UTC) + self.ahead


async def _follow(page: aiohttp.ClientSession, clock: SimulatorClock, database: Database) -> None:
    while True:
        with suppress(aiohttp.ClientError):
            async with page.get("/sim/clock") as response:
                shown = datetime.fromtimestamp((await response.json())["unix"], UTC)
            ahead = shown - datetime.now(UTC)
            if abs(ahead - clock.ahead) > CLOCK_JUMP:
                clock.ahead = ahead
                database.on_change()
        await asyncio.sleep(CLOCK_LOOK_SECONDS)


async def _wait_for(page: aiohttp.ClientSession) -> bool:
    for _ in range(START_SECONDS * 10):
        with suppress(aiohttp.ClientError):
            async with page.get("/sim/clock") as response:
                if response.status == 200:
                    return True
        await asyncio.sleep(0.1)
    return False


async def _fill_simulator(page: aiohttp.ClientSession, world: DemoWorld) -> int:
    """People who have started the bot, and the enterprise's group chat; the group's id."""
    await _post(page, "/sim/bots", BOT)
    for person in world.people:
        given = {"id": person.id, "first_name": person.first_name, "language_code": person.language}
        await _post(page, "/sim/people", given)
        await _post(page, f"/sim/people/{person.id}/start", {"bot": BOT["username"]})
    members = [person.id for person in world.people if person.role != "supplier"]
    group = {"title": world.enterprise["group"], "members": members, "bots": [BOT["username"]]}
    group_id = int((await _post(page, "/sim/groups", group))["id"])
    await _post(page, f"/bot{TOKEN}/deleteWebhook", {"drop_pending_updates": True})  # the round's card answers them
    return group_id


async def _post(page: aiohttp.ClientSession, path: str, body: Mapping[str, object]) -> Any:
    async with page.post(path, json=body) as response:
        response.raise_for_status()
        return await response.json()


def _free_port(wanted: int) -> int:
    """The wanted port, or any other where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    return wanted
