"""A group becomes a supergroup while a round is open: it goes on hearing of it."""

import pytest

from tests.bot.test_delivery import group_message
from tests.journeys.play import BOT, Play
from tests.journeys.scene import Scene, set_scene


@pytest.mark.parametrize("ordered", [True, False])
async def test_a_group_that_moves_while_a_round_is_open_hears_that_it_closed(play: Play, ordered: bool) -> None:
    scene = await set_scene(play, opened=False)
    given = {"title": "嘉陵群", "members": [scene.wang.id, scene.li.id], "bots": [BOT], "type": "group"}
    group = (await play.post("/sim/groups", given))["id"]
    await scene.wang.send("/link", chat=group)
    await publish(scene)
    fresh = (await play.post(f"/sim/groups/{group}/migrate", {}))["id"]
    if ordered:
        await scene.li.press("3")
        await play.pass_time(seconds=31)
        offer = await group_message(play, scene, fresh)
        assert "已有1人下单，共¥149.70" in offer["text"]
        await scene.anna.press("2")
        await play.pass_time(seconds=31)
        assert "已有2人下单" in (await group_message(play, scene, fresh))["text"]
    await play.pass_time(days=3)
    closed = await group_message(play, scene, fresh)
    assert "🔒 已截单" in closed["text"]
    assert "reply_markup" not in closed
    response = await play.http.get(f"/sim/people/{scene.wang.id}/messages", params={"chat": fresh})
    assert sum("🧺" in message.get("text", "") for message in response.json()["messages"]) == 1


async def publish(scene: Scene) -> None:
    """王 opens a round with oranges in it."""
    await scene.wang.send("/publish")
    for label in ("🌾 选产品", "奉节 白帝 0/2", "⬜️ 脐橙 ¥49.90", "✔️ 好了", "📢 立即发布"):
        await scene.wang.press(label)
