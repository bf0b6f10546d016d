"""Sixty members are told of a round: the coordinator watches, pauses, stops; and a new process goes on where it was."""

from typing import Any

import pytest

from bot.dispatcher import Dispatcher
from bot.pace import Limits, Pace
from models import Notice
from services.outbox import LEASE, lease
from services.refresh_cards import refresh_open_cards
from tests.journeys.play import BOT, Person, Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.services.broadcasting import FIRST_ID, add_people, rows, states
from tests.world import open_round

PACE = Limits(per_second=24, chat_gap_seconds=0, group_per_minute=1_000_000)
"""Slow enough to press something while it runs, and three seconds in all."""
MANY = 60


@pytest.fixture
async def scene(play_on_both: Play) -> Scene:
    """王, 李, Anna and 57 others; twenty of them have been told of the round that 王 opened."""
    scene = await set_scene(play_on_both, opened=False)
    for n in range(MANY - 3):
        given = {"id": FIRST_ID + n, "first_name": f"员工{n}", "language_code": "zh-hans"}
        await play_on_both.post("/sim/people", given)
        play_on_both.world.private_chat(FIRST_ID + n, play_on_both.world.bot_named(BOT))
        play_on_both.world.bot_named(BOT).started.add(FIRST_ID + n)
    await play_on_both.post(f"/sim/people/{FIRST_ID}/block", {"bot": BOT})
    play_on_both.database.run(add_people, None, None, scene.world.enterprise_id, FIRST_ID, MANY - 3)
    play_on_both.dispatcher = slow(play_on_both)
    open_round(scene.world, "王芳")
    while states(scene.world)["sent"] < 20:
        await play_on_both.dispatcher.step()
    return scene


def slow(play: Play) -> Dispatcher:
    """One that keeps to a pace."""
    return Dispatcher(play.application, play.database, Pace(PACE))


async def press(scene: Scene, label: str) -> None:
    """王 presses, and reads what becomes of it; cards that are on their way arrive later."""
    play = scene.play
    await play.post(f"/sim/people/{scene.wang.id}/press", {"chat": BOT, "button": label, "nth": 0})
    while await play.poller.poll(0):
        pass


async def cards(play: Play) -> list[int]:
    """How many cards each member has got who has any."""
    everybody = [Person(play, person_id, "") for person_id in play.world.people]
    counts = [sum("photo" in message for message in await one.messages()) for one in everybody]
    return sorted(count for count in counts if count)


async def reports(wang: Person) -> list[dict[str, Any]]:
    """The messages that say how far it is, or ask about it."""
    return [message for message in await wang.messages() if "📣" in text_of(message) or "不再通知" in text_of(message)]


async def test_it_is_watched_paused_and_goes_on(scene: Scene) -> None:
    play, wang = scene.play, scene.wang
    play.clock.pass_time(seconds=5)
    await play.alarm.run_due()
    while "2" not in text_of((await reports(wang))[0]):
        await play.dispatcher.step()
    running = await wang.reads("📣 第1轮团购", "正在通知 2", "/60 · 约还需1分钟", "▓▓", "░░", "📵 1人联系不上")
    assert buttons_of(running) == ["⏸ 暂停", "⏹ 停止"]
    await press(scene, "⏸ 暂停")
    paused = await wang.reads("⏸ 已暂停", "其他消息照常送出")
    assert buttons_of(paused) == ["▶️ 继续", "⏹ 停止"]
    await play.settle()
    held = states(scene.world)["paused"]
    assert 20 <= held <= 40 - 4
    await scene.li.send("脐橙 2")
    await scene.li.reads("脐橙", "2箱")
    await play.pass_time(minutes=10)
    assert states(scene.world)["paused"] == held, "nothing of it leaves, however long it takes"
    await wang.press("▶️ 继续")
    await play.pass_time(seconds=5)
    done = await wang.reads("📣 第1轮团购", "✅ 通知完毕：59/60 人已收到", "📵 1人联系不上")
    assert buttons_of(done) == ["📊 查看本轮"]
    assert [message["message_id"] for message in await reports(wang)] == [running["message_id"]]
    assert states(scene.world) == {"sent": 59, "failed": 1}


async def test_it_is_stopped_once_sure_and_who_was_not_told_finds_the_round(scene: Scene) -> None:
    play, wang = scene.play, scene.wang
    await press(scene, "⏹ 停止")
    asked = await wang.reads("不再通知第1轮团购？", "发 /start 仍能看到这一轮")
    assert buttons_of(asked) == ["是的，停止", "‹ 返回"]
    await press(scene, "‹ 返回")
    running = await wang.reads("正在通知")
    await press(scene, "⏹ 停止")
    await press(scene, "是的，停止")
    await play.settle()
    await play.pass_time(seconds=5)
    stopped = await wang.reads("⏹ 已停止：已通知")
    assert buttons_of(stopped) == ["📊 查看本轮"]
    assert states(scene.world)["withdrawn"] >= 20
    await wang.press_data(stopped["message_id"], running["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert text_of(await wang.reads("⏹ 已停止")) == text_of(stopped), "a button of before has no effect any more"
    await play.pass_time(hours=1)
    last = Person(play, FIRST_ID + MANY - 4, "")
    assert await last.messages() == []
    await last.start()
    await last.reads("奉节", "脐橙")


async def test_a_card_that_leaves_after_a_change_is_not_edited_for_it(scene: Scene) -> None:
    """It shows the change; an edit for each would halve the pace of a broadcast that a restart has interrupted."""
    play = scene.play
    await play.dispatcher._finish()
    before = states(scene.world)["sent"]
    play.database.run(refresh_open_cards, None, None)
    await play.settle()
    assert states(scene.world) == {"sent": 59, "failed": 1}
    assert len(rows(scene.world, Notice, Notice.kind == "card_refresh")) == before


@pytest.mark.parametrize("paused", [False, True])
async def test_another_process_goes_on_where_it_was(scene: Scene, paused: bool) -> None:
    """The first one is gone in the middle: some had just been leased, and never left."""
    first, wang = scene.play, scene.wang
    await first.dispatcher._finish()
    if paused:
        await press(scene, "⏸ 暂停")
    else:
        assert len(first.database.run(lease, None, None, 7)) == 7
    first.clock.pass_time(seconds=LEASE.total_seconds() + 1)
    second = Play(first.database, first.clock, first.simulator)
    await second.begin()
    second.dispatcher = slow(second)
    await second.alarm.run_due()
    await second.settle()
    if paused:
        assert states(scene.world)["paused"] >= 20
        await Person(second, wang.id, "").press("▶️ 继续")
    await second.pass_time(seconds=5)
    await wang.reads("✅ 通知完毕：59/60 人已收到")
    assert len(await reports(wang)) == 1
    assert states(scene.world) == {"sent": 59, "failed": 1}
    assert await cards(second) == [1] * 59, "nobody was told twice"
    await second.end()
