"""A coordinator changes an offer while people order it: nobody's order changes silently, in either language."""

from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene


async def goes_to_oranges(scene: Scene) -> None:
    """王 opens the terms of the oranges."""
    await scene.wang.send("/round")
    await scene.wang.press("✏️ 变更")
    await scene.wang.press("脐橙")


async def test_a_dearer_price_is_asked_in_both_languages(play_on_both: Play) -> None:
    play = play_on_both
    scene = await set_scene(play)
    await scene.li.press("2")
    await scene.anna.press("3")
    await goes_to_oranges(scene)
    await scene.wang.press("💴 价格：¥49.90")
    await scene.wang.send("贵一点")
    await scene.wang.send("55块")
    await scene.wang.reads(
        "脐橙价格：¥49.90 → ¥55.00", "有2位员工是按更优的条件订的，会征求同意", "答复截止：3月3日周二 09:00"
    )
    await scene.wang.press("是的，就这么改")
    await scene.wang.reads("❔ 脐橙的变更还有2人没答复（3月3日周二 09:00截止）")

    await scene.li.reads(
        "脐橙（您订了2箱）涨价了：原来¥49.90，现在¥55.00", "3月3日周二 09:00前不答复，就从您的订单里取消"
    )
    await scene.anna.reads("脐橙 (you ordered 3 boxes): the price has gone up, ¥55.00 instead of ¥49.90")
    await scene.li.press("👍 还要")
    await scene.li.reads("👍 已保留。3月3日周二 09:00前可以改主意。")
    await scene.wang.press("❔ 答复情况")
    await scene.wang.reads("脐橙价格 ¥49.90 → ¥55.00", "👍 1 · 李敏", "❔ 1 · Anna")

    await play.pass_time(hours=23)
    await scene.anna.press("👎 Drop it")
    await scene.anna.reads("It is taken off your order at Tue 3 Mar 09:00. Until then you can change your mind.")
    assert scene.world.wished("脐橙") == {"李敏": 2, "Anna": 3}
    await play.pass_time(hours=1)
    await scene.anna.reads("your 3 boxes were taken off your order, because you did not agree")
    await scene.wang.reads("📋 脐橙价格 ¥49.90 → ¥55.00：答复已截止。", "👍 1人保留 · 👎 1人不要 · ❔ 0人没答复")
    await scene.anna.press("· 👎 Drop it ·")
    assert "The time to answer is over" in await scene.anna.popup()


async def test_the_card_shows_both_prices_and_takes_the_answer(play: Play) -> None:
    scene = await set_scene(play)
    await scene.anna.press("2")
    await goes_to_oranges(scene)
    await scene.wang.press("💴 价格：¥49.90")
    await scene.wang.send("55")
    await scene.wang.press("是的，就这么改")
    card = await scene.anna.reads("left, closes")
    assert "¥55.00/box" in text_of(card)
    assert "You ordered 2 boxes, ¥99.80" in text_of(card)
    assert "Changed since you ordered: price ¥49.90 → ¥55.00." in text_of(card)
    assert "Without your answer by Tue 3 Mar 09:00 it is taken off your order." in text_of(card)
    assert buttons_of(card)[:5] == ["👍 Keep it", "👎 Drop it", "−", "2 boxes", "+"]
    await scene.anna.press("+")
    assert "Tap 👍 on the card to keep yours first" in await scene.anna.popup()
    await scene.anna.send("oranges 3")
    assert "Tap 👍" in await scene.anna.last()
    assert scene.world.wished("脐橙") == {"Anna": 2}
    message = (await scene.anna.reads("left, closes"))["message_id"]
    keep = next(b for row in card["reply_markup"]["inline_keyboard"] for b in row if b["text"] == "👍 Keep it")
    await scene.anna.press_data(message, keep["callback_data"])
    card = await scene.anna.reads("left, closes")
    assert "You ordered 2 boxes, ¥110.00" in text_of(card)
    assert "Changed since" not in text_of(card)
    await scene.anna.press("+")
    assert scene.world.wished("脐橙") == {"Anna": 3}


