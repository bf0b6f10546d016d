"""A supplier leaves a purchase order unanswered; people whom messages do not reach are marked where one looks."""

from typing import Any

import pytest
from sqlmodel import Session, select

from models import Enterprise, Notice, PurchaseOrder, Supplier
from tests.journeys.play import BOT, Person, Play, buttons_of, text_of
from tests.journeys.scene import set_scene
from tests.journeys.test_publishing import draft
from tests.journeys.trade import Trade, corrects, on_round, press_old, set_trade, speaks

ASKS = "⏰ 嘉陵机械在等您答复采购单CB1-1-1（¥472.80，3月6日周五送货）"


async def set_silence(play: Play, *, telephone: str = "023-68001234") -> tuple[Trade, dict[str, Any]]:
    """Both orders are delivered at 9:01; 云上 accepts, 白帝 does not. The message that 老向 got."""
    trade = await set_trade(play)
    with Session(play.database.engine) as session, session.begin():
        for row in session.exec(select(Supplier)).all():
            row.telephone = telephone
    await trade.tess.press("✅ Accept")
    return trade, await trade.xiang.reads("采购单 CB1-1-1")


async def count(person: Person, *parts: str) -> int:
    """How many messages say all of this."""
    return sum(all(part in text_of(message) for part in parts) for message in await person.messages())


async def test_silence_is_reminded_then_the_coordinator_has_a_number_to_call(play_on_both: Play) -> None:
    play = play_on_both
    trade, order = await set_silence(play)
    others = [len(await one.messages()) for one in (trade.li, trade.anna, trade.zhou, trade.tess)]
    await play.pass_time(hours=5, minutes=59)
    assert await count(trade.xiang, "在等您答复") == 0
    await play.pass_time(minutes=1)
    reminder = await trade.xiang.reads(ASKS)
    assert reminder["reply_to_message"]["message_id"] == order["message_id"]
    assert "document" not in reminder
    assert "脐橙" not in text_of(reminder), "it points at the order and does not repeat it"
    assert {"✅ 接单", "❌ 拒绝", "➖ 减量接单"} <= set(buttons_of(reminder))
    assert await count(trade.wang, "一直没有答复") == 0
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1 · 白帝 · ¥472.80 · 📨 已送达 · 3月3日周二 09:01 · 老向 · ⏰ 3月3日周二 15:01已催")
    await play.pass_time(hours=6)
    said = await trade.wang.reads(
        "☎️ 白帝一直没有答复CB1-1-1（¥472.80）", "3月3日周二 09:01已送达老向", "3月3日周二 15:01已催过"
    )
    assert "电话：023-68001234" in text_of(said)
    assert {"type": "code", "length": 12} in [
        {name: entity[name] for name in ("type", "length")} for entity in said["entities"]
    ], "a tap copies it"
    await on_round(trade.wang)
    await trade.wang.reads("⚠️ 没有答复，请打电话 ☎️ 023-68001234")
    await play.pass_time(days=2)
    assert (await count(trade.xiang, "在等您答复"), await count(trade.wang, "一直没有答复")) == (1, 1)
    assert [len(await one.messages()) for one in (trade.li, trade.anna, trade.zhou, trade.tess)] == others


async def test_who_accepts_after_the_reminder_is_told_to_nobody(play: Play) -> None:
    trade, _ = await set_silence(play)
    await play.pass_time(hours=6)
    reminder = await trade.xiang.reads(ASKS)
    await trade.xiang.press("✅ 接单")
    await trade.wang.reads("白帝已接单：CB1-1-1（¥472.80）")
    (answered,) = [m for m in await trade.xiang.messages() if m["message_id"] == reminder["message_id"]]
    assert "✅ 已接单" in text_of(answered), "the reminder itself says so now"
    assert buttons_of(answered) == ["📅 改日期", "🚚 已发货", "🧾 对账单"]
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1 · 白帝 · ¥472.80 · ✅ 已接单 · 3月3日周二 15:01 · 老向")
    await play.pass_time(days=3)
    assert (await count(trade.xiang, "在等您答复"), await count(trade.wang, "一直没有答复")) == (0, 0)
    await press_old(trade.xiang, reminder, "✅ 接单")
    assert await count(trade.wang, "白帝已接单") == 1


