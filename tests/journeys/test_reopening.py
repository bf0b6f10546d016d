"""A closed round is opened again, or cancelled, until a supplier has accepted."""

import pytest
from sqlmodel import Session, select

from models import Allotment, JournalEntry, Offer, OrderLine, PurchaseOrder, Round, RoundSupplier
from services.change_round import cancel as cancel_round
from services.reopen_round import reopen
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.trade import corrects, on_round, press_old, set_trade


def stored(play: Play) -> dict[str, tuple[int, str, int, int]]:
    """Revision, phase, value and freight of each purchase order."""
    with Session(play.database.engine) as session:
        rows = session.exec(select(PurchaseOrder).order_by(PurchaseOrder.number))
        return {row.number: (row.revision, row.phase, row.value_minor, row.freight_minor) for row in rows}


def phases(play: Play) -> list[str]:
    """What the journal says of the round's phases."""
    with Session(play.database.engine) as session:
        rows = session.exec(select(JournalEntry.what).order_by(JournalEntry.id))
        return [what for what in rows if what in ("round_opened", "round_closed", "round_reopened", "round_cancelled")]


async def test_open_again_and_close_again(play_on_both: Play) -> None:
    """老向 gets one cancellation and one new order; the revisions go on; outcomes are fresh."""
    play = play_on_both
    trade = await set_trade(play)
    first = await trade.xiang.reads("采购单 CB1-1-1")
    await on_round(trade.wang, "🔓 重新开放")
    await trade.wang.reads("第1轮团购", "4位员工")
    await trade.wang.press("是的，重新开放")
    cancelled = await trade.xiang.reads(
        "CB1-1-1-R2", "已取消：请不要送货", "脐橙 不要了 🔁 原8箱", "血橙 不要了 🔁 原2箱"
    )
    assert buttons_of(cancelled) == ["✅ 知道了"]
    await trade.tess.reads("CB1-1-2-R2", "Cancelled: please deliver nothing")
    for member in (trade.li, trade.zhou):
        await member.reads("第1轮团购重新开放")
    await trade.anna.reads("Round 1 is open again")
    with Session(play.database.engine) as session:
        assert session.exec(select(Allotment)).all() == []
    await press_old(trade.xiang, first, "✅ 接单")
    assert "已有第2版" in await trade.xiang.popup()
    await trade.xiang.press("✅ 知道了")
    await trade.wang.reads("白帝已知晓CB1-1-1-R2取消")
    await trade.li.send("脐橙 1")
    await play.pass_time(days=1, minutes=1)
    order = await trade.xiang.reads("CB1-1-1-R3", "第3版：以此为准", "脐橙 4箱", "¥273.20")
    assert "新增" not in text_of(order)
    assert [text_of(m).count("CB1-1-1-R3") for m in await trade.xiang.messages() if m.get("document")] == [0, 0, 1]
    await trade.li.reads("已截单", "脐橙 1箱 ¥49.90")
    assert "多付" not in await trade.li.last()
    assert stored(play) == {"CB1-1-1": (3, "sent", 27320, 1000), "CB1-1-2": (3, "sent", 11760, 500)}
    assert phases(play) == ["round_opened", "round_closed", "round_reopened", "round_closed"]


async def test_no_reopening_and_no_cancelling_once_one_has_accepted(play: Play) -> None:
    """Also while the supplier, who accepted the first revision, has not answered the second."""
    trade = await set_trade(play)
    for label in ("🔓 重新开放", "🚫 取消"):
        await on_round(trade.wang, label)
    await trade.xiang.press("✅ 接单")
    await corrects(trade.wang, "李敏", "脐橙", "1")
    for sure in ("是的，重新开放", "是的，取消"):
        await trade.wang.press(sure)
        assert "供应商已接单CB1-1-1" in await trade.wang.popup()
    assert {number: phase for number, (_, phase, _, _) in stored(play).items()} == {
        "CB1-1-1": "sent",
        "CB1-1-2": "sent",
    }
    assert "round_reopened" not in phases(play)
    await trade.xiang.press("❌ 拒绝")
    await trade.xiang.press("天气原因")
    await on_round(trade.wang, "🔓 重新开放", "是的，重新开放")
    assert phases(play)[-1] == "round_reopened"


