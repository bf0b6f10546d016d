"""An employee's ways to an order: tapping, paging, typing, pasting, undoing, looking back."""

import pytest

from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import set_scene
from tests.journeys.test_bad_input import picture
from tests.world import add_product, open_round

CHAIN = """#接龙
周五到货，大家快来
1. 王芳 脐橙 1
2、李敏：脐橙3箱 血橙1
3. 张三 血橙 9"""


async def test_one_tap_orders_and_one_tap_takes_it_back(play: Play) -> None:
    scene = await set_scene(play)
    card = (await scene.li.messages())[0]
    assert buttons_of(card) == ["1箱", "2", "3", "5", "…", "‹", "☰ 1/2", "›"]
    await scene.li.press("2")
    assert await scene.li.popup() == "脐橙：已订2箱"
    card = (await scene.li.messages())[0]
    assert "您订了2箱，¥99.80" in text_of(card)
    assert "🚚 3月6日周五 · 北门" in text_of(card)
    assert buttons_of(card)[:3] == ["−", "2箱", "+"]
    await scene.li.press("+")
    await scene.li.press("−")
    await scene.li.press("−")
    await scene.li.press("−")
    assert await scene.li.popup() == "已取消脐橙"
    assert scene.world.wished("脐橙") == {}
    assert len(await scene.li.messages()) == 1, "everything happened on the one card"