async def test_less_and_no_from_the_reminder(play: Play) -> None:
    trade, _ = await set_silence(play)
    await play.pass_time(hours=6)
    await trade.xiang.press("➖ 减量接单")
    await trade.xiang.press("脐橙 8/8")
    await trade.xiang.press("4")
    await trade.xiang.press("‹ 返回")
    await trade.xiang.press("❌ 拒绝")
    await trade.xiang.press("没货了")
    await trade.wang.reads("白帝拒绝了CB1-1-1", "没货了")
    await on_round(trade.wang)
    await trade.wang.reads("❌ 已拒绝：没货了 · 3月3日周二 15:01 · 老向")
    await play.pass_time(days=3)
    assert await count(trade.wang, "一直没有答复") == 0


async def test_accepting_less_from_the_reminder(play: Play) -> None:
    trade, _ = await set_silence(play)
    await play.pass_time(hours=6)
    await trade.xiang.press("➖ 减量接单")
    await trade.xiang.press("脐橙 8/8")
    await trade.xiang.press("4")
    await trade.xiang.press("✅ 按这个数量接单")
    await trade.xiang.reads("CB1-1-1-R2", "脐橙 4箱 🔁 原8箱", "✅ 已接单")
    await trade.wang.reads("白帝接单CB1-1-1-R2，但数量减少")
    await play.pass_time(days=3)
    assert await count(trade.wang, "一直没有答复") == 0


async def test_the_whole_order_again(play: Play) -> None:
    trade, _ = await set_silence(play)
    await play.pass_time(hours=6)
    await trade.xiang.press("📄 整张采购单")
    assert (await trade.xiang.messages())[-1]["document"]["file_name"] == "CB1-1-1.xlsx"


async def test_a_new_revision_is_reminded_anew(play: Play) -> None:
    """The correction at 16:02 arrives at once; 22:02 is night, so its reminder comes in the morning."""
    trade, _ = await set_silence(play)
    await play.pass_time(hours=6)
    await play.pass_time(hours=1)
    await corrects(trade.wang, "李敏", "脐橙", "9")
    order = await trade.xiang.reads("采购单 CB1-1-1-R2")
    await play.pass_time(hours=14, minutes=57)
    assert await count(trade.xiang, "在等您答复", "R2") == 0
    await play.pass_time(minutes=1)
    reminder = await trade.xiang.reads("在等您答复采购单CB1-1-1-R2")
    assert reminder["reply_to_message"]["message_id"] == order["message_id"]
    await play.pass_time(hours=6)
    await trade.wang.reads("一直没有答复CB1-1-1-R2", "3月4日周三 07:00已催过")


async def test_in_english_with_a_number_that_telegram_calls(play: Play) -> None:
    trade, _ = await set_silence(play, telephone="+8613996001234")
    for name in ("王芳", "老向"):
        speaks(play, name, "en")
    await play.pass_time(hours=6)
    await trade.xiang.reads("is waiting for your answer to purchase order CB1-1-1 (¥472.80, delivery Fri 6 Mar)")
    await play.pass_time(hours=6)
    said = await trade.wang.reads(
        "☎️ 白帝 has not answered CB1-1-1", "Delivered to 老向, Tue 3 Mar 09:01", "Reminded Tue 3 Mar 15:01",
        "Telephone: +8613996001234",
    )  # fmt: skip
    assert "code" not in [entity["type"] for entity in said["entities"]]


async def test_without_a_number_it_says_where_to_note_one(play: Play) -> None:
    trade, _ = await set_silence(play, telephone="")
    await play.pass_time(hours=6)
    await play.pass_time(hours=6)
    await trade.wang.reads("一直没有答复CB1-1-1", "还没有电话号码", "/products")
    await trade.wang.send("/products")
    await trade.wang.press("奉节 白帝 · 2")
    await trade.wang.reads("• 老向", "电话：无")
    await trade.wang.press("☎️ 电话")
    await trade.wang.send("老向")
    await trade.wang.reads("这不像电话号码")
    await trade.wang.send("（０２３）６８００ １２３４")
    await trade.wang.reads("🌾 白帝", "电话：02368001234")
    await trade.wang.press("☎️ 电话")
    await trade.wang.send("-")
    await trade.wang.reads("🌾 白帝", "电话：无")


async def blocks(person: Person, blocked: bool = True) -> None:
    """Block the bot, or let it write again."""
    await person._act("block" if blocked else "unblock", {"bot": BOT})


