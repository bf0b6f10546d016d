"""A coordinator settles a round once everything has arrived: nothing about it changes any more."""

import pytest
from sqlmodel import Session, col, select

from models import JournalEntry, PurchaseOrder, Round
from rules.refusal import Refusal
from services.settle_round import settle
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.trade import Trade, on_round, press_old, set_trade, speaks


def phases(play: Play) -> tuple[str, list[str]]:
    """Of the round and of its purchase orders."""
    with Session(play.database.engine) as session:
        orders = session.exec(select(PurchaseOrder.phase).order_by(col(PurchaseOrder.number))).all()
        return session.exec(select(Round.phase)).one(), list(orders)


def journalled(play: Play) -> list[str]:
    """What happened at the end."""
    with Session(play.database.engine) as session:
        rows = session.exec(select(JournalEntry.what).order_by(col(JournalEntry.id))).all()
        return [what for what in rows if what.endswith(("_shipped", "_received", "_settled"))]


async def answered(trade: Trade) -> None:
    """白帝 accepts and ships, 云上 only accepts."""
    await trade.xiang.press("✅ 接单")
    await trade.xiang.press("🚚 已发货")
    await trade.tess.press("✅ Accept")


async def test_settle_from_the_statement(play_on_both: Play) -> None:
    play = play_on_both
    trade = await set_trade(play)
    await answered(trade)
    await on_round(trade.wang, "🧾 对账单", "🏁 结清本轮")
    question = await trade.wang.reads("结清第1轮团购吗", "员工已付¥605.40", "供应商已收¥605.40")
    await trade.wang.press("是的，结清")
    assert await trade.wang.popup() == "已结清，本轮不再变动。"
    page = await trade.wang.reads("第1轮团购对账单", "已结清")
    assert buttons_of(page) == ["👥 按员工看", "📄 导出表格", "‹ 返回"]
    assert phases(play) == ("settled", ["received", "received"])
    await trade.wang.press("‹ 返回")
    settled = await trade.wang.reads("第1轮团购", "已结清")
    assert buttons_of(settled) == ["📄 全部订单", "👥 谁订了", "🧾 对账单", "☰ 各轮", "➕ 新一轮", "🔁 设为周期团"]
    await press_old(trade.wang, question, "是的，结清")
    assert journalled(play) == [
        "purchase_order_shipped", "purchase_order_received", "purchase_order_shipped", "purchase_order_received",
        "round_settled",
    ]  # fmt: skip
    await trade.xiang.send("/orders")
    await trade.xiang.reads("📦")
    await trade.li.send("/orders")
    await trade.li.reads("第1轮团购", "已结清", "应付：¥254.78")


async def test_in_english_and_not_before_every_supplier_has_answered(play: Play) -> None:
    trade = await set_trade(play)
    speaks(play, "王芳", "en")
    await trade.xiang.press("✅ 接单")
    await on_round_in_english(trade)
    await trade.wang.press("🏁 Settle the round")
    await trade.wang.press("Yes, settle it")
    assert "CB1-1-2 has not been accepted by its supplier yet" in await trade.wang.popup()
    assert phases(play) == ("closed", ["accepted", "sent"]), "nothing of it was done"
    await trade.tess.press("❌ Decline")
    await trade.tess.press("price has changed")
    await on_round_in_english(trade)
    await trade.wang.press("🏁 Settle the round")
    await trade.wang.reads("Settle Round 1?", "members have paid ¥482.80", "suppliers have their ¥482.80")
    await trade.wang.press("Yes, settle it")
    assert await trade.wang.popup() == "Settled. Nothing about this round changes any more."
    page = await trade.wang.reads("Statement of Round 1", "settled")
    assert "🏁" not in text_of(page)
    assert phases(play) == ("settled", ["received", "declined"])


async def on_round_in_english(trade: Trade) -> None:
    """The coordinator opens the statement."""
    trade.play.clock.pass_time(minutes=1)
    await trade.wang.send("/round")
    await trade.wang.press("Round 1")
    await trade.wang.press("🧾 Statement")


async def test_settling_twice_is_settling_once_and_an_open_round_is_refused(play: Play) -> None:
    trade = await set_trade(play, closed=False)
    wang, run = trade.world.actor("王芳"), play.database.run
    with pytest.raises(Refusal) as caught:
        run(settle, wang, None, 1)
    assert caught.value.code == "wrong_phase"
    await play.pass_time(days=1)
    await answered(trade)
    for _ in range(2):
        assert run(settle, wang, None, 1).phase == "settled"
    assert journalled(play).count("round_settled") == 1
    with pytest.raises(Refusal) as caught:
        run(settle, trade.world.actor("李敏"), None, 1)
    assert caught.value.code == "not_coordinator"
