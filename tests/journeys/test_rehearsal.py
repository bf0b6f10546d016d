"""The coordinator sees what closing now would do; figures by hand, with freight, a tier, the house and a missed minimum."""

from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import add_product, add_supplier, open_round, set_offer


async def stage(play: Play, **terms: object) -> Scene:
    """白帝, freight ¥10 by units: oranges ¥49.90 in fours, ¥45 from 8 on, the house takes the rest; tea from 8 on.

    李 wishes 5 oranges and 1 tea, Anna 2 oranges: 8 oranges at ¥45 = ¥360, of which members take 7 and the house 1;
    李 pays 225 + freight, Anna 90. Freight by units 5:2 of 1000 is 714 and 286.
    """
    scene = await set_scene(play, opened=False, case_size=4, tiers=[[8, 4500]])
    add_supplier(scene.world, "云上", ("谭姐", 990_001), minimum_value_minor=20000)
    add_product(scene.world, "云上", "脆李", 5880)
    add_product(scene.world, "白帝", "茶", 9800, minimum_units=8, unit_en="tin")
    with_freight(scene)
    open_round(scene.world, "王芳", **terms)
    await play.settle()
    set_offer(scene.world, "脐橙", case_policy="house")
    scene.world.places("李敏", "脐橙", 5)
    play.clock.pass_time(minutes=1)
    scene.world.places("Anna", "脐橙", 2)
    scene.world.places("李敏", "茶", 1)
    scene.world.places("Anna", "脆李", 1)
    return scene


def with_freight(scene: Scene) -> None:
    """白帝 charges ¥10 a delivery, shared by units."""

    with scene.world.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE supplier SET freight_minor = 1000, freight_split = 'units' WHERE name_zh = '白帝'"
        )


async def test_it_says_to_the_cent_what_then_happens(play_on_both: Play) -> None:
    play = play_on_both
    scene = await stage(play)
    sent = len(await scene.xiang.messages())
    await scene.wang.send("/round")
    await scene.wang.press("🧪 预演")
    said = await scene.wang.reads("截单预演（不会发送任何消息）")
    text = text_of(said)
    for part in (
        "🌾 白帝 ¥360.00", "脐橙 8箱（大家订7箱，企业兜底1）", "❌ 茶：只订了1箱，不成团", "运费¥10.00",
        "云上：离起送金额¥200.00还差¥141.20", "员工付¥325.00，应付供应商¥370.00", "企业承担¥45.00",
    ):  # fmt: skip
        assert part in text, text
    await scene.wang.press("👥 按员工看")
    members = text_of(await scene.wang.reads("预演", "Anna"))
    assert "李敏 ¥232.14 · 脐橙 5" in members
    assert "Anna ¥92.86" in members
    assert len(await scene.xiang.messages()) == sent, "nothing was sent"
    await scene.wang.press("🌾 按供应商看")
    await scene.wang.press("🔔 立即截单")
    await scene.wang.press("是的，立即截单")
    await scene.li.reads("已截单", "脐橙 5箱 ¥225.00", "❌ 茶", "运费：¥7.14", "应付：¥232.14")
    await scene.anna.reads("is closed", "脐橙 2 boxes ¥90.00", "❌ 脆李", "Freight: ¥2.86", "To pay: ¥92.86")
    await scene.xiang.reads("采购单", "脐橙 8箱", "总金额：¥360.00", "运费：¥10.00")
    await scene.wang.reads("🔔", "采购总额：¥360.00", "运费：¥10.00", "企业承担¥45.00")
    assert "¥45.00" in text_of(await scene.wang.reads("📊", "企业承担"))


async def test_it_says_what_comes_first(play: Play) -> None:
    """The clock would first keep it open; a closing by hand would not."""
    scene = await stage(play, minimum_policy="extend", extension_hours=12)
    await scene.wang.send("/round")
    await scene.wang.press("🧪 预演")
    shown = await scene.wang.reads("预演", "先延长到3月2日周一 21:01（仅一次），因为有起订量没达到")
    assert "🔔 立即截单" in buttons_of(shown)


async def test_it_says_that_it_would_wait(play: Play) -> None:
    scene = await stage(play, minimum_policy="hold", completion_hours=2)
    await scene.wang.send("/round")
    await scene.wang.press("🧪 预演")
    await scene.wang.reads("先延长到3月2日周一 11:01，只补差的数量", "先等您决定")


async def test_it_says_which_lines_fall_away(play: Play) -> None:
    """Nobody has agreed to the dearer oranges yet: closing now drops all of them."""
    scene = await stage(play)
    offer = scene.world.offers["脐橙"]
    await scene.wang.send("/round")
    await scene.wang.press("✏️ 变更")
    await scene.wang.press_data((await scene.wang.messages())[-1]["message_id"], f"xf:{offer}:price:5500:1")
    await scene.wang.send("/round")
    await scene.wang.press("🧪 预演")
    await scene.wang.reads("预演", "会去掉2行")
    await scene.wang.press("👥 按员工看")
    await scene.wang.reads("脐橙 5 → 0")
