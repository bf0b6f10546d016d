"""The statement of a round: what suppliers are owed is what members and the enterprise pay, to the cent."""

from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session, select

from models import Member, Offer
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.trade import corrects, on_round, set_trade


async def test_at_the_closing(play_on_both: Play) -> None:
    """The figures of `tests.journeys.trade`: 482.80 + 122.60 = 254.78 + 228.02 + 122.60."""
    trade = await set_trade(play_on_both)
    await on_round(trade.wang, "🧾 对账单")
    page = await trade.wang.reads(
        "第1轮团购对账单", "白帝 CB1-1-1：¥482.80", "货款¥472.80 + 运费¥10.00", "云上 CB1-1-2：¥122.60"
    )
    assert "员工付¥605.40 + 🏢 企业付¥0.00 = ¥605.40" in text_of(page)
    assert "截单时" not in text_of(page)
    assert buttons_of(page) == ["👥 按员工看", "📄 导出表格", "🏁 结清本轮", "‹ 返回"]
    await trade.wang.press("👥 按员工看")
    await trade.wang.reads(
        "Anna ¥228.02（含运费¥4.72）", "周强 ¥122.60（含运费¥5.00）", "李敏 ¥254.78（含运费¥5.28）", "合计¥605.40"
    )
    await trade.wang.press("🌾 按供应商看")
    await trade.wang.press("‹ 返回")
    await trade.wang.reads("📊 第1轮团购")


async def test_after_a_correction_it_says_what_is_to_pay_and_to_return(play_on_both: Play) -> None:
    """李 5 → 2 (see test_corrections): 李 103.45, Anna 179.75. Then 周 takes a third plum: 176.40 + 5.00."""
    trade = await set_trade(play_on_both)
    await corrects(trade.wang, "李敏", "脐橙", "2")
    await corrects(trade.wang, "周强", "脆李", "3")
    await on_round(trade.wang, "🧾 对账单")
    await trade.wang.reads("白帝 CB1-1-1：¥283.20", "比截单时少¥199.60", "云上 CB1-1-2：¥181.40", "比截单时多¥58.80")
    await trade.wang.reads("员工付¥464.60 + 🏢 企业付¥0.00 = ¥464.60", "员工要比截单时补付¥58.80", "要退给员工¥199.60")
    await trade.wang.press("👥 按员工看")
    await trade.wang.reads(
        "李敏 ¥103.45", "比截单时少¥151.33", "Anna ¥179.75", "比截单时少¥48.27", "周强 ¥181.40", "比截单时多¥58.80"
    )
    await trade.li.send("/orders")
    await trade.li.reads("第1轮团购", "应付：¥103.45", "应退您¥151.33")
    await trade.zhou.send("/orders")
    await trade.zhou.reads("脆李 3箱 ¥176.40", "应付：¥181.40", "比截单时多付¥58.80")


async def test_what_the_enterprise_bears(play_on_both: Play) -> None:
    """Blood oranges come in threes and the enterprise takes the rest: Anna 2, the enterprise 1 at ¥36.80.

    Anna takes the third: 36.80, and of the freight 5.10 instead of 4.72; 李 pays 0.38 less of it."""
    play = play_on_both
    trade = await set_trade(play, closed=False)
    with Session(play.database.engine) as session:
        offer = session.get_one(Offer, trade.world.offers["血橙"])
        offer.case_size, offer.case_policy = 3, "house"
        session.add(offer)
        session.commit()
    await play.pass_time(days=1)
    await trade.xiang.reads("血橙 3箱", "企业承担（补足整箱） 1", "¥509.60")
    await on_round(trade.wang, "🧾 对账单")
    await trade.wang.reads("白帝 CB1-1-1：¥519.60", "员工付¥605.40 + 🏢 企业付¥36.80 = ¥642.20")
    await corrects(trade.wang, "Anna", "血橙", "3")
    await on_round(trade.wang, "🧾 对账单")
    await trade.wang.reads(
        "员工付¥642.20 + 🏢 企业付¥0.00 = ¥642.20",
        "员工要比截单时补付¥37.18",
        "要退给员工¥0.38",
        "企业承担：截单时¥36.80，现在¥0.00",
    )


