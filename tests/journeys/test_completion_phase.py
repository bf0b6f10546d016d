"""After the closing time only missing units can be ordered for a while; and what the house takes of the rest."""

from datetime import timedelta

from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.journeys.test_missing_minimum import count, ordered, tea_scene, the_round
from tests.world import add_product, add_supplier, open_round, set_limit, set_offer


async def orange_scene(play: Play, **terms: object) -> Scene:
    """Oranges in fours with a completion phase of 2 hours: 李 wishes 3, then Anna 2; 3 are missing to 8."""
    scene = await set_scene(play, opened=False, case_size=4)
    open_round(scene.world, "王芳", completion_hours=2, **terms)
    await play.settle()
    scene.world.places("李敏", "脐橙", 3)
    play.clock.pass_time(minutes=1)
    scene.world.places("Anna", "脐橙", 2)
    return scene


async def test_a_completion_phase_takes_only_missing_units_and_ends_when_none_is_missing(play_on_both: Play) -> None:
    play = play_on_both
    scene = await orange_scene(play)
    await play.pass_time(hours=24)
    call = await scene.li.reads("已截单", "3月3日周二 11:01前只能补足缺的数量", "脐橙：还差3箱（您订了3箱）")
    assert buttons_of(call) == ["➕ 脐橙再加3箱", "👌 脐橙最多可要6箱", "🧺 打开团品卡"]
    await scene.wang.send("/round")
    await scene.wang.reads("📊", "📦 只能补足缺的数量")
    card = (await scene.li.messages())[0]
    assert "现在只能补" in text_of(card)
    await scene.li.press("›")
    assert "🔒 这里不缺了" in buttons_of((await scene.li.messages())[0])
    await scene.li.press("‹")
    await scene.li.press("3箱")
    await scene.li.press("2")
    assert "只能补" in await scene.li.popup()
    await scene.li.press("+")
    assert scene.world.wished("脐橙") == {"李敏": 4, "Anna": 2}
    await scene.li.press("−")
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 2}, "what was added in the phase can be taken back"
    await scene.li.press("−")
    assert "您订的都还在" in await scene.li.popup()
    await scene.anna.press("➕ 脐橙: 3 boxes more")
    await scene.anna.reads("nothing is missing any more")
    await play.pass_time(seconds=1)
    assert the_round(scene).phase == "closed", "the last missing unit ends it"
    await scene.anna.reads("is closed", "脐橙 5 boxes ¥249.50")
    await scene.li.reads("已截单", "脐橙 3箱 ¥149.70")
    assert ordered(scene) == {"CB1-1-1": 8 * 4990}


async def test_a_completion_phase_offers_no_more_than_an_order_may_cost(play_on_both: Play) -> None:
    """At most ¥250 a member: 李's 3 oranges are ¥149.70, so he may add 2 of the 3, Anna all; 王 has no room at all."""
    play = play_on_both
    scene = await orange_scene(play)
    scene.world.places("王芳", "血橙", 6)
    set_limit(scene.world, 25000)
    await play.pass_time(hours=24)
    assert buttons_of(await scene.wang.reads("只能补足缺的数量", "脐橙：还差3箱")) == ["🧺 打开团品卡"]
    await scene.wang.press("🧺 打开团品卡")
    assert "🔒 您在这里不能再加了" in buttons_of((await scene.wang.messages())[-1])
    call = await scene.li.reads("只能补足缺的数量", "脐橙：还差3箱")
    assert buttons_of(call) == ["➕ 脐橙再加2箱", "👌 脐橙最多可要5箱", "🧺 打开团品卡"]
    await scene.li.press("➕ 脐橙再加2箱")
    call = await scene.li.reads("脐橙：还差1箱（您订了5箱）")
    assert buttons_of(call) == ["🧺 打开团品卡"]
    await scene.li.press("🧺 打开团品卡")
    assert "+" not in buttons_of((await scene.li.messages())[-1])
    await scene.li.press("🧺 我的订单 · ¥249.50")
    assert "+" not in buttons_of((await scene.li.messages())[-1])


async def test_a_completion_phase_that_nobody_uses_ends_at_its_time_once(play: Play) -> None:
    scene = await orange_scene(play)
    await play.pass_time(hours=24)
    await play.pass_time(hours=1)
    assert the_round(scene).phase == "open"
    await play.pass_time(hours=1)
    assert the_round(scene).phase == "closed"
    assert await count(scene.li, "只能补足缺的数量") == 1
    assert ordered(scene) == {"CB1-1-1": 4 * 4990}


async def test_nothing_missing_no_completion_phase(play: Play) -> None:
    scene = await orange_scene(play)
    scene.world.places("李敏", "脐橙", 6)
    await play.pass_time(hours=24)
    assert the_round(scene).phase == "closed"
    assert not await count(scene.li, "只能补足缺的数量")


async def test_a_completion_phase_for_a_suppliers_minimum(play: Play) -> None:
    """¥82.40 lack to 云上's ¥200: 2 more plums can be ordered, of either member, and no oranges."""
    scene = await set_scene(play, opened=False)
    add_supplier(scene.world, "云上", minimum_value_minor=20000)
    add_product(scene.world, "云上", "脆李", 5880)
    open_round(scene.world, "王芳", completion_hours=2)
    await play.settle()
    scene.world.places("李敏", "脆李", 2)
    await play.pass_time(hours=24)
    await scene.anna.send("脐橙 1")
    assert scene.world.wished("脐橙") == {}
    await scene.anna.press("➕ 脆李: 2箱 more")
    await play.pass_time(seconds=1)
    await scene.anna.reads("is closed", "脆李 2箱 ¥117.60")


async def test_completion_then_extension_then_cancel(play: Play) -> None:
    """Both: first the phase for missing units, then once longer, then the line falls away."""
    scene = await tea_scene(play, minimum_policy="extend", extension_hours=12, completion_hours=2)
    await play.pass_time(hours=24)
    await scene.li.reads("只能补足缺的数量", "茶：还差3箱")
    await play.pass_time(hours=2)
    assert the_round(scene).closes_at == play.clock() + timedelta(hours=12)
    await play.pass_time(hours=12)
    await scene.li.reads("已截单", "❌ 茶")


async def test_where_the_house_takes_the_rest_the_cost_is_shown_before_and_after(play: Play) -> None:
    """5 wished in fours, house: 8 ordered, the enterprise takes 3 for ¥149.70."""
    scene = await orange_scene(play, minimum_policy="cancel")
    set_offer(scene.world, "脐橙", case_policy="house")
    await scene.wang.send("/round")
    await scene.wang.reads("照现在的情况，企业要承担¥149.70")
    await scene.wang.press("🔔 立即截单")
    await scene.wang.press("是的，立即截单")
    await scene.wang.reads("📊", "🏢 企业承担¥149.70")
    await scene.wang.press("🧾 对账单")
    await scene.wang.reads("对账单", "CB1-1-1：¥399.20", "员工付¥249.50 + 🏢 企业付¥149.70 = ¥399.20")
