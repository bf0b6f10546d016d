"""However the demo ends, nothing of it goes on running: stopped, its terminal closed, killed."""

import asyncio
import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from bot.run import _stop_signal
from tests.bot.processes import PATIENCE_SECONDS, ROOT, eventually, python


class Demo:
    """`python -m bot demo`, wished on a port that is taken."""

    def __init__(self, cwd: Path, after: ExitStack) -> None:
        taken = after.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.wished, self._log = taken.getsockname()[1], cwd / "demo.log"
        self.process = python("bot", "demo", cwd=cwd, log=self._log, BASKET_DEMO_PORT=str(self.wished))
        after.callback(self.process.wait, 10)
        after.callback(self.process.kill)
        found = eventually(lambda: re.search(r"打开:  (http://127\.0\.0\.1:(\d+))", self.said()), self.said)
        self.address, self.port = found[1], int(found[2])

    def said(self) -> str:
        """All that it has printed."""
        return self._log.read_text(encoding="utf-8")

    def simulator_is_gone(self) -> bool:
        """Nobody answers at its address."""
        try:
            return httpx.get(f"{self.address}/sim/clock", timeout=5).status_code != 200
        except httpx.TransportError:
            return True


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """It runs."""
    with ExitStack() as after:
        yield Demo(tmp_path, after)


def test_killed_it_takes_the_simulator_with_it(demo: Demo) -> None:
    assert demo.port != demo.wished
    assert f"port {demo.wished} is taken · 端口 {demo.wished} 已被占用" in demo.said()
    assert not demo.simulator_is_gone()
    demo.process.kill()
    eventually(demo.simulator_is_gone, demo.said)


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM])
def test_told_to_end_it_ends_in_good_order(demo: Demo, how: signal.Signals) -> None:
    demo.process.send_signal(how)
    assert demo.process.wait(PATIENCE_SECONDS) == 0, demo.said()
    assert demo.simulator_is_gone()
    assert "Traceback" not in demo.said()


def in_a_terminal() -> None:
    """Be the one whose terminal it is."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_closed_terminal(tmp_path: Path) -> None:
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], cwd=tmp_path, stdin=its, stdout=its, stderr=its,
        start_new_session=True, preexec_fn=in_a_terminal,
        env=os.environ | {"PYTHONPATH": str(ROOT), "BASKET_DEMO_PORT": "0", "BASKET_LOG_LEVEL": "debug"},
    )  # fmt: skip
    os.close(its)
    said = b""
    try:
        while not said.endswith("停止\r\n\r\n".encode()):
            said += os.read(ours, 4096)
        assert b"is taken" not in said
        os.close(ours)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait(10)


async def test_who_asked_for_no_hangup_gets_none() -> None:
    """As nohup does."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = _stop_signal()
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(0.05)
        assert not stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(stop.wait(), 5)
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(name)
        signal.signal(signal.SIGHUP, before)