async def test_the_pad_and_the_basket(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("…")
    await scene.li.press("12")
    await scene.li.press("›")
    await scene.li.reads("血橙")
    await scene.li.press("1箱")
    await scene.li.press("🧺 我的订单 · ¥635.60")
    basket = await scene.li.reads("脐橙 × 12箱 = ¥598.80", "血橙 × 1箱 = ¥36.80", "合计最多 ¥635.60")
    assert "3月6日" in text_of(basket)
    assert "12 × 脐橙" in buttons_of(basket), "the number stands first: a narrow phone cuts the end of a button"
    await scene.li.press("−", nth=1)
    await scene.li.reads("合计最多 ¥598.80")
    assert scene.world.wished("血橙") == {}


async def test_many_offers_page_nicely(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    for n in range(1, 19):
        add_product(scene.world, "白帝", f"好物{n}", 1000 + n)
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.press("☰ 1/20")
    listed = (await scene.li.messages())[0]
    assert buttons_of(listed)[-3:] == ["· 1 ·", "2", "3"]
    await scene.li.press("3")
    await scene.li.press("20. 好物18")
    await scene.li.reads("好物18", "¥10.18")
    await scene.li.press("›")
    await scene.li.reads("脐橙", "¥49.90")


async def test_a_pasted_chain_counts_only_ones_own_line(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send(CHAIN)
    await scene.li.reads("脐橙 3箱", "血橙 1箱")
    assert scene.world.wished("脐橙") == {"李敏": 3}
    assert scene.world.wished("血橙") == {"李敏": 1}
    await scene.anna.send(CHAIN)
    await scene.anna.reads("no line with your name")


async def test_what_was_typed_can_be_undone_and_settled(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await scene.li.send("脐橙 5")
    await scene.li.reads("脐橙 5箱 ¥249.50", "原来2箱")
    await scene.li.press("↩️ 撤销脐橙")
    assert scene.world.wished("脐橙") == {"李敏": 2}
    await scene.li.send("橙子 3箱")
    await scene.li.reads("是哪一样")
    await scene.li.press("血橙 × 3")
    assert scene.world.wished("血橙") == {"李敏": 3}
    await scene.li.press("↩️ 撤销")
    assert scene.world.wished("血橙") == {}


@pytest.mark.parametrize("typed", ["two boxes of oranges", "oranges 2", "2 oranges", "ORANGES x2", "２ oranges"])
async def test_english_orders(play: Play, typed: str) -> None:
    scene = await set_scene(play)
    await scene.anna.send(typed)
    await scene.anna.reads("脐橙 2 boxes")


async def test_looking_back(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send("/orders")
    await scene.li.reads("还没有订单")
    await scene.li.press("3")
    await scene.li.send("/orders")
    await scene.li.reads("第1轮团购 · 进行中", "脐橙 3箱 ¥149.70", "货款最多：¥149.70")
    await play.pass_time(days=2)
    for _ in range(4):
        open_round(scene.world, "王芳")
        await play.settle()
        await scene.li.press("2")
        await play.pass_time(days=2)
    await scene.li.send("/orders")
    await scene.li.reads("第5轮团购 · 已截单", "应付：¥99.80")
    await scene.li.press("›", nth=0)
    await scene.li.reads("第1轮团购 · 已截单", "脐橙 3箱 ¥149.70")


async def test_the_same_product_in_two_rounds_is_asked_about_by_round(play: Play) -> None:
    scene = await set_scene(play)
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.send("脐橙 2")
    asked = await scene.li.reads("哪一样")
    assert buttons_of(asked)[:2] == ["脐橙 × 2 · 第1轮团购", "脐橙 × 2 · 第2轮团购"]
    await scene.li.press("脐橙 × 2 · 第2轮团购")
    await scene.li.send("/orders")
    orders = text_of(await scene.li.reads("第2轮团购", "脐橙 2箱"))
    assert "第1轮团购" not in orders


async def test_another_pickup_point_for_one_order(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send("/points")
    await scene.wang.press("➕ 添加")
    await scene.wang.send("食堂 | 中路")
    await scene.wang.reads("北门", "食堂 中路")
    await scene.wang.send("/publish")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("奉节 白帝 0/2")
    await scene.wang.press("⬜️ 脐橙 ¥49.90")
    await scene.wang.press("✔️ 好了")
    await scene.wang.press("📢 立即发布")
    await scene.li.press("2")
    await scene.li.press("🧺 我的订单 · ¥99.80")
    await scene.li.press("📍 换自提点")
    await scene.li.press("食堂")
    await scene.li.reads("🚚", "食堂")
    await play.pass_time(days=2)
    await scene.xiang.reads("食堂 2")
    await scene.li.reads("已截单", "📍 自提：食堂 · 中路")


async def test_a_link_from_a_group_opens_the_card(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.start("r1")
    await scene.li.reads("脐橙", "还剩")
    stranger = await play.person("路人")
    await stranger.start("r1")
    assert "脐橙" not in await stranger.last()


async def test_the_language_changes_at_any_time(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send("/language")
    await scene.li.press("English")
    await scene.li.send("/start")
    await scene.li.reads("脐橙", "left, closes")
    menu = (await play.http.get(f"/sim/people/{scene.li.id}/messages", params={"chat": "county_test_bot"})).json()[
        "menu"
    ]
    assert {"command": "orders", "description": "My orders"} in menu


async def test_a_person_with_two_hats_switches(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/invite")
    await scene.wang.press("🌾 供应商")
    await scene.wang.press("白帝")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    await scene.li.start(code)
    await scene.li.press("李敏")
    await scene.li.reads("您现在是白帝的联系人")
    await scene.li.send("/orders")
    await scene.li.reads("还没有采购单")
    await scene.li.send("/me")
    await scene.li.press("🔀 嘉陵机械 · 员工")
    await scene.li.send("/orders")
    await scene.li.reads("还没有订单")


async def test_a_photo_for_a_product_is_on_the_card(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 2")
    await scene.wang.press("脐橙 · ¥49.90")
    await scene.wang.press("🖼 照片")
    await scene.wang.send("这是照片")
    await scene.wang.reads("请直接发送图片")
    await scene.wang.send_photo(picture())
    await scene.wang.reads("照片：有")
    open_round(scene.world, "王芳")
    await play.settle()
    card = (await scene.li.messages())[0]
    assert await scene.li.download(card) == picture()
    await scene.anna.send("/start")
    *_, newest = [call for call in play.world.calls if call["method"] == "sendPhoto"]
    assert newest["params"]["photo"].startswith("FILE"), "once uploaded, Telegram's own id is sent"
