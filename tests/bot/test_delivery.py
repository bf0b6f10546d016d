"""The outbox against Telegram's moods: limits, time-outs, blocked people, moved groups, restarts."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from bot.dispatcher import Dispatcher
from bot.pace import Pace
from bot.polling import Poller
from models import Enterprise, Notice, Person, PurchaseOrder, Round
from services.outbox import LEASE, lease
from services.work import Lane, Work
from tests.journeys.play import BOT, Play, text_of
from tests.journeys.scene import Scene, set_scene


def notices(play: Play, kind: str) -> list[Notice]:
    """All notices of a kind, read anew."""
    with Session(play.database.engine) as session:
        return list(session.exec(select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


async def close(scene: Scene) -> None:
    """Somebody orders, and the round closes."""
    await scene.li.press("2")
    scene.play.clock.pass_time(days=2)
    await scene.play.alarm.run_due()


async def orders_at(scene: Scene) -> list[str]:
    """Purchase orders that the supplier has received."""
    return [text_of(message) for message in await scene.xiang.messages() if "采购单" in text_of(message)]


async def test_a_lost_answer_repeats_a_purchase_order_under_the_same_number(play: Play) -> None:
    """foodsoft: a failed send was marked sent and never retried. A repeat is better than a loss."""
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "timeout_after", "method": "sendDocument", "times": 1})
    await close(scene)
    await play.settle()
    await play.pass_time(minutes=1)
    received = await orders_at(scene)
    assert len(received) == 2
    assert received[0] == received[1]
    (notice,) = notices(play, "purchase_order")
    assert (notice.state, notice.attempts) == ("sent", 2)


async def test_a_reminder_is_rather_missed_than_doubled(play: Play) -> None:
    scene = await set_scene(play)
    with Session(play.database.engine) as session, session.begin():
        session.get_one(Round, 1).reminds_at = play.clock() + timedelta(hours=1)
    await play.post("/sim/faults", {"kind": "timeout_after", "method": "sendMessage", "times": 1})
    await play.pass_time(hours=2)
    await play.pass_time(hours=1)
    reminders = [
        m for person in (scene.wang, scene.li, scene.anna) for m in await person.messages() if "⏰" in text_of(m)
    ]
    assert len(reminders) == 3
    assert sorted(notice.state for notice in notices(play, "reminder")) == ["failed", "sent", "sent"]


async def test_nothing_is_called_sent_before_telegram_said_so(play: Play) -> None:
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "500", "method": "sendDocument"})
    await close(scene)
    await play.settle()
    with Session(play.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).one().phase == "sending"
    await play.http.delete("/sim/faults")
    await play.pass_time(minutes=1)
    with Session(play.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).one().phase == "sent"
    assert len(await orders_at(scene)) == 1


async def test_one_failed_message_does_not_silence_the_others(play: Play) -> None:
    """VOKO: one failed mail silences every later supplier."""
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "500", "method": "sendMessage", "chat": scene.li.id})
    await close(scene)
    await play.settle()
    await scene.xiang.reads("采购单")
    await scene.wang.reads("已截单")


async def test_a_blocked_supplier_is_told_to_the_coordinator(play: Play) -> None:
    scene = await set_scene(play)
    await play.post(f"/sim/people/{scene.xiang.id}/block", {"bot": BOT})
    await close(scene)
    await play.settle()
    await scene.wang.reads("没能送达白帝")
    with Session(play.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).one().phase == "sending"
        person = session.exec(select(Person).where(Person.telegram_id == scene.xiang.id)).one()
        assert person.unreachable_since is not None


async def test_a_flood_pause_is_kept_and_nothing_is_lost(play: Play) -> None:
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "429", "method": "sendDocument", "times": 1, "retry_after": 1})
    await close(scene)
    await play.settle()
    assert await orders_at(scene) == []
    (notice,) = notices(play, "purchase_order")
    assert (notice.state, notice.attempts) == ("due", 0)
    await play.pass_time(seconds=2)
    assert len(await orders_at(scene)) == 1


async def test_a_group_that_moved_is_followed(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    given = {"title": "嘉陵群", "members": [scene.wang.id, scene.li.id], "bots": [BOT], "type": "group"}
    group = (await play.post("/sim/groups", given))["id"]
    await scene.wang.send("/link", chat=group)
    fresh = (await play.post(f"/sim/groups/{group}/migrate", {}))["id"]
    await scene.wang.send("/publish")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("奉节 白帝 0/2")
    await scene.wang.press("⬜️ 脐橙 ¥49.90")
    await scene.wang.press("✔️ 好了")
    await scene.wang.press("📢 立即发布")
    with Session(play.database.engine) as session:
        assert session.exec(select(Enterprise.group_chat_id)).one() == fresh
    offer = await group_message(play, scene, fresh)
    assert "• 奉节 脐橙 ¥49.90" in offer["text"]
    assert "已有0人下单" in offer["text"]
    (button,) = offer["reply_markup"]["inline_keyboard"][0]
    assert button["url"] == f"https://t.me/{BOT}?start=r1"
    await scene.li.press("3")
    await scene.anna.press("2")
    assert "已有0人下单" in (await group_message(play, scene, fresh))["text"]
    await play.pass_time(seconds=31)
    after = await group_message(play, scene, fresh)
    assert "已有2人下单，共¥249.50" in after["text"]
    assert after["version"] == 2, "two orders within half a minute are one edit"
    await play.pass_time(days=2)
    closed = await group_message(play, scene, fresh)
    assert "🔒 已截单" in closed["text"]
    assert "reply_markup" not in closed
    await play.pass_time(days=2)
    closed = await group_message(play, scene, fresh)
    assert "🔒 已截单" in closed["text"]
    assert "reply_markup" not in closed


async def group_message(play: Play, scene: Scene, group: int) -> dict[str, Any]:
    """The offer in a group."""
    response = await play.http.get(f"/sim/people/{scene.wang.id}/messages", params={"chat": group})
    return next(message for message in reversed(response.json()["messages"]) if "🧺" in message.get("text", ""))


async def test_urgent_lanes_leave_first_and_a_chat_gets_one_at_a_time(play: Play) -> None:
    await set_scene(play, opened=False)

    def owe(work: Work) -> None:
        for n, lane in enumerate((Lane.BROADCAST, Lane.OUTCOME, Lane.PURCHASE_ORDER, Lane.PURCHASE_ORDER)):
            chat = 1 if n in (0, 2, 3) else 2
            work.notify(f"k{n}", "incident", lane, chat_id=chat, number=str(n), error="x")

    play.database.run(owe, None, None)
    first = play.database.run(lease, None, None, 10)
    assert [(notice.lane, notice.chat_id) for notice in first] == [(0, 1), (2, 2)]
    assert play.database.run(lease, None, None, 10, (1, 2)) == []
    play.clock.pass_time(seconds=LEASE.total_seconds() + 1)
    again = play.database.run(lease, None, None, 10)
    assert [notice.id for notice in again] == [notice.id for notice in first], "a lease that ran out is taken up again"


async def test_the_same_key_is_owed_once(play: Play) -> None:
    scene = await set_scene(play, opened=False)

    def owe(work: Work) -> None:
        person = work.session.exec(select(Person).where(Person.telegram_id == scene.li.id)).one()
        work.notify("once", "incident", Lane.OUTCOME, person=person, number="1", error="x")

    play.database.run(owe, None, None)
    play.database.run(owe, None, None)
    assert len(notices(play, "incident")) == 1


async def test_sending_keeps_to_telegrams_limits(play: Play) -> None:
    """Sixty messages to as many people with the limits enforced: not one is refused."""
    scene = await set_scene(play, opened=False)
    people = [await play.person(f"员工{n}") for n in range(60)]
    bot = play.world.bot_named(BOT)
    bot.started |= {person.id for person in people}
    play.world.clock._read = time.time  # the limits are about real seconds
    play.database.clock = lambda: datetime.now(UTC)
    await play.post("/sim/limits", {"enforce": True})

    def owe(work: Work) -> None:
        for person in people:
            work.notify(f"n{person.id}", "incident", Lane.BROADCAST, chat_id=person.id, number="1", error="x")

    play.database.run(owe, None, None)
    dispatcher = Dispatcher(play.application, play.database, Pace())
    while any(notice.state == "due" for notice in notices(play, "incident")):
        await dispatcher.step()
    refused = [call for call in play.world.calls if not call["ok"]]
    assert refused == []
    assert scene is not None


@pytest.mark.parametrize("crash_at", ["before", "after"])
async def test_an_update_whose_effect_is_not_confirmed_comes_again_and_changes_nothing(
    play: Play, crash_at: str
) -> None:
    """The poller confirms after the commit; a crash in between repeats the update."""
    scene = await set_scene(play)
    await play.post(f"/sim/people/{scene.li.id}/press", {"chat": BOT, "button": "3"})
    pending = (await play.http.get("/sim/pending", params={"bot": BOT})).json()["pending"]
    assert pending == 1
    if crash_at == "after":
        await play.poller.poll(0)
    play.poller = Poller(play.application)  # the process died and knows nothing
    await play.settle()
    assert scene.world.wished("脐橙") == {"李敏": 3}
    assert (await play.http.get("/sim/pending", params={"bot": BOT})).json()["pending"] == 0


async def test_nothing_is_confirmed_where_not_even_the_incident_can_be_written(play: Play) -> None:
    """Somebody has put a file without tables there: what was sent meanwhile is handled when they are back."""
    scene = await set_scene(play)
    await play.post(f"/sim/people/{scene.li.id}/send", {"chat": BOT, "text": "脐橙 3"})
    before = play.poller.offset
    rename(play, "person", "hidden")
    with pytest.raises(OperationalError, match="no such table"):
        await play.poller.poll(0)
    assert play.poller.offset == before
    rename(play, "hidden", "person")
    await play.settle()
    assert scene.world.wished("脐橙") == {"李敏": 3}


def rename(play: Play, table: str, name: str) -> None:
    """Give a table another name."""
    with play.database.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


async def test_a_conversation_outlives_a_restart(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send("/me")
    await scene.li.press("✏️ 名称")
    second = Play(play.database, play.clock, play.simulator)
    await second.application.initialize()
    await play.post(f"/sim/people/{scene.li.id}/send", {"chat": BOT, "text": "李敏敏"})
    await second.poller.poll(0)
    await scene.li.reads("👤 李敏敏")
    await second.end()


async def test_a_send_that_hangs_holds_up_nobody_else(play: Play) -> None:
    """Telegram does not answer for one chat; what comes due for another meanwhile leaves at once."""
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "timeout_after", "chat": scene.li.id, "times": 1, "seconds": 30})

    def owe(person_id: int) -> None:
        def use_case(work: Work) -> None:
            work.notify(f"n{person_id}", "incident", Lane.OUTCOME, chat_id=person_id, number="1", error="x")

        play.database.run(use_case, None, None)

    owe(scene.li.id)
    dispatching = asyncio.create_task(play.dispatcher.run())
    await asyncio.sleep(0.3)
    owe(scene.anna.id)
    try:
        async with asyncio.timeout(10):
            while not any(notice.state == "sent" for notice in notices(play, "incident")):
                await asyncio.sleep(0.05)
        assert [n.state for n in notices(play, "incident")] == ["due", "sent"]
    finally:
        dispatching.cancel()
        for sending in play.dispatcher._running.values():
            sending.cancel()
        await asyncio.gather(dispatching, return_exceptions=True)
