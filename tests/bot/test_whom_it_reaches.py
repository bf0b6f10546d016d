"""Who gets what is owed: people who come back, the next contact of a supplier, the right pickup point."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from models import PurchaseOrder
from services.change_round import cancel
from services.refresh_cards import refresh_open_cards
from services.reopen_round import reopen
from tests.bot.test_delivery import close, notices, orders_at
from tests.journeys.play import BOT, Play, text_of
from tests.journeys.scene import set_scene
from tests.world import add_member, open_round


async def test_who_returns_gets_what_is_still_owed(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("3")
    for person in (scene.li, scene.xiang):
        await play.post(f"/sim/people/{person.id}/block", {"bot": BOT})
    await play.pass_time(days=2)
    await scene.wang.reads("没能送达白帝")
    for person in (scene.li, scene.xiang):
        await play.post(f"/sim/people/{person.id}/unblock", {"bot": BOT})
    await play.settle()
    await scene.xiang.reads("采购单", "脐橙 3箱")
    await scene.li.reads("已截单", "脐橙 3箱")
    await scene.wang.reads("已送达白帝")


async def test_a_second_contact_gets_the_order_when_the_first_cannot(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/invite")
    await scene.wang.press("🌾 供应商")
    await scene.wang.press("白帝")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    second = await play.person("小向")
    await second.start(code)
    await second.press("小向")
    await play.post("/sim/faults", {"kind": "500", "method": "sendDocument", "chat": scene.xiang.id, "times": 1})
    await close(scene)
    play.world.bot_named(BOT).blocked.add(scene.xiang.id)  # blocked without a word
    await play.settle()
    await play.pass_time(minutes=1)
    await second.reads("采购单", "脐橙 2箱")
    assert not [m for m in await scene.wang.messages() if "没能送达" in text_of(m)]


async def test_an_order_goes_to_a_pickup_point_that_the_round_serves(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send("/points")
    await scene.wang.press("➕ 添加")
    await scene.wang.send("食堂")
    await scene.wang.send("/publish")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("奉节 白帝 0/2")
    await scene.wang.press("⬜️ 脐橙 ¥49.90")
    await scene.wang.press("✔️ 好了")
    await scene.wang.press("📍 自提点")
    await scene.wang.press("✅ 北门")
    await scene.wang.press("✔️ 好了")
    await scene.wang.press("📢 立即发布")
    await scene.li.reads("🚚", "食堂")
    await scene.li.press("2")
    await play.pass_time(days=2)
    order = await scene.xiang.reads("采购单", "食堂 2")
    assert "北门" not in text_of(order)


async def deliver(play: Play) -> None:
    """The dispatcher works while the updates that wait are not taken yet."""
    for _ in range(50):
        await play.dispatcher.step()
        await asyncio.sleep(0.01)


async def test_who_unblocks_while_no_process_runs_hears_the_outcome(play: Play) -> None:
    """The card that every start makes fresh reached them first, and then nothing that was owed before it."""
    scene = await set_scene(play)
    await scene.li.press("3")
    open_round(scene.world, "王芳", hours=240)
    await play.settle()
    await play.post(f"/sim/people/{scene.li.id}/block", {"bot": BOT})
    await play.settle()
    await play.pass_time(days=2)
    assert [one.state for one in notices(play, "outcome")] == ["failed"]
    await play.post(f"/sim/people/{scene.li.id}/unblock", {"bot": BOT})
    play.database.run(refresh_open_cards, None, None)
    await deliver(play)
    await play.settle()
    await scene.li.reads("已截单")
    assert [one.state for one in notices(play, "outcome")] == ["sent"]


async def test_a_supplier_who_unblocks_while_no_process_runs_gets_the_purchase_order(play: Play) -> None:
    """老向 buys in the enterprise as well, and so holds a card of a round that is still open."""
    scene = await set_scene(play)
    add_member(scene.world, "老向", scene.xiang.id)
    first = dict(scene.world.offers)
    open_round(scene.world, "王芳", hours=240)
    await play.settle()
    scene.world.offers = first
    scene.world.places("李敏", "脐橙", 3)
    await play.post(f"/sim/people/{scene.xiang.id}/block", {"bot": BOT})
    await play.settle()
    await play.pass_time(days=2)
    await play.post(f"/sim/people/{scene.xiang.id}/unblock", {"bot": BOT})
    play.database.run(refresh_open_cards, None, None)
    await deliver(play)
    await play.settle()
    await scene.xiang.reads("采购单", "CB1-1-1")
    with Session(play.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).one().phase == "sent"


@pytest.mark.parametrize("call_off", [cancel, reopen])
async def test_a_supplier_whose_order_arrived_without_an_answer_hears_that_it_is_off(
    play: Play, call_off: Callable[..., Any]
) -> None:
    """The bot cannot know that they have it: the second try says what is so by then."""
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "timeout_after", "method": "sendDocument", "times": 1})
    await close(scene)
    await deliver(play)
    assert len(await orders_at(scene)) == 1
    assert [(one.state, one.attempts) for one in notices(play, "purchase_order")] == [("due", 1)]
    play.database.run(call_off, scene.world.actor("王芳"), None, 1)
    await play.settle()
    await play.pass_time(minutes=30)
    said = [text_of(message) for message in await scene.xiang.messages() if "CB1-1-1" in text_of(message)]
    assert "取消" in said[-1], said


@pytest.mark.parametrize("call_off", [cancel, reopen])
@pytest.mark.parametrize("known", [True, False], ids=["known to be away", "found away by this"])
async def test_a_supplier_who_was_away_hears_that_the_order_is_off(
    play: Play, call_off: Callable[..., Any], known: bool
) -> None:
    scene = await set_scene(play)
    await close(scene)
    await play.settle()
    await scene.xiang.reads("采购单")
    before = len(await scene.xiang.messages())
    await play.post(f"/sim/people/{scene.xiang.id}/block", {"bot": BOT})
    if known:
        await play.settle()
    play.database.run(call_off, scene.world.actor("王芳"), None, 1)
    await deliver(play)
    await play.settle()
    await play.post(f"/sim/people/{scene.xiang.id}/unblock", {"bot": BOT})
    await play.settle()
    await scene.xiang.send("/start")
    said = [text_of(message) for message in (await scene.xiang.messages())[before:]]
    assert any("CB1-1-1" in text and "取消" in text for text in said), said
