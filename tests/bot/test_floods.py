"""Whoever writes more than Telegram lets the bot answer holds up nobody else, and a refusal pauses what it concerns."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from telegram import Update, User
from telegram.error import RetryAfter

from bot.dispatcher import Dispatcher
from bot.pace import Pace
from bot.patience import LONGEST_SECONDS, Patience
from bot.updates import MANY, PersonalOrder
from services.work import Lane, Work
from tests.journeys.play import BOT, Play
from tests.journeys.scene import Scene, set_scene
from tests.leaping_loop import run_leaping

PATIENCE_SECONDS = 60


@asynccontextmanager
async def polling(play: Play) -> AsyncIterator[None]:
    """The poller runs, and has run for a while."""
    play.poller._most = 100
    task = asyncio.create_task(play.poller.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def presses(scene: Scene) -> None:
    """Anna takes two boxes; until that is written."""
    await scene.play.post(f"/sim/people/{scene.anna.id}/press", {"chat": BOT, "button": "2"})
    async with asyncio.timeout(PATIENCE_SECONDS):
        while scene.world.wished("脐橙").get("Anna") != 2:
            await asyncio.sleep(0.02)


async def test_who_waits_for_telegram_holds_up_nobody_else(play: Play) -> None:
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "429", "chat": scene.li.id, "times": 1, "retry_after": 8})
    before = play.poller.offset
    async with polling(play):
        await play.post(f"/sim/people/{scene.li.id}/press", {"chat": BOT, "button": "3"})
        await presses(scene)
        assert play.poller.offset <= before + 1, "李 has no answer yet, and her press is not confirmed"
        assert len(play.poller._in_hand) > 0
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 2}
    assert play.poller._in_hand == {}, "whoever stops has finished"


@pytest.mark.parametrize("of_the_enterprise", [True, False])
async def test_who_types_without_end_holds_up_nobody_else(play: Play, of_the_enterprise: bool) -> None:
    """With Telegram's own limits; what a member typed last is what stands, and is answered."""
    scene = await set_scene(play)
    who, texts = scene.li, [f"脐橙 {n % 5 + 1}" for n in range(12)]
    if not of_the_enterprise:
        who, texts = await play.person("路人"), ["hello"] * 30
        await who.start()
    play.world.clock._read = time.time
    play.database.clock = lambda: datetime(2026, 3, 2, 2, tzinfo=UTC)
    await play.post("/sim/limits", {"enforce": True})
    for text in texts:
        await play.post(f"/sim/people/{who.id}/send", {"chat": BOT, "text": text})
    async with polling(play):
        await presses(scene)
        assert play.poller._in_hand, "the last ones are still to be answered"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while play.poller._in_hand:
                await asyncio.sleep(0.05)
    if of_the_enterprise:
        assert scene.world.wished("脐橙") == {"李敏": 2, "Anna": 2}
        await who.reads("脐橙", "2箱")


async def test_whoever_has_many_updates_waiting_is_pressed() -> None:
    order, goes_on = PersonalOrder(), asyncio.Event()
    updates = [Update(n) for n in range(MANY + 1)]
    for update in updates:
        update._effective_user = User(7, "P", False)

    async def handle() -> None:
        await goes_on.wait()

    tasks = [asyncio.create_task(order.process_update(update, handle())) for update in updates]
    await asyncio.sleep(0)
    assert order.is_pressed(7)
    assert not order.is_pressed(8)
    goes_on.set()
    await asyncio.gather(*tasks)
    assert not order.is_pressed(7)


async def test_telegram_refuses_the_bot_as_a_whole(play: Play) -> None:
    """Nothing may leave until then: after a start nobody knows what left a moment ago."""
    await set_scene(play, opened=False)
    people = [await play.person(f"员工{n}") for n in range(10)]
    play.world.bot_named(BOT).started |= {person.id for person in people}
    await play.post("/sim/faults", {"kind": "429", "method": "sendMessage", "times": 5, "retry_after": 20})

    def owe(work: Work) -> None:
        for person in people:
            work.notify(f"n{person.id}", "incident", Lane.BROADCAST, chat_id=person.id, number="1", error="x")

    play.database.run(owe, None, None)
    pace = Pace()
    dispatcher = Dispatcher(play.application, play.database, pace)
    while not pace.pause_seconds():
        await dispatcher.step()
    for _ in range(10):
        await dispatcher.step()
    assert 0 < len([call for call in play.world.calls if call["method"].lower() == "sendmessage"]) < 5


def seconds_of_a_reply(pause: float, chats: tuple[int, int], written: bool, *, pressed: bool = False) -> float:
    """How long a reply to the second chat takes after Telegram has refused one to the first with a pause."""

    async def story() -> float:
        pace = Pace()
        patience = Patience(pace, is_pressed=lambda _: pressed)
        refusals = [RetryAfter(int(pause))]

        async def call(refuse: bool) -> bool:
            if refuse and refusals:
                raise refusals.pop()
            return True

        async def reply(chat: int, refuse: bool) -> None:
            await patience.process_request(call, (refuse,), {}, "sendMessage", {"chat_id": chat, "text": "x"}, None)

        if written:
            await reply(chats[0], False)
        first = asyncio.create_task(reply(chats[0], True))
        await asyncio.sleep(0.01)
        before = asyncio.get_running_loop().time()
        await asyncio.gather(reply(chats[1], False), return_exceptions=True)
        waited = asyncio.get_running_loop().time() - before
        await asyncio.gather(first, return_exceptions=True)
        return waited if chats[0] != chats[1] else asyncio.get_running_loop().time()

    return run_leaping(story())


@pytest.mark.parametrize(
    ("pause", "chats", "written", "expected"),
    [
        (8, (5, 99), True, lambda waited: waited < 1),
        (8, (5, 99), False, lambda waited: 7 < waited < 9),
        (600, (5, 99), False, lambda waited: waited <= LONGEST_SECONDS),
    ],
    ids=["it was about the other chat", "it was about all", "nobody waits for ten minutes"],
)
def test_a_reply_waits_for_what_concerns_it_and_not_for_ever(
    pause: float, chats: tuple[int, int], written: bool, expected: Callable[[float], bool]
) -> None:
    assert expected(seconds_of_a_reply(pause, chats, written))


@pytest.mark.parametrize(("pressed", "expected"), [(False, 8.0), (True, 0.0)])
def test_a_reply_is_given_up_where_many_updates_of_the_person_wait(pressed: bool, expected: float) -> None:
    assert seconds_of_a_reply(8, (5, 5), True, pressed=pressed) == pytest.approx(expected, abs=0.1)
