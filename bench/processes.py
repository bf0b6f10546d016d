"""Processes that are measured: the limited Telegram, and bots that talk to it over loopback."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.contenders import TOKEN
from tests.bot.processes import python

PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class State:
    """What has happened at Telegram so far; moments are seconds of the machine's steady clock."""

    at: float
    sent: int
    refused: int
    began: dict[str, float]
    """When the bot first asked for updates (`polling`) and first wrote (`sending`)."""
    taps: list[dict[str, Any]]


class Telegram:
    """A limited Telegram in a process of its own."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @property
    def url(self) -> str:
        """Where its Bot API is."""
        return str(self._client.base_url).rstrip("/")

    def state(self) -> State:
        """What has happened so far."""
        return State(**self._client.get("/bench").json())

    def let_tap(self, number: int, seconds: float, data: list[str]) -> None:
        """Some who have been told tap at random moments from now on."""
        self._client.post("/bench/taps", json={"number": number, "seconds": seconds, "data": data}).raise_for_status()

    def reached(self, what: str) -> float:
        """When the bot first did this, once it has."""
        return until(lambda: self.state().began.get(what, 0.0))


class Bot:
    """A bot in a process of its own, from the moment of its start."""

    def __init__(self, process: subprocess.Popen[str], began: float) -> None:
        self.process, self.began = process, began

    @property
    def processor_seconds(self) -> float:
        """Time of a core that it has used, which waiting for one does not inflate."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident_megabytes(self) -> float:
        """Memory that it holds now (VmRSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) * 1024 / 1e6


@contextmanager
def limited_telegram(folder: Path, per_second: int) -> Iterator[Telegram]:
    """It allows so many messages a second, and ends with the block."""
    process = python("bench.limited_telegram", str(per_second), cwd=folder)
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield Telegram(client)
    finally:
        process.kill()
        process.wait()


@contextmanager
def running(folder: Path, *arguments: str, **settings: str) -> Iterator[Bot]:
    """`python -m …` with these settings; it is killed at the end of the block."""
    began = time.monotonic()
    process = python(*arguments, cwd=folder, log=folder / "bot.log", **settings)
    try:
        yield Bot(process, began)
    finally:
        process.kill()
        process.wait()


@contextmanager
def ours(folder: Path, telegram: Telegram, url: str, **settings: str) -> Iterator[Bot]:
    """County Basket as it is operated: `python -m bot run` on a database."""
    given = {"BASKET_TOKEN": TOKEN, "BASKET_API_URL": telegram.url, "BASKET_DATABASE_URL": url} | settings
    with running(folder, "bot", "run", **given) as bot:
        yield bot


def until(look: Callable[[], float]) -> float:
    """What is seen, once it is something. TimeoutError after two minutes."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not (seen := look()):
        if time.monotonic() > ends:
            raise TimeoutError("the bot does not begin")
        time.sleep(0.02)
    return seen


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
