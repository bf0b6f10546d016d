"""A member's "the same every time": set from an order, placed when a round opens, capped, changed, skipped, ended."""

from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import Scene
from tests.journeys.test_series import started, until
from tests.world import World, open_round


async def kept(play: Play, **terms: object) -> Scene:
    """李 orders two oranges and a blood orange every time; Anna three oranges, later."""
    scene = await started(play, **terms)
    await scene.li.press("2")
    await scene.li.press("›")
    await scene.li.press("1箱")
    await scene.li.press("🧺 我的订单 · ¥136.60")
    await scene.li.press("♻️ 每次都这样订")
    play.clock.pass_time(minutes=1)
    await scene.anna.press("3")
    await scene.anna.press("🧺 My order · ¥149.70")
    await scene.anna.press("♻️ The same every time")
    return scene


def current(world: World, product: str, round_id: int) -> None:
    """Have the world speak of a round's offer."""
    world.offers[product] = {2: {"脐橙": 3, "血橙": 4}, 3: {"脐橙": 5, "血橙": 6}}[round_id][product]


async def test_it_is_set_from_the_basket_and_placed_when_the_next_round_opens(play_on_both: Play) -> None:
    play = play_on_both
    scene = await kept(play)
    await scene.li.reads(
        "固定订单：周期团1",
        "脐橙 × 2箱 · ¥49.90",
        "血橙 × 1箱 · ¥36.80",
        "下一轮：3月9日周一 09:00",
        "截单前都可以修改",
    )
    await scene.anna.reads("Every time: Series 1", "脐橙 × 3 boxes", "Next round: Mon 9 Mar 09:00")
    await until(play, 2026, 3, 8, 1, 0)
    await scene.wang.reads("第2轮团购已备好", "2份固定订单")
    await until(play, 2026, 3, 9, 1, 0)
    await scene.li.reads(
        "第2轮团购开团了",
        "已按您的固定订单下单",
        "✅ 脐橙 2箱 · ¥49.90",
        "✅ 血橙 1箱",
        "3月10日周二 09:00前都可以修改",
    )
    await scene.li.reads("第2轮团购 · 还剩", "您订了2箱，¥99.80")
    await scene.anna.reads("Round 2 is open", "✅ 脐橙 3 boxes", "You can change this order until Tue 10 Mar 09:00")
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"李敏": 2, "Anna": 3}
    await scene.li.press("🧺 我的订单")
    await scene.li.press("−")
    assert scene.world.wished("脐橙") == {"李敏": 1, "Anna": 3}
    await until(play, 2026, 3, 10, 1, 0)
    await scene.xiang.reads("采购单", "脐橙 4箱")
    await until(play, 2026, 3, 16, 1, 0)
    current(scene.world, "脐橙", 3)
    assert scene.world.wished("脐橙") == {"李敏": 2, "Anna": 3}, "changing one order does not change the standing one"


async def test_where_stock_is_short_older_ones_come_first_and_each_hears_what_changed(play: Play) -> None:
    scene = await kept(play, stock_units=5, member_cap=3)
    await scene.anna.press("+")
    assert await scene.anna.popup() == "At most 3 a person, so that everybody gets some."
    await scene.li.send("/orders")
    await scene.li.press("♻️ 固定订单")
    await scene.li.press("周期团1")
    await scene.li.press("+")
    await scene.li.reads("脐橙 × 3箱")
    await until(play, 2026, 3, 9, 1, 0)
    await scene.li.reads("✅ 脐橙 3箱")
    await scene.anna.reads("➖ 脐橙 2 boxes instead of 3 boxes: only so many are left")
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 2}
    assert sum(scene.world.wished("脐橙").values()) == 5, "never oversold"


