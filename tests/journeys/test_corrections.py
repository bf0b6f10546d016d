"""A closed round is corrected until its supplier ships: each correction is a revision, told to whom it concerns."""

from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session, select

from models import PurchaseOrder
from services.correct_round import correct_line
from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.trade import corrects, on_round, phone, press_old, set_trade
from tests.world import add_member


async def orders_of(person: Person) -> list[str]:
    """The purchase orders that a supplier has been sent."""
    return [text_of(m) for m in await person.messages() if m.get("document")]


async def test_a_correction_is_a_revision_that_marks_the_differences(play_on_both: Play) -> None:
    """李 5 → 2: 5 are wished, 4 fill a case: 李 2, Anna 2 of 3. Freight 10.00 by value: 3.65 and 6.35."""
    trade = await set_trade(play_on_both)
    await trade.xiang.press("✅ 接单")
    zhou = await trade.count()
    await on_round(trade.wang, "✏️ 更正", "🧺 李敏", "脐橙：订购")
    await trade.wang.reads("改成订多少", "现在：订了5，分到5")
    await trade.wang.send("两箱")
    await trade.wang.reads("订购5 → 2", "分到5 → 2", "另有1位员工", "CB1-1-1的新版本")
    await trade.wang.press("是的，更正")
    order = await trade.xiang.reads(
        "CB1-1-1-R2", "第2版", "与R1的不同", "脐橙 4箱 🔁 原8箱", "北门 4（原8）", "¥273.20", "运费：¥10.00"
    )
    assert "血橙 2箱\n" in text_of(order)
    assert "✅ 接单" in buttons_of(order)
    await trade.li.reads("团长更正了第1轮团购", "脐橙 2箱 ¥99.80", "应付：¥103.45", "应退您¥151.33")
    await trade.anna.reads("corrected Round 1", "脐橙 2 boxes ¥99.80", "To pay: ¥179.75", "¥48.27 to be returned")
    assert await trade.count() == zhou
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1-R2 · 白帝 · ¥273.20 · 📨 已送达（已接R1）", "CB1-1-2 · 云上 · ¥117.60 · 📨 已送达")
    sheet = load_workbook(BytesIO(await trade.xiang.download(order))).active
    rows = {row[0]: list(row) for row in sheet.iter_rows(values_only=True)}
    assert rows["版本"][1] == 2
    assert rows["产品"][-2:] == ["R1数量", "变化"]
    assert rows["脐橙"][3:] == [4, 4, 49.9, 199.6, 8, "北门 8 → 4"]
    assert rows["血橙"][3:-1] == [2, 2, 36.8, 73.6, 2]
    assert not rows["血橙"][-1]
    assert (rows["总金额"][1], rows["运费"][1], rows["应付合计"][1]) == (273.2, 10, 283.2)
    await trade.xiang.press("✅ 接单")
    await trade.wang.reads("白帝已接单：CB1-1-1-R2")
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1-R2 · 白帝 · ¥273.20 · ✅ 已接单")


async def test_two_quick_corrections_and_an_old_accept(play: Play) -> None:
    """The second revision restates everything against what 老向 knew; the accept buttons of the older ones are dead."""
    trade = await set_trade(play)
    first = await trade.xiang.reads("采购单 CB1-1-1")
    await corrects(trade.wang, "李敏", "脐橙", "1")
    await corrects(trade.wang, "Anna", "血橙", "0")
    last = await trade.xiang.reads("CB1-1-1-R3", "脐橙 4箱", "血橙 不要了 🔁 原2箱")
    assert len(await orders_of(trade.xiang)) == 3
    await trade.anna.reads("corrected Round 1", "脐橙 3 boxes ¥149.70", "To pay: ¥157.20")
    await press_old(trade.xiang, first, "✅ 接单")
    assert "已有第3版" in await trade.xiang.popup()
    await press_old(trade.xiang, first, "❌ 拒绝")
    assert "已有第3版" in await trade.xiang.popup()
    await press_old(trade.xiang, last, "✅ 接单")
    await trade.wang.reads("白帝已接单：CB1-1-1-R3")
    await press_old(trade.xiang, first, "✅ 接单")
    assert "已经答复过了" in await trade.xiang.popup()


async def test_what_was_not_sent_yet_is_sent_once_as_it_is(play: Play) -> None:
    """The supplier is out of reach of the first message for a while: only the corrected order arrives, unmarked."""
    trade = await set_trade(play, closed=False)
    play.clock.pass_time(days=1)
    await play.alarm.run_due()
    world = trade.world
    play.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], 2, True, 1)
    await play.settle()
    orders = await orders_of(trade.xiang)
    assert len(orders) == 1
    assert "CB1-1-1-R2" in orders[0]
    assert "脐橙 4箱" in orders[0]
    assert "🔁" not in orders[0]


