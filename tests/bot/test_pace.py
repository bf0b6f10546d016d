"""The pace against the simulator's limits, on a clock that leaps: nothing is refused, taps come first, pauses are kept."""

import asyncio
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.pace import REPLY, Limits, Pace
from services.work import Lane
from simulator.errors import ApiError
from simulator.limits import Limits as TelegramLimits
from tests.leaping_loop import run_leaping

LONG = "字" * 501


class Telegram:
    """Counts what arrives, somewhere on its way, and refuses what is too fast."""

    def __init__(self, pace: Pace, seconds: float, chance: random.Random) -> None:
        self.pace, self.seconds, self.chance = pace, seconds, chance
        self.limits = TelegramLimits(pace.limits.per_second)
        self.arrived: list[tuple[float, int, int]] = []
        self.refused = 0

    async def send(self, chat_id: int, rank: int, text: str = "短") -> None:
        """Send one message when its turn has come."""
        async with self.pace.turn(chat_id, rank, text):
            there = self.seconds * self.chance.random()
            await asyncio.sleep(there)
            now = asyncio.get_running_loop().time()
            try:
                self.limits.check(chat_id, now, len(text))
            except ApiError:
                self.refused += 1
            self.arrived.append((now, chat_id, rank))
            await asyncio.sleep(self.seconds - there)


@given(seconds=st.floats(0.001, 2.0), replies=st.integers(0, 40), seed=st.integers(0, 9), long=st.integers(0, 5))
@example(
    seconds=0.03125, replies=0, seed=0, long=0
)  # a message that leaves as an old one's second ends, to the last bit
@settings(max_examples=60, deadline=None)
def test_nothing_is_refused_however_long_the_way_is(seconds: float, replies: int, seed: int, long: int) -> None:
    async def story() -> int:
        telegram = Telegram(Pace(), seconds, random.Random(seed))
        notices = [telegram.send(n + 1, Lane.BROADCAST, LONG if n < long else "短") for n in range(100)]
        taps = [telegram.send(1000 + n, REPLY) for n in range(replies)]
        await asyncio.gather(*notices, *taps)
        assert len(telegram.arrived) == 100 + replies
        return telegram.refused

    assert run_leaping(story()) == 0


@pytest.mark.parametrize("per_second", [30, 1000])
def test_a_broadcast_goes_at_the_pace_that_is_allowed(per_second: int) -> None:
    """Also where each timer is late by more than the time between two messages."""

    async def story() -> tuple[float, int]:
        telegram = Telegram(Pace(Limits(per_second)), 0.01, random.Random(1))
        await asyncio.gather(*(telegram.send(n + 1, Lane.BROADCAST) for n in range(3000)))
        return telegram.arrived[-1][0], telegram.refused

    seconds, refused = run_leaping(story(), late_seconds=0.002)
    assert 3000 / seconds >= 0.95 * per_second
    assert refused == 0


def test_a_reply_waits_for_few_notices() -> None:
    async def story() -> list[float]:
        telegram, waits = Telegram(Pace(), 0.02, random.Random(1)), []
        broadcast = [asyncio.create_task(telegram.send(n + 1, Lane.BROADCAST)) for n in range(300)]
        for _ in range(20):
            await asyncio.sleep(0.37)
            before = asyncio.get_running_loop().time()
            await telegram.send(7777, REPLY)
            waits.append(asyncio.get_running_loop().time() - before - 0.02)
        await asyncio.gather(*broadcast)
        return waits

    assert max(run_leaping(story())) <= 5 / 30


def test_urgent_lanes_pass_those_that_wait() -> None:
    async def story() -> list[int]:
        telegram = Telegram(Pace(), 0.01, random.Random(1))
        lanes = (Lane.BROADCAST, Lane.BROADCAST, Lane.EDIT, Lane.PURCHASE_ORDER)
        await asyncio.gather(*(telegram.send(n + 1, lane) for n, lane in enumerate(lanes)))
        return [rank for _, _, rank in telegram.arrived]

    assert run_leaping(story()) == [Lane.BROADCAST, Lane.PURCHASE_ORDER, Lane.EDIT, Lane.BROADCAST]


@pytest.mark.parametrize(
    ("chat", "written_before", "all_wait"),
    [(-5, False, False), (5, True, False), (5, False, True)],
    ids=["a group", "a chat that was just written to", "anything else is about everybody"],
)
def test_a_pause_concerns_what_it_is_about_until_its_deadline(chat: int, written_before: bool, all_wait: bool) -> None:
    async def story() -> tuple[list[int], float, float]:
        pace = Pace()
        telegram = Telegram(pace, 0.01, random.Random(1))
        if written_before:
            await telegram.send(chat, Lane.OUTCOME)
        before = asyncio.get_running_loop().time()
        pace.refused(chat, 7)
        resting, pause = pace.resting(), pace.pause_seconds()
        await telegram.send(99, REPLY)
        return resting, pause, asyncio.get_running_loop().time() - before

    resting, pause, waited = run_leaping(story())
    assert (resting == []) == all_wait
    assert pause == (7 if all_wait else 0)
    assert waited == pytest.approx(7.01 if all_wait else 0.01)


def test_two_chats_refused_one_after_the_other_are_about_everybody() -> None:
    async def story() -> list[float]:
        pace, pauses = Pace(), []
        for chat in (5, 6, 7):
            pace.wrote(chat)
        for chat in (5, 5, 6):
            pace.refused(chat, 7)
            pauses.append(pace.pause_seconds())
        return pauses

    assert run_leaping(story()) == [0, 0, 7]


def test_a_long_text_leaves_at_one_a_second_as_well() -> None:
    async def story() -> int:
        telegram = Telegram(Pace(Limits(per_second=1)), 0.01, random.Random(1))
        await asyncio.wait_for(telegram.send(5, REPLY, LONG), 60)
        return len(telegram.arrived)

    assert run_leaping(story()) == 1


def test_a_stopping_bot_lets_go_of_what_waits() -> None:
    async def story() -> list[bool]:
        pace = Pace(Limits(per_second=1))
        telegram = Telegram(pace, 0.01, random.Random(1))
        tasks = [asyncio.create_task(telegram.send(n + 1, Lane.BROADCAST)) for n in range(3)]
        await asyncio.sleep(0.5)
        pace.dismiss()
        await asyncio.gather(*tasks, return_exceptions=True)
        return [task.cancelled() for task in tasks]

    assert run_leaping(story()) == [False, True, True]
