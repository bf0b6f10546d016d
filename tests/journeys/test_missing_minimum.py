"""A minimum is missed: cancelled, kept open once, held for the coordinator. By hand."""

from datetime import timedelta

from sqlmodel import Session, select

from models import PurchaseOrder, Round
from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import add_product, add_supplier, open_round, set_offer


async def tea_scene(play: Play, **terms: object) -> Scene:
    """Tea from 8 tins on at ¥98; 李 wishes 3 and Anna 2, and Anna a box of oranges, which has no minimum."""
    scene = await set_scene(play, opened=False)
    add_product(scene.world, "白帝", "茶", 9800, minimum_units=8, unit_en="tin")
    open_round(scene.world, "王芳", **terms)
    await play.settle()
    scene.world.places("李敏", "茶", 3)
    scene.world.places("Anna", "茶", 2)
    scene.world.places("Anna", "脐橙", 1)
    return scene


def the_round(scene: Scene) -> Round:
    with Session(scene.world.database.engine) as session:
        return session.exec(select(Round)).one()


def ordered(scene: Scene) -> dict[str, int]:
    """Value of each purchase order."""
    with Session(scene.world.database.engine) as session:
        return {row.number: row.value_minor for row in session.exec(select(PurchaseOrder))}


async def count(person: Person, *parts: str) -> int:
    return sum(all(part in text_of(message) for part in parts) for message in await person.messages())


async def test_cancelled_with_the_reason(play: Play) -> None:
    scene = await tea_scene(play)
    await play.pass_time(days=2)
    await scene.li.reads("已截单", "❌ 茶", "没达到起订量", "不用付款")
    await scene.anna.reads("is closed", "❌ 茶", "the supplier's minimum was missed", "To pay: ¥49.90")
    assert "茶" not in text_of(await scene.xiang.reads("采购单"))


async def test_kept_open_once_with_a_call_that_fixes_it(play_on_both: Play) -> None:
    """Policy extend: everybody is called, also who has not ordered; 3 more tins save it."""
    play = play_on_both
    scene = await tea_scene(play, minimum_policy="extend", extension_hours=12)
    await play.pass_time(hours=24)
    call = await scene.li.reads("延长到3月3日周二 21:00", "因为还没凑够", "茶：还差3箱（您订了3箱）")
    assert buttons_of(call) == ["➕ 茶再加3箱", "👌 茶最多可要6箱", "🧺 打开团品卡"]
    wang = await scene.wang.reads("延长到3月3日周二 21:00", "茶：还差3箱")
    assert buttons_of(wang) == ["➕ 茶再加3箱", "🧺 打开团品卡"]
    await scene.anna.reads(
        "stays open until Tue 3 Mar 21:00", "too little was ordered", "茶: 3 tins more (you ordered 2"
    )
    assert not await count(scene.xiang, "采购单"), "nothing is sent before"
    await scene.wang.press("➕ 茶再加3箱")
    await scene.wang.reads("已经凑齐了，谢谢")
    await scene.li.press("➕ 茶再加3箱")
    assert await count(scene.li, "已经凑齐了，谢谢") == 1, (
        "an old button still orders what it names, and says how it is"
    )
    assert scene.world.wished("茶") == {"李敏": 6, "Anna": 2, "王芳": 3}
    await play.pass_time(hours=12)
    await scene.anna.reads("is closed", "茶 2 tins ¥196.00", "To pay: ¥245.90")
    assert ordered(scene) == {"CB1-1-1": 11 * 9800 + 4990}


async def test_the_second_failure_cancels(play: Play) -> None:
    scene = await tea_scene(play, minimum_policy="extend", extension_hours=12)
    await play.pass_time(hours=24)
    await play.pass_time(hours=12)
    assert the_round(scene).phase == "closed"
    await scene.li.reads("已截单", "❌ 茶", "没达到起订量")
    assert await count(scene.anna, "stays open until") == 1


async def test_a_suppliers_minimum_is_called_for_with_its_offers(play: Play) -> None:
    """云上 delivers from ¥200; 李 has 2 plums, ¥117.60: ¥82.40 lack, 2 plums or 3 pears at ¥30 bring it."""
    scene = await set_scene(play, opened=False)
    add_supplier(scene.world, "云上", minimum_value_minor=20000)
    add_product(scene.world, "云上", "脆李", 5880)
    add_product(scene.world, "云上", "梨", 3000)
    open_round(scene.world, "王芳", minimum_policy="extend")
    await play.settle()
    scene.world.places("李敏", "脆李", 2)
    await play.pass_time(hours=24)
    call = await scene.anna.reads("云上: ¥82.40 to its minimum of ¥200.00")
    assert buttons_of(call) == ["➕ 脆李: 2箱 more", "➕ 梨: 3箱 more", "🧺 Open card"]
    await scene.anna.press("➕ 梨: 3箱 more")
    await scene.anna.reads("nothing is missing any more")
    await play.pass_time(hours=24)
    await scene.anna.reads("is closed", "梨 3箱 ¥90.00")
    await scene.li.reads("已截单", "脆李 2箱 ¥117.60")