async def test_a_supplier_who_blocks_the_bot_is_marked_and_the_coordinator_told_at_once(play: Play) -> None:
    trade, _ = await set_silence(play)
    await blocks(trade.xiang)
    await on_round(trade.wang)
    await trade.wang.reads(
        "CB1-1-1 · 白帝 · ¥472.80 · 📨 已送达", "⚠️ 消息送不到：老向。请对方打开机器人点“开始”（Start）。 ☎️ 023-68001234"
    )
    await trade.wang.send("/products")
    await trade.wang.press("奉节 白帝 · 2")
    await trade.wang.reads("• 老向 ⚠️ 消息送不到", "请对方打开机器人点“开始”", "电话：023-68001234")
    await play.pass_time(hours=6)
    await trade.wang.reads("☎️ 白帝一直没有答复CB1-1-1", "⚠️ 消息送不到：老向", "电话：023-68001234")
    await on_round(trade.wang)
    shown = await trade.wang.reads("📨 已送达 · 3月3日周二 09:01 · 老向", "⚠️ 没有答复，请打电话 ☎️ 023-68001234")
    assert "已催" not in text_of(shown), "nothing reached them"
    await blocks(trade.xiang, False)
    await on_round(trade.wang)
    assert "消息送不到" not in text_of(await trade.wang.reads("CB1-1-1 · 白帝"))


async def test_a_purchase_order_that_cannot_be_delivered_names_the_number(play: Play) -> None:
    trade = await set_trade(play, closed=False)
    with Session(play.database.engine) as session, session.begin():
        session.exec(select(Supplier).where(Supplier.name_zh == "白帝")).one().telephone = "13996001234"
    await blocks(trade.xiang)
    await play.pass_time(days=1)
    await trade.wang.reads("CB1-1-1", "没能送达白帝", "电话：13996001234")
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1 · 白帝 · ¥472.80 · 🕐 待发送", "⚠️ 消息送不到：老向")


async def test_a_supplier_without_a_contact_is_marked(play: Play) -> None:
    trade = await set_trade(play, closed=False)
    await trade.xiang.send("/leave")
    await trade.xiang.press("是的，退出")
    await play.pass_time(days=1)
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1 · 白帝 · ¥472.80 · 🕐 待发送", "⚠️ 还没有人收它的采购单：/invite")


async def test_members_whom_messages_do_not_reach_are_marked(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await scene.wang.send("/round")
    assert "⚠️" not in text_of(await scene.wang.reads("第1轮团购 · 进行中"))
    await blocks(scene.anna)
    await scene.wang.press("🔄 刷新")
    await scene.wang.reads("⚠️ 1位员工的消息送不到，见“👥 谁订了”")
    await scene.wang.press("👥 谁订了")
    await scene.wang.reads("▫️ Anna · 车间 ⚠️ 消息送不到", "⚠️ 消息送不到的人：请对方打开机器人点“开始”（Start）。")
    await scene.wang.send("/members")
    await scene.wang.reads("• Anna · 车间 ⚠️ 消息送不到", "• 李敏 · 车间\n", "请对方打开机器人点“开始”")
    await scene.wang.press("Anna")
    await scene.wang.reads("👤 Anna", "⚠️ 消息送不到", "请对方打开机器人点“开始”（Start）")
    speaks(play, "王芳", "en")
    await scene.wang.send("/members")
    await scene.wang.reads("Anna · 车间 ⚠️ cannot be reached", "ask them to open the bot and press Start")


@pytest.mark.parametrize(
    ("typed", "hours", "said"), [("2小时", 2, "2小时后催一次"), ("-", 0, "不催"), ("一天", 24, "24小时后催一次")]
)
async def test_the_span_is_a_setting_of_the_enterprise(play: Play, typed: str, hours: int, said: str) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    await scene.wang.press("⚙️ 规则")
    await scene.wang.reads("⏰ 供应商不答复：6小时后催一次", "夜里不打扰")
    await scene.wang.press("⏰ 供应商答复：6小时")
    await scene.wang.send("99")
    await scene.wang.send(typed)
    await scene.wang.reads("⏰ 供应商不答复：" + said)
    with Session(play.database.engine) as session:
        assert session.exec(select(Enterprise)).one().answer_hours == hours


async def test_the_message_that_is_pointed_at_is_the_notices(play: Play) -> None:
    await set_silence(play)
    with Session(play.database.engine) as session:
        for row in session.exec(select(PurchaseOrder)).all():
            notice = session.exec(
                select(Notice).where(Notice.person_id == row.delivered_to, Notice.kind == "purchase_order")
            ).one()
            assert (row.message_id, row.delivered_at) == (notice.message_id, notice.sent_at)
            assert row.message_id
