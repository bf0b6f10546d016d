"""Members leave, or are removed: their orders are decided with buttons, and everybody concerned hears it."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import set_scene
from tests.world import add_member


async def test_somebody_else_collects(play_on_both: Play) -> None:
    play = play_on_both
    scene = await set_scene(play)
    await scene.li.press("2")
    await scene.li.send("/leave")
    await scene.li.reads("未截单的订单由团长决定：别人代领，或者撤销")
    await scene.li.press("是的，退出")
    question = await scene.wang.reads("李敏", "脐橙 2箱", "3月3日周二 09:00")
    assert buttons_of(question) == ["🙋 我来代领", "👥 别人代领", "🗑 撤销订单"]
    await scene.wang.press("👥 别人代领")
    await scene.wang.press("Anna · 车间")
    await scene.wang.reads("李敏的订单由Anna代领，两人都会收到通知。")
    await scene.anna.reads(
        "You collect an order for 李敏, who has left", "脐橙 2 boxes", "📍 North gate · 🚚 Fri 6 Mar"
    )
    await scene.li.reads("您在第1轮团购（嘉陵机械）的订单由Anna代领")

    before = len(await scene.li.messages())
    await play.pass_time(hours=24)
    await scene.anna.reads("is closed", "You collect this for 李敏, who has left.", "脐橙 2 boxes ¥99.80", "North gate")
    assert len(await scene.li.messages()) == before, "who has left hears no more"
    await scene.wang.send("/round")
    await scene.wang.press("第1轮团购")
    await scene.wang.press("📄 全部订单")
    sheet = load_workbook(BytesIO(await scene.wang.download((await scene.wang.messages())[-1]))).worksheets[0]
    assert [cell.value for cell in sheet["B"]][1] == "李敏（Anna代领）"


async def test_the_collector_sees_it_in_their_orders(play_on_both: Play) -> None:
    play = play_on_both
    scene = await set_scene(play, case_size=2)
    await scene.anna.press("2")
    await scene.li.press("3")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await scene.wang.press("👥 别人代领")
    await scene.wang.press("Anna · 车间")
    await scene.anna.send("/orders")
    orders = await scene.anna.reads(
        "Round 1 · open\n✅ 脐橙 2 boxes", "Round 1 · open · 🤝 collecting for 李敏\n✅ 脐橙 3"
    )
    assert buttons_of(orders) == ["✏️ Round 1"], "only her own can be changed"
    await scene.wang.press("👥 别人代领")
    await scene.wang.press("王芳 · 车间")
    await scene.anna.send("/orders")
    assert "collecting" not in await scene.anna.last()
    await scene.wang.send("/orders")
    assert buttons_of(await scene.wang.reads("第1轮团购 · 进行中 · 🤝 代领：李敏", "脐橙 3箱")) == []
    await play.pass_time(hours=24)
    await scene.wang.send("/orders")
    orders = await scene.wang.reads("第1轮团购 · 已截单 · 🤝 代领：李敏", "脐橙 2箱", "应付：¥99.80", "北门")
    assert buttons_of(orders) == ["❓ 脐橙为什么是2？"]
    await scene.wang.press("❓ 脐橙为什么是2？")
    assert "大家一共要5箱" in await scene.wang.popup()
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 2}


async def test_a_coordinator_changes_their_mind(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await scene.wang.press("🙋 我来代领")
    await scene.wang.reads("李敏的订单由王芳代领")
    await scene.wang.press("👥 别人代领")
    await scene.wang.press("Anna · 车间")
    await scene.anna.reads("You collect an order for 李敏")
    await scene.wang.press("🗑 撤销订单")
    await scene.wang.reads("🗑 李敏的订单已撤销。")
    await scene.anna.reads("You need not collect the order of 李敏 in Round 1 any more.")
    await scene.li.reads("订单已撤销，不用付款")
    assert scene.world.wished("脐橙") == {}


async def test_two_coordinators_answer(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/members")
    await scene.wang.press("Anna")
    await scene.wang.press("🧑‍🌾 设为团长")
    await scene.wang.press("是的，设为团长")
    await scene.wang.reads("👤 Anna · 团长")
    await scene.anna.reads("王芳 has made you a coordinator of 嘉陵机械")
    await scene.li.press("2")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await scene.wang.press("🙋 我来代领")
    await scene.anna.press("🗑 Withdraw it")
    assert await scene.anna.popup() == "This has been decided already: 王芳 collects the order."
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_nobody_answers_and_the_order_is_withdrawn(play: Play) -> None:
    scene = await set_scene(play)
    await scene.anna.press("2")
    await scene.anna.send("/leave")
    await scene.anna.reads("wait for the coordinator: somebody else collects them, or they are withdrawn")
    await scene.anna.press("Yes, leave")
    await play.pass_time(hours=24)
    assert scene.world.wished("脐橙") == {}
    await scene.anna.reads(
        "Your order in Round 1 (嘉陵机械) was withdrawn, since you have left. You pay nothing for it."
    )
    await scene.wang.press("🙋 我来代领")
    assert "这份订单已经处理过了" in await scene.wang.popup()


async def test_a_member_is_removed(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/invite")
    await scene.wang.press("👥 员工")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    await scene.anna.press("2")
    await scene.wang.send("/help")
    await scene.wang.reads("/members")
    play.clock.pass_time(minutes=5)
    await scene.wang.send("/members")
    await scene.wang.reads("👥 3位员工", "• 王芳 · 车间 · 团长", "• 李敏 · 车间")
    await scene.wang.press("Anna")
    await scene.wang.reads("👤 Anna · 员工", "自提点：北门", "在1轮进行中的团购里有订单")
    await scene.wang.press("🚪 移出")
    await scene.wang.reads("要移出Anna吗", "由别人代领，或者撤销")
    await scene.wang.press("是的，移出")
    assert await scene.wang.popup() == "已移出Anna，会通知本人。"
    await scene.wang.reads("👥 2位员工")
    await scene.wang.reads("Anna", "由谁代领")
    await scene.anna.reads("王芳 has taken you off the members of 嘉陵机械", "Ask 王芳 for a new invitation link.")
    await scene.anna.press("+")
    assert "not there any more" in await scene.anna.popup()
    assert scene.world.wished("脐橙") == {"Anna": 2}
    await scene.anna.start(code)
    await scene.anna.reads("You were taken off the members here")
    await scene.wang.press("🗑 撤销订单")
    await scene.anna.reads("was withdrawn, since you have left")
    await scene.anna.send("/start")
    await scene.anna.reads("To join, open the invitation link")


async def test_who_comes_back_collects_again(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await scene.wang.press("👥 别人代领")
    await scene.wang.press("Anna · 车间")
    await scene.wang.send("/invite")
    await scene.wang.press("👥 员工")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    await scene.li.start(code)
    await scene.li.press("李敏")
    await scene.li.press("车间")
    await scene.li.press("北门")
    await scene.anna.reads("You need not collect the order of 李敏")
    await play.pass_time(hours=24)
    await scene.li.reads("已截单", "脐橙 2箱 ¥99.80")


async def test_who_leaves_after_the_closing(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await play.pass_time(hours=24)
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    question = await scene.wang.reads("李敏已离开。第1轮团购已截单，还有这些没取", "脐橙 2箱", "费用照旧")
    assert buttons_of(question) == ["🙋 我来代领", "👥 别人代领"]
    await scene.wang.press("🙋 我来代领")
    await scene.wang.reads("李敏的订单由王芳代领")
    await scene.li.reads("由王芳代领，费用请与对方结清")


@pytest.mark.parametrize("people", [23])
async def test_many_members_page(play: Play, people: int) -> None:
    scene = await set_scene(play)
    for n in range(people - 3):
        add_member(scene.world, f"员工{n:02}", 7000 + n)
    await scene.wang.send("/members")
    page = await scene.wang.reads("👥 23位员工")
    assert buttons_of(page)[-1] == "›"
    await scene.wang.press("›")
    await scene.wang.press("›")
    page = await scene.wang.reads("👥 23位员工")
    assert buttons_of(page)[-1] == "‹"
    assert len(text_of(page).splitlines()) == 4
    await scene.li.send("/members")
    await scene.li.reads("只有团长能做")