async def test_a_correction_that_changes_nothing_and_one_back(play_on_both: Play) -> None:
    trade = await set_trade(play_on_both)
    await trade.xiang.press("✅ 接单")
    before = len(await trade.li.messages()), len(await orders_of(trade.xiang))
    await on_round(trade.wang, "✏️ 更正", "🧺 李敏", "脐橙：订购")
    await trade.wang.send("5")
    message = await trade.wang.reads("现在就是这样，没有变化")
    assert buttons_of(message) == ["‹ 返回"]
    assert (len(await trade.li.messages()), len(await orders_of(trade.xiang))) == before
    await corrects(trade.wang, "李敏", "脐橙", "1")
    await corrects(trade.wang, "李敏", "脐橙", "5")
    await trade.xiang.reads("CB1-1-1-R3", "数量与R1一样", "脐橙 8箱", "¥472.80")
    last = await trade.li.last()
    assert "应付：¥254.78" in last
    assert "应退" not in last
    with Session(play_on_both.database.engine) as session:
        order = session.exec(select(PurchaseOrder).where(PurchaseOrder.number == "CB1-1-1")).one()
        assert (order.revision, order.accepted_revision, order.phase) == (3, 1, "sent")
        assert (order.value_minor, order.freight_minor, order.house_minor) == (47280, 1000, 0)


async def test_the_preview_says_why_another_wish_brings_as_much(play: Play) -> None:
    """8 are ordered in fours. 李 6 or Anna 4 would be one too many for two cases; two sentences, in 王's language."""
    trade = await set_trade(play)
    await on_round(trade.wang, "✏️ 更正", "🧺 Anna", "脐橙：订购", "4")
    await trade.wang.reads("订购3 → 4", "分到3 → 3", "最后一箱凑不满")
    await trade.wang.press("是的，更正")
    await on_round(trade.wang, "✏️ 更正", "🧺 Anna", "脐橙：订购", "3")
    await trade.wang.reads("订购4 → 3", "分到3 → 3", "改后订的就是这么多")
    await on_round(trade.wang, "✏️ 更正", "🧺 李敏", "脐橙：订购", "4")
    await trade.wang.reads("分到5 → 4")
    assert "最后一箱" not in await trade.wang.last()
    assert "改后订的" not in await trade.wang.last()


async def test_a_late_line_and_a_removal(play_on_both: Play) -> None:
    """周 gets one box of blood oranges late: 36.80 and its part of the freight; 509.60 in all, 10.00 freight by value:
    李 249.50 → 4.90, Anna 223.30 → 4.38, 周 36.80 → 0.72. Then Anna's oranges go: 5 wished, 4 fill a case."""
    trade = await set_trade(play_on_both)
    await on_round(trade.wang, "✏️ 更正", "🧺 周强", "➕ 补订", "血橙：订购", "1")
    await trade.wang.reads("周强 · 血橙：订购0 → 1", "分到0 → 1")
    await trade.wang.press("是的，更正")
    await trade.zhou.reads(
        "团长更正了第1轮团购",
        "血橙 1箱 ¥36.80",
        "脆李 2箱 ¥117.60",
        "运费：¥5.72",
        "应付：¥160.12",
        "比截单时多付¥37.52",
    )
    await trade.li.reads("应付：¥254.40")
    await trade.xiang.reads("CB1-1-1-R2", "血橙 3箱 🔁 原2箱")
    await corrects(trade.wang, "Anna", "脐橙", "0")
    await trade.xiang.reads("CB1-1-1-R3", "脐橙 4箱", "血橙 3箱")
    await trade.anna.reads(
        "🗑 脐橙: 3 boxes → 0, ¥149.70 less for it (to pay before: ¥227.68)",
        "血橙 2箱 ¥73.60",
        "To pay: ¥75.97",
        "¥152.05 to be returned",
    )
    await corrects(trade.wang, "Anna", "血橙", "0")
    await trade.anna.reads(
        "🗑 血橙: 2箱 → 0, ¥73.60 less for it (to pay before: ¥75.97)",
        "nothing to collect and nothing to pay",
        "¥228.02 to be returned",
    )
    assert "脐橙" not in await trade.anna.last(), "what had gone before is not said again"
    await trade.anna.send("/orders")
    await trade.anna.reads("Round 1 · closed", "¥228.02 to be returned")


async def test_a_late_line_taken_back_is_told(play: Play) -> None:
    """小陈 had ordered nothing: a late line, and then not; both are told."""
    trade = await set_trade(play)
    chen = await phone(play, "小陈", "zh-hans")
    add_member(trade.world, "小陈", chen.id)
    await on_round(trade.wang, "✏️ 更正", "小陈", "血橙：订购", "1", "是的，更正")
    await chen.reads("团长更正了第1轮团购", "血橙 1箱 ¥36.80", "应付：¥37.52")
    assert "多付" not in await chen.last()
    await corrects(trade.wang, "小陈", "血橙", "0")
    await chen.reads(
        "团长更正了第1轮团购", "血橙：1箱 → 0，不再收¥36.80（更正前应付¥37.52）", "没有要自提的，也不用付款"
    )
    assert trade.world.wished("血橙") == {"Anna": 2}