async def test_who_has_declined_gets_no_cancellation_but_the_new_order(play_on_both: Play) -> None:
    """The same units as declined: they are asked anew."""
    play = play_on_both
    trade = await set_trade(play)
    await trade.xiang.press("❌ 拒绝")
    await trade.xiang.press("没货了")
    got = len(await trade.xiang.messages())
    await on_round(trade.wang, "🔓 重新开放", "是的，重新开放")
    assert len(await trade.xiang.messages()) == got
    assert stored(play)["CB1-1-1"] == (1, "declined", 0, 0)
    await play.pass_time(days=1, minutes=1)
    order = await trade.xiang.reads("CB1-1-1-R2", "脐橙 8箱", "¥472.80")
    assert "✅ 接单" in buttons_of(order)
    await trade.li.reads("已截单", "脐橙 5箱 ¥249.50")


async def test_what_was_settled_for_the_first_closing_does_not_bind_the_second(play: Play) -> None:
    """Waived minimums and what a supplier could deliver are open again."""
    trade = await set_trade(play)
    with Session(play.database.engine) as session:
        for terms in session.exec(select(RoundSupplier)).all():
            terms.minimum_waived = True
            session.add(terms)
        for offer in session.exec(select(Offer)).all():
            offer.minimum_waived, offer.supplied_units = True, 0
            session.add(offer)
        session.commit()
    await on_round(trade.wang, "🔓 重新开放", "是的，重新开放")
    with Session(play.database.engine) as session:
        assert not any(terms.minimum_waived for terms in session.exec(select(RoundSupplier)))
        assert not any(offer.minimum_waived for offer in session.exec(select(Offer)))
        assert {offer.supplied_units for offer in session.exec(select(Offer))} == {None}


async def test_a_closed_round_is_cancelled(play_on_both: Play) -> None:
    """Suppliers hear it once, members once; nothing is to pay; it cannot be undone."""
    play = play_on_both
    trade = await set_trade(play)
    counts = [len(await one.messages()) for one in (trade.xiang, trade.li, trade.anna, trade.zhou)]
    await on_round(trade.wang, "🚫 取消")
    await trade.wang.reads("取消第1轮团购", "供应商会收到取消通知", "3位下了单的员工")
    await trade.wang.press("是的，取消")
    await trade.xiang.reads("CB1-1-1-R2", "已取消：请不要送货")
    await trade.li.reads("第1轮团购已由团长取消", "也不用付款")
    await trade.anna.reads("Round 1 was cancelled")
    after = [len(await one.messages()) for one in (trade.xiang, trade.li, trade.anna, trade.zhou)]
    assert [b - a for a, b in zip(counts, after, strict=True)] == [1, 1, 1, 1]
    await trade.li.send("/orders")
    await trade.li.reads("第1轮团购 · 已取消", "不会送货，也不用付款")
    assert phases(play) == ["round_opened", "round_closed", "round_reopened", "round_cancelled"]
    assert stored(play) == {"CB1-1-1": (2, "sent", 0, 0), "CB1-1-2": (2, "sent", 0, 0)}
    await trade.xiang.press("✅ 知道了")
    await play.pass_time(days=3)
    with Session(play.database.engine) as session:
        assert session.exec(select(Round.phase)).one() == "cancelled"
        assert len(session.exec(select(OrderLine)).all()) == 4


@pytest.mark.parametrize("cancel", [False, True])
async def test_who_was_never_told_is_told_nothing(play: Play, cancel: bool) -> None:
    """The round is taken back before its orders have left: not a word to any supplier."""
    trade = await set_trade(play, closed=False)
    play.clock.pass_time(days=1)
    await play.alarm.run_due()
    play.database.run(cancel_round if cancel else reopen, trade.world.actor("王芳"), None, 1)
    await play.settle()
    assert [m for m in await trade.xiang.messages() if m.get("document")] == []
    heard = [text_of(m) for m in await trade.li.messages()]
    assert sum("已截单" in text and "应付" in text for text in heard) == 0
