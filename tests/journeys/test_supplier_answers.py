"""A supplier answers: yes, less, no, another day, shipped. Whom it concerns hears it at once, nobody else does."""

from datetime import date

import pytest
from sqlmodel import Session, select

from models import JournalEntry, PurchaseOrder, SupplierContact
from rules.refusal import Refusal
from services.answer_purchase_order import (
    accept_purchase_order,
    accept_with_less,
    change_delivery_day,
    decline_purchase_order,
    mark_shipped,
)
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.trade import Trade, corrects, on_round, press_old, set_trade


def row(play: Play, number: str = "CB1-1-1") -> PurchaseOrder:
    """The purchase order as it is stored."""
    with Session(play.database.engine) as session:
        return session.exec(select(PurchaseOrder).where(PurchaseOrder.number == number)).one()


async def heard(trade: Trade) -> list[int]:
    """How many messages 李, Anna and 周 have got."""
    return [len(await one.messages()) for one in (trade.li, trade.anna, trade.zhou)]


async def test_accepting_reaches_the_coordinator_and_disturbs_no_member(play: Play) -> None:
    trade = await set_trade(play)
    before = await heard(trade)
    await trade.xiang.press("✅ 接单")
    assert "已接单" in await trade.xiang.popup()
    await trade.wang.reads("白帝已接单：CB1-1-1（¥472.80）")
    assert await heard(trade) == before
    await trade.wang.send("/round")
    await trade.wang.press("第1轮团购")
    shown = buttons_of(await trade.wang.reads("CB1-1-1 · 白帝", "✅ 已接单"))
    assert "✏️ 更正" in shown
    assert not {"🔓 重新开放", "🚫 取消"} & set(shown), "an accepted order is neither taken back nor cancelled"
    answered = await trade.xiang.reads("采购单 CB1-1-1", "✅ 已接单")
    assert buttons_of(answered) == ["📅 改日期", "🚚 已发货", "🧾 对账单"]


@pytest.mark.parametrize(("typed", "units"), [("５箱", 5), ("五", 5), ("5", 5), ("0", 0)])
async def test_accepting_with_less_typed(play: Play, typed: str, units: int) -> None:
    """Oldest first: 李, who came first, keeps 5 of 5; Anna goes without. 周 hears nothing."""
    trade = await set_trade(play)
    zhou = await trade.count()
    await trade.xiang.press("➖ 减量接单")
    await trade.xiang.press("脐橙 8/8")
    await trade.xiang.reads("脐橙：订了8箱。能送多少")
    await trade.xiang.send("9")
    await trade.xiang.reads("一共只订了8")
    await trade.xiang.send("好吧")
    await trade.xiang.send(typed)
    await trade.xiang.press("✅ 按这个数量接单")
    order = (await trade.xiang.messages())[-1]
    assert "CB1-1-1-R2" in text_of(order)
    assert (f"脐橙 {units}箱 🔁 原8箱" if units else "脐橙 不要了 🔁 原8箱") in text_of(order)
    assert "✅ 已接单" in text_of(order)
    assert order["document"]["file_name"] == "CB1-1-1-R2.xlsx"
    assert "✅ 接单" not in buttons_of(order)
    await trade.wang.reads("白帝接单CB1-1-1-R2，但数量减少", "相关员工已收到通知")
    await trade.anna.reads("白帝 can deliver less", "❌ 脐橙", "血橙 2箱 ¥73.60")
    if units:
        await trade.li.reads("脐橙 5箱 ¥249.50")  # the freight is shared anew, so 李 hears what it is now
    assert await trade.count() == zhou
    assert (row(play).revision, row(play).accepted_revision, row(play).phase) == (2, 2, "accepted")


async def test_accepting_with_less_by_buttons_then_the_old_accept_is_dead(play_on_both: Play) -> None:
    """4 of 8 boxes: 李 4, Anna none. Value 4 × 49.90 + 73.60 = 273.20; freight 7.31 for 李, 2.69 for Anna."""
    play = play_on_both
    trade = await set_trade(play)
    first = await trade.xiang.reads("采购单 CB1-1-1")
    await trade.xiang.press("➖ 减量接单")
    message = await trade.xiang.reads("点产品，填能送多少")
    assert "✅ 按这个数量接单" not in buttons_of(message)
    await trade.xiang.press("脐橙 8/8")
    await trade.xiang.press("4")
    await trade.xiang.reads("脐橙 4箱", "8箱")
    await trade.xiang.press("✅ 按这个数量接单")
    await trade.xiang.reads("CB1-1-1：请看下面最新的一条消息")
    await trade.xiang.reads("CB1-1-1-R2", "脐橙 4箱 🔁 原8箱", "¥273.20", "✅ 已接单")
    await trade.li.reads("白帝", "脐橙 4箱 ¥199.60", "应付：¥206.91", "应退您¥47.87")
    await trade.anna.reads("❌ 脐橙", "the supplier has less", "To pay: ¥76.29", "¥151.73 to be returned")
    for label in ("✅ 接单", "❌ 拒绝", "➖ 减量接单"):
        await press_old(trade.xiang, first, label)
        assert "已经答复过了" in await trade.xiang.popup()
    assert (row(play).value_minor, row(play).freight_minor, row(play).house_minor) == (27320, 1000, 0)
    # a correction on top of it cannot order what the supplier does not have
    await corrects(trade.wang, "李敏", "脐橙", "6")
    await trade.li.reads("团长更正", "脐橙 4箱", "您要6箱；供应商货不够")
    assert (row(play).revision, row(play).phase) == (2, "accepted")