async def test_a_dearer_product_is_placed_said_clearly_and_dropped_with_one_tap(play: Play) -> None:
    scene = await kept(play)
    await dearer(scene, "¥49.90", "52")
    await until(play, 2026, 3, 9, 1, 0)
    news = await scene.li.reads("✅ 脐橙 2箱 · ¥52.00", "⚠️ 涨价了：现在¥52.00，原来¥49.90")
    assert buttons_of(news) == ["❌ 不要脐橙", "👍 ¥52.00可以", "🧺 我的订单", "♻️ 固定订单"]
    await scene.li.press("❌ 不要脐橙")
    await scene.anna.press("👍 ¥52.00 is fine")
    await scene.anna.reads("脐橙 × 3 boxes · ¥52.00")
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"Anna": 3}
    await until(play, 2026, 3, 16, 1, 0)
    await scene.li.reads("第3轮团购开团了", "⚠️ 涨价了：现在¥52.00，原来¥49.90")
    agreed = await scene.anna.reads("Round 3 is open")
    assert "dearer" not in text_of(agreed), "she has agreed to it"


async def dearer(scene: Scene, before: str, price: str) -> None:
    """The catalogue's price of oranges changes."""
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 2")
    await scene.wang.press(f"脐橙 · {before}")
    await scene.wang.press(f"💰 价格：{before}")
    await scene.wang.send(price)


async def test_what_is_not_offered_this_time_is_said(play: Play) -> None:
    scene = await kept(play)
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("✅ 脐橙 ¥49.90 · 白帝")
    await scene.li.send("/orders")
    await scene.li.press("♻️ 固定订单")
    await scene.li.press("周期团1")
    await scene.li.reads("脐橙 × 2箱：目前没有供应")
    await until(play, 2026, 3, 9, 1, 0)
    await scene.li.reads("❌ 脐橙：这次没有供应", "✅ 血橙 1箱")
    await scene.anna.reads("❌ 脐橙: not offered this time")


async def test_the_limit_of_one_order_caps_it(play: Play) -> None:
    scene = await kept(play)
    limit(play, 12000)
    await until(play, 2026, 3, 9, 1, 0)
    await scene.li.reads("✅ 脐橙 2箱", "❌ 血橙：已到每人每轮限额")
    await scene.anna.reads("➖ 脐橙 2 boxes instead of 3 boxes: your limit for one order is reached")


def limit(play: Play, minor: int) -> None:
    """The most one order may cost."""
    with play.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE enterprise SET order_limit_minor = {minor}")


async def test_leaving_out_the_next_one_and_ending(play: Play) -> None:
    scene = await kept(play)
    await scene.li.press("⏭ 下一轮不订")
    await scene.li.reads("下一轮3月9日周一 09:00：不订，之后照常")
    await scene.anna.press("⏭ Leave out the next one")
    await scene.anna.press("↩️ Do order the next one")
    await until(play, 2026, 3, 9, 1, 0)
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"Anna": 3}
    assert not [m for m in await scene.li.messages() if "固定订单下单" in text_of(m)]
    await scene.anna.press("🏁 End")
    await scene.anna.press("Yes, end it")
    await scene.anna.reads("No standing order")
    await until(play, 2026, 3, 16, 1, 0)
    current(scene.world, "脐橙", 3)
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_changing_quantities_down_to_nothing(play: Play) -> None:
    scene = await kept(play)
    await scene.li.press("−")
    await scene.li.reads("脐橙 × 1箱")
    await scene.li.press("−")
    left = await scene.li.reads("固定订单：周期团1", "血橙 × 1箱")
    assert "脐橙" not in text_of(left)
    await scene.li.press("−")
    await scene.li.reads("没有自动订购的团品")
    await until(play, 2026, 3, 9, 1, 0)
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"Anna": 3}


async def test_who_left_gets_nothing_also_after_coming_back(play: Play) -> None:
    scene = await kept(play)
    await scene.anna.send("/leave")
    await scene.anna.press("Yes, leave")
    await until(play, 2026, 3, 9, 1, 0)
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_a_round_that_is_no_series_has_no_every_time(play: Play) -> None:
    scene = await started(play)
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.press("2")
    await scene.li.press("🧺 我的订单 · ¥99.80")
    basket = await scene.li.reads("第2轮团购", "脐橙 × 2箱")
    assert not [label for label in buttons_of(basket) if "♻️" in label]
    await scene.li.press_data(basket["message_id"], "ke:2")
    assert await scene.li.popup() == "这轮团购不是周期团，不能设固定订单。"
    await scene.li.press_data(basket["message_id"], "ke:1")
    assert await scene.li.popup() == "请先下单，再设为固定订单。"
    await scene.li.press_data(basket["message_id"], "ks:1")
    assert await scene.li.popup() == "您在这里已没有固定订单。/orders可以查看订单。"


