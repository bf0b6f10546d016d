"""`python -m bot run` with a token: what an operator sees, against the simulator over a socket."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings
from bot.webhook import HEADER, webhook_secret
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


def until(what: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something to become true."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether a process is ready."""
    try:
        return httpx.get(f"{url}/healthz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def webhook_of(simulator: httpx.Client) -> str:
    """Where Telegram delivers."""
    return str(simulator.get(f"/bot{TOKEN}/getWebhookInfo").json()["result"]["url"])


def write_start(simulator: httpx.Client, person: int) -> None:
    """Somebody new writes to the bot."""
    simulator.post("/sim/people", json={"id": person, "first_name": f"P{person}", "language_code": "en"})
    simulator.post(f"/sim/people/{person}/start", json={"bot": "run_bot"})


def test_with_a_webhook_and_back_to_polling_without_losing_what_waits(simulator: httpx.Client, tmp_path: Path) -> None:
    """The secret is made from the token; neither is ever logged, whoever calls and whatever goes wrong."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    given = {
        "BASKET_TOKEN": TOKEN, "BASKET_API_URL": str(simulator.base_url).rstrip("/"),
        "BASKET_LISTEN_PORT": port, "BASKET_LOG_LEVEL": "debug",
    }  # fmt: skip
    secret = webhook_secret(Settings(_env_file=None), TOKEN)
    hooked = python("bot", "run", cwd=tmp_path, BASKET_WEBHOOK_URL=f"{url}/hook", **given)
    try:
        until(lambda: answers(url) and webhook_of(simulator) == f"{url}/hook")
        write_start(simulator, 1)
        until(lambda: text_of_chat(simulator, 1) != "")
        assert httpx.post(f"{url}/hook", content=b"{}").status_code == 403
        assert httpx.post(f"{url}/hook", content=b"{", headers={HEADER: secret}).status_code == 400
        assert 'basket_updates_total{kind="message",outcome="done"} 1.0' in httpx.get(f"{url}/metrics").text
    finally:
        hooked.terminate()
        said, _ = hooked.communicate(timeout=20)
    assert hooked.returncode == 0
    write_start(simulator, 2)  # nobody is there: Telegram tries in vain
    polling = python("bot", "run", cwd=tmp_path, **given)
    try:
        until(lambda: text_of_chat(simulator, 2) != "")
        assert webhook_of(simulator) == ""
        until(lambda: answers(url))
    finally:
        polling.terminate()
        said += polling.communicate(timeout=20)[0]
    assert polling.returncode == 0
    assert "webhook registered" in said
    assert TOKEN not in said
    assert secret not in said


def test_a_port_that_is_taken_is_said_in_plain_words(simulator: httpx.Client, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        api = str(simulator.base_url).rstrip("/")
        process = python("bot", "run", cwd=tmp_path, BASKET_TOKEN=TOKEN, BASKET_API_URL=api, BASKET_LISTEN_PORT=port)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "BASKET_LISTEN_PORT" in said
    assert "Traceback" not in said
