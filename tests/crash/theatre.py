"""The stage of the crash tests: the simulator on a loopback socket, and a bot that is a process and can be killed."""

import asyncio
import multiprocessing
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn

from simulator import people
from simulator.app import create_app
from simulator.clock import Clock as SimulatorClock
from simulator.server import protocol
from tests.crash.gate import Death, Gate
from tests.crash.life import EIGHT_BYTES, TOKEN, Given, ShiftedClock, live

BOT = "county_crash_bot"
PRELOADED = ["tests.crash.life"]
DIES_SECONDS = 10
PIPE_BYTES = 65_536


class Log:
    """What the lives log: a pipe with a name, since a file would feel a full disk as well."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._heard = bytearray()
        asyncio.get_running_loop().add_reader(self._end, self._hear)

    def _hear(self) -> None:
        self._heard += os.read(self._end, PIPE_BYTES)

    @property
    def text(self) -> str:
        """All of it."""
        return self._heard.decode(errors="replace")

    def close(self) -> None:
        """Listen no more."""
        asyncio.get_running_loop().remove_reader(self._end)
        os.close(self._end)


class Theatre:
    """One play: its simulator, its clock, its database's address, and the bot's lives."""

    def __init__(self, database_url: str, folder: Path, shift_seconds: float) -> None:
        self.database_url, self.log = database_url, Log(folder / "log")
        self._shift = folder / "shift"
        self._shift.write_bytes(struct.pack(EIGHT_BYTES, shift_seconds))
        self.clock = ShiftedClock(self._shift)
        self.simulator = create_app(SimulatorClock(lambda: self.clock().timestamp()))
        self.world = self.simulator.state.world
        people.add_bot(self.world, {"token": TOKEN, "username": BOT, "first_name": "County Basket"})
        self.world.bot_named(BOT).limits.enforce = False
        self.gate = Gate(self.simulator, self._die)
        self.address = ""
        self.life = 0
        self.got_on = 0
        """How often somebody has reached what they wanted."""
        self._process: BaseProcess | None = None
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(PRELOADED)

    def start(self, death: Death | None = None) -> int:
        """A new life, perhaps one that ends at a certain call; its number."""
        self.life += 1
        if death is not None:
            self.gate.deaths[self.life] = death
        given = Given(
            self.life, self.database_url, f"{self.address}/life/{self.life}", self._shift, self.log.path
        )  # fmt: skip
        self._process = self._forks.Process(target=live, args=(given,), daemon=True)
        self._process.start()
        return self.life

    def _die(self, life: int) -> None:
        if life == self.life and self._process is not None:
            self._process.kill()

    def kill(self) -> None:
        """SIGKILL; the life is over when this returns."""
        if self._process is not None:
            self._process.kill()
            self._process.join(DIES_SECONDS)
            self._process.close()
            self._process = None

    @property
    def alive(self) -> bool:
        """Whether the bot runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int:
        """The process that lives now."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid


@asynccontextmanager
async def theatre(database_url: str, folder: Path, shift_seconds: float) -> AsyncIterator[Theatre]:
    """A stage with its simulator listening; whatever lives in the end is killed."""
    stage = Theatre(database_url, folder, shift_seconds)
    config = uvicorn.Config(
        stage.gate, port=0, log_level="critical", timeout_graceful_shutdown=1, http=protocol(), lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    stage.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield stage
    finally:
        stage.kill()
        server.should_exit = server.force_exit = True
        await serving
        stage.log.close()
