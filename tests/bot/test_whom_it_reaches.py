"""Who gets what is owed: people who come back, the next contact of a supplier, the right pickup point."""

from tests.bot.test_delivery import close
from tests.journeys.play import BOT, Play, text_of
from tests.journeys.scene import set_scene


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