async def test_held_and_cancelled(play: Play) -> None:
    scene = await tea_scene(play, minimum_policy="hold")
    await play.pass_time(hours=24)
    asked = await scene.wang.reads("等您决定", "茶：还差3箱", "3月4日周三 09:00")
    assert buttons_of(asked) == ["✅ 照样下单", "❌ 取消这些订单行", "⏳ 延长凑单", "📊 查看本轮"]
    assert not await count(scene.xiang, "采购单")
    assert not await count(scene.li, "已截单</b>")
    await scene.li.send("/orders")
    await scene.li.reads("第1轮团购", "还没定：有起订量没达到，正在问团长")
    await scene.wang.press("📊 查看本轮")
    await scene.wang.reads("有起订量没达到，等您决定", "还没有向供应商下单")
    await scene.wang.press("🧪 预演")
    await scene.wang.reads("3月4日周三 09:00前没有答复就这样办", "❌ 茶：只订了5箱")
    await scene.wang.press("‹ 返回")
    await scene.wang.press("❌ 取消这些订单行")
    assert await scene.wang.popup() == "好了，正在通知大家。"
    await scene.li.reads("已截单", "❌ 茶")
    await scene.anna.reads("is closed", "To pay: ¥49.90")
    assert ordered(scene) == {"CB1-1-1": 4990}


async def test_an_incomplete_case_is_no_missed_minimum(play: Play) -> None:
    """Anna's orange has no full case of 4: that is not what the coordinator is asked about."""
    scene = await tea_scene(play, minimum_policy="hold")
    set_offer(scene.world, "脐橙", case_size=4)
    await play.pass_time(hours=24)
    asked = await scene.wang.reads("等您决定", "茶：还差3箱")
    assert "脐橙" not in text_of(asked)


async def test_held_and_ordered_anyway_after_seeing_the_amounts(play_on_both: Play) -> None:
    """Ordering anyway: 5 tins and a box are ¥539.90, all paid by members."""
    play = play_on_both
    scene = await tea_scene(play, minimum_policy="hold")
    await play.pass_time(hours=24)
    await scene.wang.press("✅ 照样下单")
    await scene.wang.reads("照样下单", "白帝", "¥539.90", "茶 5箱", "员工付¥539.90", "付供应商¥539.90")
    assert ordered(scene) == {}, "seeing is not ordering"
    await scene.wang.press("确定下单")
    await scene.li.reads("已截单", "茶 3箱 ¥294.00", "应付：¥294.00")
    await scene.anna.reads("is closed", "茶 2 tins ¥196.00", "To pay: ¥245.90")
    assert ordered(scene) == {"CB1-1-1": 53990}


async def test_two_coordinators_answer_and_the_first_counts(play: Play) -> None:
    scene = await tea_scene(play, minimum_policy="hold")
    with Session(scene.world.database.engine) as session, session.begin():
        session.connection().exec_driver_sql("UPDATE member SET role = 'coordinator' WHERE name = 'Anna'")
    await play.pass_time(hours=24)
    await scene.anna.reads("waits for you", "茶: 3 tins more")
    await scene.anna.press("✅ Order it anyway")
    await scene.wang.press("❌ 取消这些订单行")
    await scene.anna.press("Yes, order it")
    assert "has been decided already" in await scene.anna.popup()
    await scene.anna.reads("📊 Round 1 · closed", "CB1-1-1")
    assert ordered(scene) == {"CB1-1-1": 4990}
    assert await count(scene.li, "已截单</b>") == 0
    assert await count(scene.li, "🔔", "已截单") == 1


async def test_held_and_nobody_answers(play: Play) -> None:
    scene = await tea_scene(play, minimum_policy="hold")
    await play.pass_time(hours=24)
    await play.pass_time(hours=24)
    await scene.li.reads("已截单", "❌ 茶")
    assert ordered(scene) == {"CB1-1-1": 4990}
    await scene.wang.press("✅ 照样下单")
    assert "已经决定" in await scene.wang.popup()


async def test_held_and_kept_open_for_the_missing_units(play: Play) -> None:
    """The coordinator keeps it open; still short afterwards, it waits for an answer again."""
    scene = await tea_scene(play, minimum_policy="hold", extension_hours=6)
    await play.pass_time(hours=24)
    await scene.wang.press("⏳ 延长凑单")
    await scene.anna.reads("stays open until Tue 3 Mar 15:00", "茶: 3 tins more")
    assert not await count(scene.wang, "因为还没凑够"), "who did it is not told"
    await play.pass_time(hours=6)
    assert await count(scene.wang, "等您决定：有团品没达到起订量") == 1, "the first question has become the round"
    assert the_round(scene).held_until == play.clock() + timedelta(hours=24)


async def test_closing_a_held_round_by_hand_says_that_it_waits(play: Play) -> None:
    scene = await tea_scene(play, minimum_policy="hold")
    await scene.wang.send("/round")
    await scene.wang.press("🔔 立即截单")
    await scene.wang.press("是的，立即截单")
    assert "请决定怎么办" in await scene.wang.popup()
    shown = await scene.wang.reads("有起订量没达到，等您决定", "3月3日周二 09:00前")
    assert buttons_of(shown)[0] == "✅ 照样下单"


async def test_reopening_forgets_what_was_waived(play: Play) -> None:
    """Ordered anyway, then reopened: the minimum counts again at the next close."""
    scene = await set_scene(play, opened=False)
    add_supplier(scene.world, "云上", minimum_value_minor=20000)
    add_product(scene.world, "云上", "脆李", 5880)
    open_round(scene.world, "王芳", minimum_policy="hold")
    await play.settle()
    scene.world.places("李敏", "脆李", 2)
    await play.pass_time(hours=24)
    await scene.wang.press("✅ 照样下单")
    await scene.wang.press("确定下单")
    await scene.li.reads("脆李 2箱 ¥117.60")
    await scene.wang.send("/round")
    await scene.wang.press("第1轮团购")
    await scene.wang.press("🔓 重新开放")
    await scene.wang.press("是的，重新开放")
    await play.pass_time(hours=24)
    assert await count(scene.wang, "等您决定：有团品没达到起订量", "云上：离起送金额¥200.00还差¥82.40") == 1