async def test_what_falls_away_and_comes_back_before_it_was_told(play: Play) -> None:
    """Anna's blood oranges go and come back, her oranges go, 李's as well, before Telegram has delivered anything."""
    trade = await set_trade(play)
    world, anna, li = trade.world, len(await trade.anna.messages()), len(await trade.li.messages())
    for product, member, units in (("血橙", 3, 0), ("血橙", 3, 2), ("脐橙", 3, 0), ("脐橙", 2, 0)):
        play.clock.pass_time(seconds=1)
        play.database.run(correct_line, world.actor("王芳"), None, world.offers[product], member, True, units)
    await play.settle()
    told = [text_of(message) for message in (await trade.anna.messages())[anna:]]
    assert not [text for text in told if "🗑 血橙" in text]
    assert len([text for text in told if "🗑 脐橙: 3 boxes → 0" in text]) == 1
    told = [text_of(message) for message in (await trade.li.messages())[li:]]
    assert [text.count("🗑") for text in told if "🗑" in text] == [1], told
    assert "🗑 脐橙：4箱 → 0，不再收¥199.60" in "".join(told), "5 were wished, 4 fill a case without Anna's"


async def test_a_line_that_brought_nothing_is_taken_off(play: Play) -> None:
    """李 alone wishes 3 of a case of four: nothing is ordered, so nothing changes in what he pays."""
    trade = await set_trade(play)
    await corrects(trade.wang, "Anna", "脐橙", "0")
    await corrects(trade.wang, "李敏", "脐橙", "3")
    await corrects(trade.wang, "李敏", "脐橙", "0")
    await trade.li.reads("🗑 脐橙：已从您的订单去掉；您订的3箱本来就分不到", "也不用付款")


async def test_units_given_by_hand_stay_and_the_enterprise_bears_what_is_left(play_on_both: Play) -> None:
    """Anna gets 1 of her 3 by hand: two boxes are left over, ¥99.80, and the coordinator sees that before."""
    trade = await set_trade(play_on_both)
    await on_round(trade.wang, "✏️ 更正", "🧺 Anna", "✋ 手动", "1")
    await trade.wang.reads("Anna · 脐橙：手动分1", "分到3 → 1", "这样本轮企业要承担¥99.80")
    await trade.wang.press("是的，更正")
    await trade.wang.reads("脐橙：订了3箱，分到1", "✋手动")
    await trade.anna.reads("corrected Round 1", "脐橙 1 box ¥49.90", "decided by hand")
    await trade.xiang.reads("CB1-1-1-R2", "脐橙 8箱", "企业承担（补足整箱） 2（原0）")
    await corrects(trade.wang, "李敏", "脐橙", "6")
    await on_round(trade.wang, "✏️ 更正", "🧺 Anna")
    await trade.wang.reads("脐橙：订了3箱，分到1", "✋手动")


async def test_nothing_is_corrected_once_it_is_shipped(play: Play) -> None:
    trade = await set_trade(play)
    await trade.xiang.press("✅ 接单")
    await trade.xiang.press("🚚 已发货")
    await trade.li.reads("白帝已发货")
    await on_round(trade.wang, "✏️ 更正", "🧺 李敏", "脐橙：订购", "1")
    assert "CB1-1-1" in await trade.wang.popup()
    assert trade.world.wished("脐橙") == {"李敏": 5, "Anna": 3}
    await on_round(trade.wang, "✏️ 更正", "🧺 周强", "脆李：订购", "1", "是的，更正")
    await trade.tess.reads("CB1-1-2-R2", "脆李 1箱 🔁 was 2箱")
    await trade.tess.press("✅ Accept")
    await on_round(trade.wang)
    assert "✏️ 更正" in buttons_of((await trade.wang.messages())[-1]), "云上 has not shipped yet"
    await trade.tess.press("🚚 Shipped")
    await on_round(trade.wang)
    shipped = buttons_of((await trade.wang.messages())[-1])
    assert "✏️ 更正" not in shipped
    assert "🧾 对账单" in shipped


async def test_a_late_line_is_possible_of_a_supplier_who_has_no_order_yet(play: Play) -> None:
    """白帝 has shipped all that was ordered; nothing was ordered of 云上, so that can still be had."""
    trade = await set_trade(play, closed=False)
    await trade.zhou.send("脆李 0")
    await play.pass_time(days=1)
    await trade.xiang.press("✅ 接单")
    await trade.xiang.press("🚚 已发货")
    await on_round(trade.wang, "✏️ 更正", "周强", "脆李：订购", "1", "是的，更正")
    await trade.tess.reads("CB1-1-2", "脆李 1箱")
