"""Press → durable commit → answered callback and edited card, against bots that merely echo and store nothing.

All talk to the same `bench.telegram`, which is its own process, over loopback.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session, func, select

from bench.bars import at_least
from bench.databases import Kind
from bench.telegram import presses, texts
from bot.migrate import migrate
from models import OrderLine
from services.database import Database, make_engine
from tests.world import add_member, add_product, add_supplier, make_world, open_round

UPDATES, PEOPLE, TURNS = 2560, 256, 3
STOCK = {
    "python-telegram-bot echo, one by one": "stock_one_by_one",
    "python-telegram-bot echo, 256 side by side": "stock_256",
}
AIOGRAM = "aiogram echo"
PEERS = STOCK | {AIOGRAM: "aiogram"}


def order_path(kinds: tuple[Kind, ...]) -> Iterator[dict[str, Any]]:
    """Updates a second of the peers, and of ours on each database with the ratio to the best stock setting.

    All of them in turn, several times, since a busy neighbour lasts longer than one of them; of that the medians.
    """
    turns = [_turn(kinds) for _ in range(TURNS)]
    for name in PEERS:
        yield {"what": name, "per_second": round(median(turn[name] for turn in turns))}
    for kind in kinds:
        rate = median(turn[kind.name] for turn in turns)
        ratio = median(turn[kind.name] / max(turn[name] for name in STOCK) for turn in turns)
        to_aiogram = median(turn[kind.name] / turn[AIOGRAM] for turn in turns)
        yield {
            "what": "a press that orders", "database": kind.name, "per_second": round(rate),
            "milliseconds": round(1000 / rate, 2), "ratio": round(ratio, 2), **at_least(ratio, 1),
            "note": f"ratio to the best stock echo; {to_aiogram:.2f} of aiogram's",
        }  # fmt: skip


def _turn(kinds: tuple[Kind, ...]) -> dict[str, float]:
    """The rate of each peer, and of ours by the name of its database."""
    rates = {name: _rate(texts(UPDATES, PEOPLE), which) for name, which in PEERS.items()}
    return rates | {kind.name: _our_rate(kind) for kind in kinds}


def _our_rate(kind: Kind) -> float:
    with _database(kind) as (url, offers):
        data = [f"o:{offers[n % len(offers)]}:{n % 5 + 1}" for n in range(UPDATES // PEOPLE)]
        rate = _rate(presses(UPDATES, PEOPLE, data), "ours", url)
        _check(url)
    return rate


def _rate(updates: list[dict[str, Any]], which: str, *arguments: str) -> float:
    """Updates a second from the first that was taken to the last that was answered."""
    telegram = _start("bench.telegram")
    assert telegram.stdin is not None
    assert telegram.stdout is not None
    telegram.stdin.write(json.dumps(updates))
    telegram.stdin.close()
    port = telegram.stdout.readline().strip()
    bot = _start("bench.contenders", which, f"http://127.0.0.1:{port}", *arguments)
    try:
        seconds = float(telegram.stdout.readline())
    finally:
        bot.kill()
        bot.wait()
        telegram.wait(10)
    return len(updates) / seconds


def _start(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=Path(__file__).parents[1], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def _database(kind: Kind) -> Iterator[tuple[str, list[int]]]:
    """An enterprise of 256 members with an open round of six offers, two of them with limited stock and in cases."""
    url = kind.fresh("order_path")
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    database = Database(url, lambda: datetime.now(UTC))
    rows = make_world(database)
    for n in range(1, PEOPLE + 1):
        add_member(rows, f"m{n}", n, "coordinator" if n == 1 else "employee")
    add_supplier(rows, "s")
    for n in range(6):
        add_product(rows, "s", f"p{n}", 4990, **({"case_size": 4, "stock_units": 5000} if n < 2 else {}))
    open_round(rows, "m1")
    database.close()
    yield url, list(rows.offers.values())


def _check(url: str) -> None:
    """Every press became an order."""
    engine = make_engine(url)
    with Session(engine) as session:
        lines = session.exec(select(func.count()).select_from(OrderLine).where(OrderLine.firm > 0)).one()
    engine.dispose()
    assert lines == 6 * PEOPLE, f"{lines} lines of {6 * PEOPLE}"
