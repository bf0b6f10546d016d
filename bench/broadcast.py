"""A broadcast to 10,000 members: how fast it goes, how long a tap waits meanwhile, how much memory the bot holds.

It is not waited for to the end. The peer tells as many people under its own rate limiter, stores nothing, and answers
taps with a message. All run as processes of their own, under the limits of a simulated Telegram.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from bench.bars import at_least, at_most
from bench.crowd import crowd
from bench.databases import Kind
from bench.processes import Bot, State, Telegram, limited_telegram, ours, running

MEMBERS = 10_000
FREE, PAID = 30, 1000
"""Messages a second that Telegram allows a bot, and one that pays."""
SETTLE_SECONDS = 2.0
"""What the first second allows beyond the rest is not counted."""
SECONDS, TAPS = 20.0, 100
LAST_TAP_SECONDS = 1.0
"""Before the end: nobody taps any more."""
QUEUE_SECONDS = 12.0
"""For the peer all at once: its queue is as long as the broadcast, and longer looks would find the same."""
PAID_SECONDS = 8.0
BAR_TAP_MILLISECONDS, BAR_SHARE, BAR_MEGABYTES, BAR_GROWTH_MEGABYTES = 300.0, 0.95, 200.0, 5.0
ALL_AT_ONCE, IN_TURN = "all at once", "one after another"
NO_429 = ", no 429"


@dataclass(frozen=True, slots=True)
class Measured:
    """Some seconds of a broadcast."""

    before: State
    after: State
    megabytes: list[float]
    """Memory at the beginning, each second, and at the end."""

    @property
    def per_second(self) -> float:
        """Messages that arrived."""
        return (self.after.sent - self.before.sent) / (self.after.at - self.before.at)

    @property
    def tap_milliseconds(self) -> float:
        """Within which 95 of 100 taps were answered; at least, where some of them still wait."""
        waits = sorted(tap["seconds"] for tap in self.after.taps)
        return float(waits[ceil(len(waits) * 0.95) - 1] * 1000)

    @property
    def waiting(self) -> int:
        """Taps that have not been answered."""
        return sum(not tap["answered"] for tap in self.after.taps)


def broadcast(kinds: tuple[Kind, ...], folder: Path) -> Iterator[dict[str, Any]]:
    """Taps and pace at Telegram's limit, then pace and memory where it allows 1,000 a second."""
    spans = {ALL_AT_ONCE: QUEUE_SECONDS, IN_TURN: SECONDS}
    peers = {way: _peer(folder, way, FREE, seconds, TAPS) for way, seconds in spans.items()}
    for way, peer in peers.items():
        yield _tap_row(_peer_name(way), peer)
        yield _pace_row(_peer_name(way), peer, FREE)
    best = min(peer.tap_milliseconds for peer in peers.values())
    for kind in kinds:
        measured = _ours(folder, kind, FREE, SECONDS, TAPS)
        yield _our_tap_row(kind, measured, best)
        share = at_least(measured.per_second / FREE, BAR_SHARE, NO_429, otherwise=not measured.after.refused)
        yield _pace_row("a broadcast", measured, FREE) | {"database": kind.name} | share
    yield from _paid(kinds, folder)


def _paid(kinds: tuple[Kind, ...], folder: Path) -> Iterator[dict[str, Any]]:
    """The peer all at once does not send a message within a minute there: its limiter is busy with those who wait."""
    peer = _peer(folder, IN_TURN, PAID, PAID_SECONDS)
    yield _pace_row(_peer_name(IN_TURN), peer, PAID)
    for kind in kinds:
        measured = _ours(folder, kind, PAID, PAID_SECONDS)
        row = _pace_row("a broadcast", measured, PAID) | {"database": kind.name}
        ratio = measured.per_second / peer.per_second
        row |= at_least(ratio, 1, NO_429, otherwise=not measured.after.refused) | {"ratio": round(ratio, 2)}
        yield row | {"note": f"ratio to AIORateLimiter's; {row['refused']} times 429"}
        yield _memory_row(kind, measured)


def _peer_name(way: str) -> str:
    return f"AIORateLimiter, {way}"


def _peer(folder: Path, way: str, per_second: int, seconds: float, taps: int = 0) -> Measured:
    with limited_telegram(folder, per_second) as telegram:
        bot = running(folder, "bench.rate_limited", way, telegram.url, str(MEMBERS), str(per_second))
        return _measure(telegram, bot, seconds, taps, ["n:1", "n:2", "n:3"])


def _ours(folder: Path, kind: Kind, per_second: int, seconds: float, taps: int = 0) -> Measured:
    url, world = crowd(kind, MEMBERS)
    data = [f"o:{offer_id}:{n}" for offer_id in world.offers.values() for n in range(1, 6)]
    with limited_telegram(folder, per_second) as telegram:
        bot = ours(folder, telegram, url, BASKET_SENDS_PER_SECOND=str(per_second))
        return _measure(telegram, bot, seconds, taps, data)


def _measure(
    telegram: Telegram, starting: AbstractContextManager[Bot], seconds: float, taps: int, data: list[str]
) -> Measured:
    with starting as bot:
        telegram.reached("sending")
        time.sleep(SETTLE_SECONDS)
        before, megabytes = telegram.state(), [bot.resident_megabytes]
        if taps:
            telegram.let_tap(taps, seconds - LAST_TAP_SECONDS, data)
        while (left := before.at + seconds - time.monotonic()) > 0:
            time.sleep(min(1.0, left))
            megabytes.append(bot.resident_megabytes)
        return Measured(before, telegram.state(), megabytes)


def _tap_row(what: str, measured: Measured) -> dict[str, Any]:
    waiting = measured.waiting
    note = f"at least: {waiting} of {TAPS} taps still wait" if waiting else f"p95 of {TAPS} taps"
    spent = round(measured.tap_milliseconds)
    return {"what": f"{what}: a tap", "milliseconds": spent, "taps": TAPS, "waiting": waiting, "note": note}


def _our_tap_row(kind: Kind, measured: Measured, best: float) -> dict[str, Any]:
    row = _tap_row("a broadcast", measured)
    bar = at_most(measured.tap_milliseconds, BAR_TAP_MILLISECONDS)
    bar["held"] = bar["held"] and not measured.waiting
    note = f"{row['note']}; ratio to the better of AIORateLimiter's"
    return row | bar | {"database": kind.name, "ratio": round(measured.tap_milliseconds / best, 3), "note": note}


def _pace_row(what: str, measured: Measured, limit: int) -> dict[str, Any]:
    rate, refused = measured.per_second, measured.after.refused
    return {
        "what": f"{what}: at {limit}/s", "per_second": round(rate, 1), "ratio": round(rate / limit, 3),
        "refused": refused, "note": f"ratio to the limit; {refused} times 429",
    }  # fmt: skip


def _memory_row(kind: Kind, measured: Measured) -> dict[str, Any]:
    begin, middle, end = (measured.megabytes[n] for n in (0, len(measured.megabytes) // 2, -1))
    bar = at_most(max(measured.megabytes), BAR_MEGABYTES, "MB", ", flat")
    bar["held"] = bar["held"] and end - begin <= BAR_GROWTH_MEGABYTES
    return bar | {
        "what": f"a broadcast: memory, {MEMBERS:,} members", "database": kind.name,
        "megabytes": round(max(measured.megabytes)), "ratio": round(end / begin, 3),
        "samples": [round(one, 1) for one in measured.megabytes],
        "note": f"{begin:.0f}, {middle:.0f}, {end:.0f} MB at {measured.before.sent:,} to {measured.after.sent:,} messages",
    }  # fmt: skip