async def test_the_sheet_has_it_all_and_no_formulas(play: Play) -> None:
    trade = await set_trade(play)
    with Session(play.database.engine) as session:
        member = session.exec(select(Member).where(Member.name == "周强")).one()
        member.name, member.department = "=HYPERLINK(1)", "+会计"
        session.add(member)
        session.commit()
    await corrects(trade.wang, "李敏", "脐橙", "2")
    await trade.tess.press("❌ Decline")
    await trade.tess.press("sold out")
    await on_round(trade.wang, "🧾 对账单", "📄 导出表格")
    message = await trade.wang.reads("应付供应商的金额", "逐行列出")
    assert message["document"]["file_name"] == "statement-1.xlsx"
    book = load_workbook(BytesIO(await trade.wang.download(message)))
    assert book.sheetnames == ["供应商", "员工", "订单行"]
    suppliers, members, lines = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book)
    assert suppliers[1][:9] == ["白帝", "CB1-1-1", 2, "📨 已送达", 273.2, 10, 283.2, 482.8, -199.6]
    assert suppliers[2][:9] == ["云上", "CB1-1-2", 1, "❌ 已拒绝", 0, 0, 0, 122.6, -122.6]
    assert [row[0] for row in suppliers[3:]] == ["供应商合计", "员工付", "企业付"]
    assert [row[6:9] for row in suppliers[3:]] == [[283.2, 605.4, -322.2], [283.2, 605.4, -322.2], [0, 0, 0]]
    by_name = {row[1]: row[2:] for row in members[1:-1]}
    assert by_name == {
        "李敏": [99.8, 3.65, 103.45, 254.78, -151.33],
        "Anna": [173.4, 6.35, 179.75, 228.02, -48.27],
        "=HYPERLINK(1)": [0, 0, 0, 122.6, -122.6],
    }
    assert members[-1][2:] == [273.2, 10, 283.2, 605.4, -322.2]
    assert ["车间", "李敏", "脐橙", 2, 2, "箱", 49.9, 99.8, 3.65, 103.45] in [row[:10] for row in lines]
    assert sum(row[9] for row in lines[1:]) == 283.2
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


async def test_a_suppliers_own_statement(play_on_both: Play) -> None:
    """Value, freight and revisions, of their own order only."""
    play = play_on_both
    trade = await set_trade(play)
    await corrects(trade.wang, "李敏", "脐橙", "2")
    await trade.xiang.press("✅ 接单")
    await trade.xiang.press("🧾 对账单")
    page = await trade.xiang.reads(
        "CB1-1-1对账单", "嘉陵机械", "R1 ¥472.80", "R2 ¥273.20 ✅", "货款：¥273.20", "运费：¥10.00", "应收：¥283.20"
    )
    assert "云上" not in text_of(page)
    await trade.tess.press("🧾 Statement")
    await trade.tess.reads("Statement of CB1-1-2", "Produce: ¥117.60", "Freight: ¥5.00", "You are owed: ¥122.60")
    await trade.xiang.press_data(page["message_id"], "sv:2")
    assert "CB1-1-2" not in await trade.xiang.transcript()


async def test_a_statement_is_for_coordinators_of_a_closed_round(play: Play) -> None:
    trade = await set_trade(play, closed=False)
    for person in (trade.wang, trade.li):
        message = (await person.messages())[0]
        for data in ("xt:1:0:0", "xv:1"):
            await person.press_data(message["message_id"], data)
        assert "对账单" not in await person.transcript()
    await play.pass_time(days=1)
    message = (await trade.li.messages())[0]
    await trade.li.press_data(message["message_id"], "xt:1:0:0")
    assert "对账单" not in await trade.li.transcript()
