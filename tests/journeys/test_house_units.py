"""Suppliers read which units the enterprise bears, and which are of members who have chosen no pickup point."""

from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session, col, select, update

from models import Member, Order
from tests.journeys.play import Person, Play
from tests.journeys.trade import set_trade
from tests.world import set_offer


def without_point(play: Play, name: str) -> None:
    """Somebody's order has no pickup point."""
    with Session(play.database.engine) as session:
        member_id = session.exec(select(Member.id).where(Member.name == name)).one()
        session.exec(update(Order).where(col(Order.member_id) == member_id).values(pickup_point_id=None))
        session.commit()


async def sheet_of(supplier: Person, number: str) -> list[list[object]]:
    """The rows of a purchase order's sheet."""
    message = await supplier.reads(number)
    sheet = load_workbook(BytesIO(await supplier.download(message))).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


async def test_what_the_enterprise_fills_up_and_what_has_no_point(play_on_both: Play) -> None:
    """李 5 and Anna 3 oranges are two cases of 4; Anna's 2 blood oranges and 周's 2 plums are filled to 3."""
    play = play_on_both
    trade = await set_trade(play, closed=False)
    for product in ("血橙", "脆李"):
        set_offer(trade.world, product, case_size=3, case_policy="house")
    without_point(play, "Anna")
    await play.pass_time(days=1)
    await trade.xiang.reads("脐橙 8箱\n   北门 5 · 未选自提点 3", "血橙 3箱\n   未选自提点 2 · 企业承担（补足整箱） 1")
    await trade.tess.reads("North gate 2 · for the enterprise (fills the case) 1")
    rows = await sheet_of(trade.xiang, "CB1-1-1")
    assert next(row for row in rows if "北门" in row)[3:6] == ["北门", "未选自提点", "企业承担（补足整箱）"]
    assert [row[3:7] for row in rows if row[0] in ("脐橙", "血橙", "合计")] == [
        [5, 3, 0, 8],
        [0, 2, 1, 3],
        [5, 5, 1, 11],
    ]
    assert [row[:2] for row in rows[-2:]] == [["未选自提点", "交给企业"], ["企业承担（补足整箱）", "交给企业"]]
    english = await sheet_of(trade.tess, "CB1-1-2")
    assert [row[:2] for row in english[-1:]] == [["for the enterprise (fills the case)", "to the enterprise"]]


async def test_what_was_refused_by_hand_fills_no_case(play: Play) -> None:
    trade = await set_trade(play)
    await trade.tess.press("✅ Accept")
    await trade.wang.send("/round")
    for label in ("第1轮团购", "✏️ 更正", "🧺 周强", "✋ 手动"):
        await trade.wang.press(label)
    await trade.wang.send("1")
    await trade.wang.press("是的，更正")
    text = await trade.tess.reads("Revision 2", "North gate 1 (was 2)", "for the enterprise 1 (was 0)")
    assert "fills the case" not in str(text)
