"""`python -m bot run` with a token: what an operator sees, against the simulator over a socket."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.processes import PATIENCE_SECONDS, python
from tests.bot.processes import simulator as start_simulator

TOKEN = "600006:a-token-for-the-run-test-and-no-more"


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[httpx.Client]:
    """The simulator as its own process, with one bot."""
    with start_simulator(tmp_path, TOKEN, "run_bot") as client:
        yield client


@pytest.fixture
def bot(simulator: httpx.Client, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The bot as its own process, ended whatever happens."""
    process = python("bot", "run", cwd=tmp_path, BASKET_TOKEN=TOKEN, BASKET_API_URL=str(simulator.base_url).rstrip("/"))
    yield process
    process.kill()
    process.wait(10)


def text_of_chat(simulator: httpx.Client, person: int) -> str:
    """All that the bot wrote to a person."""
    state = simulator.get(f"/sim/people/{person}/messages", params={"chat": "run_bot"}).json()
    return "\n".join(message.get("text", "") for message in state["messages"] if not message["out"])


def test_a_first_start_prints_a_link_that_founds_the_enterprise_once(
    simulator: httpx.Client, bot: subprocess.Popen[str]
) -> None:
    assert bot.stdout is not None
    seen, code = [], ""
    for line in bot.stdout:
        seen.append(line)
        found = re.search(r"https://t\.me/run_bot\?start=(\S+)", line)
        code = found[1] if found else code
        if "is running as @run_bot" in line:
            break
    assert code, "".join(seen)
    for person in (1, 2):
        simulator.post("/sim/people", json={"id": person, "first_name": f"P{person}", "language_code": "en"})
    simulator.post("/sim/people/1/start", json={"bot": "run_bot", "payload": code})
    for text in ("Works", "Gate", "Boss", "Office", "Gate"):
        simulator.post("/sim/people/1/send", json={"chat": "run_bot", "text": text})
    ends = time.monotonic() + PATIENCE_SECONDS
    while "you are in: Works" not in text_of_chat(simulator, 1):
        assert time.monotonic() < ends, text_of_chat(simulator, 1)
        time.sleep(0.1)
    simulator.post("/sim/people/2/start", json={"bot": "run_bot", "payload": code})
    while "used up" not in text_of_chat(simulator, 2):
        assert time.monotonic() < ends, text_of_chat(simulator, 2)
        time.sleep(0.1)
    bot.send_signal(signal.SIGTERM)
    rest = bot.stdout.read()
    assert bot.wait(20) == 0
    assert TOKEN not in "".join(seen) + rest
    assert "Boss" not in rest, "nothing personal in the log"
