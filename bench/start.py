"""From the start of the process until it takes updates, sends, and calls itself ready, with much that waits for it."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from bench.bars import at_most
from bench.crowd import crowd
from bench.databases import Kind
from bench.processes import free_port, limited_telegram, ours, until
from tests.bot.processes import python

ROUNDS, MEMBERS = 100, 1_000
"""Each member is owed the card of each round: 100,000 notices."""
PER_SECOND = 30
BAR_MILLISECONDS = 3_000


def start(kinds: tuple[Kind, ...], folder: Path) -> Iterator[dict[str, Any]]:
    """For each database; what an interpreter takes that only imports the bot is the limit in the same run."""
    for kind in kinds:
        imports = _imports(folder)
        url, _ = crowd(kind, MEMBERS, ROUNDS)
        moments, processor = _moments(folder, url)
        last = max(moments.values())
        yield {
            "what": f"start, {ROUNDS} rounds, {ROUNDS * MEMBERS:,} notices", "database": kind.name,
            "milliseconds": round(last * 1000), "ratio": round(last / imports, 2),
            **at_most(last * 1000, BAR_MILLISECONDS),
            "imports_milliseconds": round(imports * 1000), "processor_milliseconds": round(processor * 1000),
            "note": ", ".join(f"{name} after {at:.2f} s" for name, at in moments.items())
            + f", {processor:.2f} s of a core; ratio to its imports alone, {imports:.2f} s",
        }  # fmt: skip


def _imports(folder: Path) -> float:
    """Seconds of a process that imports the bot and ends."""
    began = time.monotonic()
    process = python("bot", "--help", cwd=folder, log=folder / "imports.log")
    assert process.wait(60) == 0
    return time.monotonic() - began


def _moments(folder: Path, url: str) -> tuple[dict[str, float], float]:
    """Seconds from the start until each first happened, and the processor time until then."""
    port = free_port()
    with (
        limited_telegram(folder, PER_SECOND) as telegram,
        ours(folder, telegram, url, BASKET_LISTEN_PORT=str(port)) as bot,
    ):
        ready = until(lambda: _ready(port))
        reached = {name: telegram.reached(name) for name in ("polling", "sending")}
        spent = bot.processor_seconds
        return {name: at - bot.began for name, at in ({"ready": ready} | reached).items()}, spent


def _ready(port: int) -> float:
    """The moment, or 0 if it is not yet."""
    with suppress(httpx.TransportError):
        if httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200:
            return time.monotonic()
    return 0.0
