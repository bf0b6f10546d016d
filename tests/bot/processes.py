"""Real processes: the simulator and the bot, started, stopped, frozen and killed like an operator's."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30
T = TypeVar("T")


def python(*arguments: str, cwd: Path, log: Path | None = None, **settings: str) -> subprocess.Popen[str]:
    """A Python process that knows only these settings; what it says goes to a file or into a pipe."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BASKET_")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"} | settings
    stdout = log.open("w") if log else subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=cwd, env=environment, text=True, stdout=stdout,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def eventually(look: Callable[[], T], why: Callable[[], str] = lambda: "") -> T:
    """What is seen, once it is something; fails after a long while."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not (seen := look()):
        assert time.monotonic() < ends, why()
        time.sleep(0.02)
    return seen


@contextmanager
def simulator(cwd: Path, token: str, username: str) -> Iterator[httpx.Client]:
    """The simulator as its own process, with one bot; its limits are off."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = python("simulator", "--port", str(port), cwd=cwd, log=cwd / "simulator.log")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            eventually(lambda: _answers(client))
            client.post("/sim/bots", json={"token": token, "username": username, "first_name": "R"})
            client.post("/sim/limits", json={"enforce": False})
            yield client
        finally:
            process.terminate()
            process.wait(10)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/sim/clock").status_code == 200
    except httpx.TransportError:
        return False


class BotProcess:
    """`python -m bot run`."""

    def __init__(self, name: str, cwd: Path, **settings: str) -> None:
        self.log = cwd / f"{name}.log"
        self.process = python("bot", "run", cwd=cwd, log=self.log, **settings)

    def says(self, words: str) -> None:
        """Wait until it has said this."""
        eventually(lambda: words in self.said() or self.process.poll() is not None, self.said)
        assert words in self.said(), self.said()

    def said(self) -> str:
        """All that it has logged and printed."""
        return self.log.read_text(encoding="utf-8")

    def signal(self, number: signal.Signals) -> None:
        """Kill, stop, freeze or wake it."""
        self.process.send_signal(number)

    def ends(self) -> int:
        """Its exit code."""
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(self.said()) from None

    def end(self) -> None:
        """Whatever happened, it is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)


def messages(client: httpx.Client, person: int, username: str) -> list[dict[str, Any]]:
    """What the bot wrote to a person, oldest first."""
    state = client.get(f"/sim/people/{person}/messages", params={"chat": username}).json()
    return [message for message in state["messages"] if not message["out"]]