async def test_declining_and_its_reason(play_on_both: Play) -> None:
    play = play_on_both
    trade = await set_trade(play)
    zhou = await trade.count()
    await trade.xiang.press("❌ 拒绝")
    await trade.xiang.press("✏️ 其他原因")
    await trade.xiang.send("冰雹砸了果园 <b>")
    await trade.wang.reads("白帝拒绝了CB1-1-1（¥472.80）", "冰雹砸了果园 <b>")
    await trade.li.reads("白帝无法供货", "❌ 脐橙", "应退您¥254.78")
    await trade.anna.reads("白帝 cannot deliver", "¥228.02 to be returned")
    assert await trade.count() == zhou
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1 · 白帝 · ¥472.80 · ❌ 已拒绝：冰雹砸了果园", "💰 ¥117.60")
    assert (row(play).phase, row(play).value_minor, row(play).freight_minor, row(play).house_minor) == (
        "declined",
        0,
        0,
        0,
    )
    message = await trade.xiang.reads("采购单 CB1-1-1", "已拒绝：冰雹砸了果园")
    assert buttons_of(message)[-1] == "🧾 对账单"


async def test_another_day_and_back(play: Play) -> None:
    """Each change is told, also the one back to the day that was told before."""
    trade = await set_trade(play)
    zhou = await trade.count()
    await trade.xiang.press("📅 改日期")
    await trade.xiang.press("3月7日周六")
    await trade.wang.reads("白帝改到3月7日周六送CB1-1-1")
    await trade.li.reads("白帝改了送货日期", "3月7日周六")
    await trade.anna.reads("白帝 delivers on another day", "Sat 7 Mar")
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1 · 白帝", "🚚 3月7日周六")
    for day in ("3月6日周五", "3月7日周六"):
        play.clock.pass_time(minutes=1)
        await trade.xiang.press("📅 改日期")
        await trade.xiang.press(day)
    told = [text_of(m) for m in await trade.wang.messages() if "改到" in text_of(m)]
    assert ["3月7日" in text for text in told] == [True, False, True]
    order = await trade.xiang.reads("采购单 CB1-1-1", "送货日：3月7日周六")
    assert "✅ 接单" in buttons_of(order)
    assert await trade.count() == zhou


async def test_shipped_tells_who_gets_something(play: Play) -> None:
    trade = await set_trade(play)
    await corrects(trade.wang, "Anna", "脐橙", "0")
    await corrects(trade.wang, "Anna", "血橙", "0")
    before = await heard(trade)
    await trade.xiang.press("✅ 接单")
    await trade.xiang.press("🚚 已发货")
    await trade.wang.reads("CB1-1-1-R3", "已发货")
    await trade.li.reads("白帝已发货", "脐橙")
    assert await heard(trade) == [before[0] + 1, *before[1:]]
    message = await trade.xiang.reads("CB1-1-1-R3", "🚚 已发货")
    await trade.xiang.press_data(message["message_id"], "sg:1:3")
    with Session(play.database.engine) as session:
        entries = session.exec(select(JournalEntry).where(JournalEntry.what == "purchase_order_shipped")).all()
        assert len(entries) == 1


async def test_answers_that_do_not_count(play_on_both: Play) -> None:
    """A clear refusal each, and nothing changes."""
    play = play_on_both
    trade = await set_trade(play)
    world, run = trade.world, play.database.run
    xiang, tess = world.actor("老向"), world.actor("Tess")
    oranges, plums = world.offers["脐橙"], world.offers["脆李"]

    def refused(code: str, use_case: object, actor: object, *args: object) -> None:
        with pytest.raises(Refusal) as no:
            run(use_case, actor, None, *args)  # type: ignore[arg-type]
        assert no.value.code == code

    refused("more_than_ordered", accept_with_less, xiang, 1, 1, {oranges: 9})
    refused("more_than_ordered", accept_with_less, xiang, 1, 1, {oranges: -1})
    refused("nothing_left", accept_with_less, xiang, 1, 1, {oranges: 0, world.offers["血橙"]: 0})
    refused("not_found", accept_with_less, xiang, 1, 1, {plums: 1})
    refused("revision_old", accept_with_less, xiang, 1, 2, {oranges: 1})
    refused("wrong_phase", mark_shipped, xiang, 1, 1)
    refused("day_in_past", change_delivery_day, xiang, 1, 1, date(2026, 3, 2))
    for use_case, extra in (
        (accept_purchase_order, ()), (accept_with_less, ({oranges: 1},)), (decline_purchase_order, ("weather",)),
        (change_delivery_day, (date(2026, 3, 9),)), (mark_shipped, ()),
    ):  # fmt: skip
        refused("not_found", use_case, tess, 1, 1, *extra)
    with Session(play.database.engine) as session:
        contact = session.exec(select(SupplierContact).where(SupplierContact.name == "老向")).one()
        contact.left_at = play.clock()
        session.add(contact)
        session.commit()
    refused("not_found", accept_purchase_order, xiang, 1, 1)
    refused("not_found", decline_purchase_order, xiang, 1, 1, "weather")
    await trade.xiang.press("✅ 接单")
    assert await trade.xiang.popup()
    assert (row(play).phase, row(play).revision, row(play).value_minor) == ("sent", 1, 47280)


async def test_less_that_is_not_less_is_accepting(play: Play) -> None:
    """All units of every product: nothing is bound, a later correction may order more."""
    trade = await set_trade(play)
    play.database.run(accept_with_less, trade.world.actor("老向"), None, 1, 1, {trade.world.offers["脐橙"]: 8})
    await play.settle()
    await trade.wang.reads("白帝已接单：CB1-1-1")
    assert row(play).revision == 1
    await corrects(trade.wang, "李敏", "脐橙", "9")
    await trade.xiang.reads("CB1-1-1-R2", "脐橙 12箱 🔁 原8箱")