async def test_stale_and_forged_presses_change_nothing(play: Play) -> None:
    scene = await kept(play)
    message = (await scene.li.messages())[-1]["message_id"]
    for data, said in (
        ("ku:1:1:-5", "不能是负数"), ("ku:1:1:99999", "9999"), ("ku:1:99:2", "不在了"), ("kg:1:1:0", "不在了"),
        ("kn:7:1", "不在了"),
    ):  # fmt: skip
        await scene.li.press_data(message, data)
        assert said in await scene.li.popup(), (data, await scene.li.popup())
    await scene.wang.press_data((await scene.wang.messages())[0]["message_id"], "ku:1:1:9")
    assert await scene.wang.popup() == "您在这里已没有固定订单。/orders可以查看订单。"
    await scene.li.send("/orders")
    await scene.li.press("♻️ 固定订单")
    await scene.li.press("周期团1")
    await scene.li.reads("脐橙 × 2箱", "血橙 × 1箱")


async def test_it_can_begin_from_the_orders_also_after_closing(play: Play) -> None:
    scene = await started(play)
    await scene.li.press("2")
    await until(play, 2026, 3, 4, 1, 0)
    await scene.li.send("/orders")
    await scene.li.press("♻️ 每次都照第1轮团购订")
    await scene.li.reads("固定订单：周期团1", "脐橙 × 2箱")
    await scene.li.send("/orders")
    newest = (await scene.li.messages())[-1]
    assert buttons_of(newest)[-1] == "♻️ 固定订单"
    await until(play, 2026, 3, 9, 1, 0)
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_who_orders_every_time_hears_when_the_series_is_paused_goes_on_and_ends(play_on_both: Play) -> None:
    play = play_on_both
    scene = await kept(play)
    await scene.anna.press("🏁 End")
    await scene.anna.press("Yes, end it")
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("⏸ 暂停")
    news = await scene.li.reads("周期团1已暂停：恢复前不会为您下单。固定订单会保留。")
    assert buttons_of(news) == ["♻️ 固定订单"]
    await scene.wang.press("▶️ 恢复")
    await scene.li.reads("周期团1恢复了，您的固定订单也恢复", "下一轮：3月9日周一 09:00")
    await until(play, 2026, 3, 8, 1, 0)
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("🏁 结束")
    await scene.wang.press("是的，结束")
    news = await scene.li.reads(
        "周期团1已结束：不会再自动为您下单", "3月9日周一 09:00那一轮照常开团，会按您的固定订单下单"
    )
    assert not buttons_of(news)
    for nobody, said in ((scene.anna, "ordered for you"), (scene.xiang, "为您下单"), (scene.wang, "为您下单")):
        assert not [m for m in await nobody.messages() if said in text_of(m)]
    await until(play, 2026, 3, 9, 1, 0)
    current(scene.world, "脐橙", 2)
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_the_same_in_english_with_the_next_one_left_out(play: Play) -> None:
    scene = await kept(play)
    await scene.anna.press("⏭ Leave out the next one")
    await until(play, 2026, 3, 8, 1, 0)
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("⏸ 暂停")
    await scene.anna.reads(
        "Series 1 is paused: nothing is ordered for you until it goes on. Your standing order stays.",
        "The round of Mon 9 Mar 09:00 still opens; you left it out.",
    )
    await scene.li.reads("周期团1已暂停", "3月9日周一 09:00那一轮照常开团，会按您的固定订单下单")
    await until(play, 2026, 3, 9, 1, 0)
    await scene.wang.press("▶️ 恢复")
    await scene.anna.reads("Series 1 goes on, and your standing order with it.", "Next round: Mon 16 Mar 09:00")
    await scene.wang.press("🏁 结束")
    await scene.wang.press("是的，结束")
    await scene.anna.reads("Series 1 has ended: nothing more is ordered for you by itself.")