async def test_cheaper_is_told_and_nobody_else_is_disturbed(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    before = len(await scene.anna.messages())
    await goes_to_oranges(scene)
    await scene.wang.press("💴 价格：¥49.90")
    await scene.wang.send("45")
    await scene.wang.reads("¥49.90 → ¥45.00", "1人不受影响或更划算，会收到通知")
    await scene.wang.press("是的，就这么改")
    await scene.li.reads("📉 脐橙降到¥45.00了，您的订单自动按新价算。")
    assert len(await scene.anna.messages()) == before
    await scene.anna.reads("¥45.00/box")
    await play.pass_time(hours=24)
    await scene.li.reads("应付：¥90.00")


async def test_little_time_to_answer_is_said_before(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await play.pass_time(hours=23)
    await goes_to_oranges(scene)
    await scene.wang.press("📦 箱规：1")
    await scene.wang.send("0")
    await scene.wang.reads("一件至少装1个")
    await scene.wang.send("4")
    sure = await scene.wang.reads("脐橙箱规：1 → 4", "⚠️ 答复时间只到3月3日周二 09:00，只有60分钟。")
    assert buttons_of(sure) == ["是的，就这么改", "⏳ 先延长", "‹ 返回"]
    await scene.wang.press("是的，就这么改")
    await scene.wang.press("🔔 立即截单")
    await scene.wang.reads("现在就截单", "❔ 脐橙的变更还有1人没答复")
    await scene.wang.press("是的，立即截单")
    await scene.li.reads("变更没有得到您的同意，您订的2箱已取消")
    await scene.wang.reads("0人保留 · 👎 0人不要 · ❔ 1人没答复")


async def test_less_is_there_than_was_ordered(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("3")
    play.clock.pass_time(minutes=1)
    await scene.anna.press("3")
    play.clock.pass_time(minutes=1)
    await scene.wang.press("2")
    await goes_to_oranges(scene)
    await scene.wang.press("🏬 库存：无")
    await scene.wang.send("四箱")
    await scene.wang.reads("脐橙库存：无 → 4", "✂️ 1人只能留一部分", "🚫 1人一份也留不下")
    await scene.wang.press("是的，就这么改")
    await scene.wang.reads("脐橙货不够，您订的2箱已取消，不用付款")
    await scene.anna.reads("There is less of 脐橙 than was ordered: you can have 1 box of your 3.")
    await scene.anna.press("👍 Keep it")
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 1}
    await play.pass_time(hours=24)
    await scene.anna.reads("is closed", "✅ 脐橙 1 box ¥49.90")
    await scene.li.reads("脐橙 3箱 ¥149.70")


async def test_taken_out_and_offered_again(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await goes_to_oranges(scene)
    await scene.wang.press("🚫 已没有货")
    await scene.wang.press("是的，撤下")
    await scene.li.reads("脐橙没有货了。您订的2箱已取消，不收钱。")
    await goes_to_oranges(scene)
    await scene.wang.press("♻️ 重新供应")
    await scene.wang.press("是的，重新供应")
    assert scene.world.wished("脐橙") == {}
    await scene.li.reads("♻️ 脐橙又有货了，¥49.90。您之前订了2箱")
    await scene.li.press("🧺 再订2箱")
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_who_cannot_be_asked_is_named_to_the_coordinator(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await play.post(f"/sim/people/{scene.li.id}/block", {"bot": "county_test_bot"})
    await goes_to_oranges(scene)
    await scene.wang.press("🎯 起订量：无")
    await scene.wang.send("20")
    await scene.wang.press("是的，就这么改")
    await play.settle()
    await scene.wang.send("/round")
    await scene.wang.press("❔ 答复情况")
    await scene.wang.reads("脐橙起订量 无 → 20", "❔ 1 · 李敏 ⚠️")


async def test_the_same_press_twice_asks_once(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await goes_to_oranges(scene)
    await scene.wang.press("💴 价格：¥49.90")
    await scene.wang.send("55")
    sure = (await scene.wang.messages())[-1]
    data = sure["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await scene.wang.press("是的，就这么改")
    await scene.wang.press_data(sure["message_id"], data)
    assert len([m for m in await scene.li.messages() if "涨价了" in text_of(m)]) == 1
    await goes_to_oranges(scene)
    await scene.wang.press("💴 价格：¥55.00")
    await scene.wang.send("55")
    await scene.wang.reads("现在就是这样，没有变化。")
