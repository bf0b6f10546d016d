"""A stop that does not wait to the end: what was in the middle of its sending may have arrived."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlmodel import Session

from bot.dispatcher import Dispatcher
from bot.pace import Limits, Pace
from models import Round
from tests.bot.test_delivery import close, notices, orders_at
from tests.journeys.play import Play, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import open_round

DEADLINE_SECONDS = 20
ONE_AT_A_TIME = Limits(per_second=1, chat_gap_seconds=0)
"""While one is on its way, all others wait for their turn."""


@asynccontextmanager
async def stopping_in_the_middle(play: Play, method: str) -> AsyncIterator[None]:
    """The first message of a dispatcher arrives, but its answer does not come in time: then it is stopped, twice."""
    fault = {"kind": "timeout_after", "method": method, "times": 1, "seconds": 2 * DEADLINE_SECONDS}
    await play.post("/sim/faults", fault)
    dispatcher = Dispatcher(play.application, play.database, Pace(ONE_AT_A_TIME))
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not play.world.faults.set[-1].hits:
            await asyncio.sleep(0.01)
        yield
        running.cancel()
        await asyncio.sleep(0.1)
        running.cancel()  # the time for finishing is up
        await asyncio.gather(running, return_exceptions=True)


async def reminders_of(scene: Scene) -> list[int]:
    """How many reminders 王, 李 and Anna have received."""
    people = (scene.wang, scene.li, scene.anna)
    return [sum("⏰" in text_of(message) for message in await person.messages()) for person in people]


async def test_a_reminder_in_the_middle_is_not_sent_again_and_those_that_had_not_begun_are(play: Play) -> None:
    scene = await set_scene(play)
    with Session(play.database.engine) as session, session.begin():
        session.get_one(Round, 1).reminds_at = play.clock() + timedelta(hours=1)
    play.clock.pass_time(hours=2)
    await play.alarm.run_due()
    async with stopping_in_the_middle(play, "sendMessage"):
        while len([one for one in notices(play, "reminder") if one.leased_until]) < 3:
            await asyncio.sleep(0.01)
    assert sorted((one.state, one.error) for one in notices(play, "reminder")) == [
        ("due", "stopped"), ("due", "stopped"), ("failed", "answer lost, not repeated"),
    ]  # fmt: skip
    assert sum(await reminders_of(scene)) == 1
    await play.pass_time(minutes=5)
    assert await reminders_of(scene) == [1, 1, 1]


async def test_a_card_and_a_purchase_order_in_the_middle_are_sent_again(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    open_round(scene.world, "王芳")
    async with stopping_in_the_middle(play, "sendPhoto"):
        pass
    await play.pass_time(minutes=1)
    assert [one.state for one in notices(play, "offer_card")] == ["sent"] * 3
    cards = [len(await person.messages()) for person in (scene.wang, scene.li, scene.anna)]
    assert sorted(cards) == [1, 1, 2], "better twice than never"
    await close(scene)
    async with stopping_in_the_middle(play, "sendDocument"):
        pass
    await play.pass_time(minutes=1)
    first, second = await orders_at(scene)
    assert first == second
