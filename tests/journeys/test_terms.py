"""A coordinator sets the terms of the trade by chatting; members meet them when they order and when the round closes."""

import pytest
from sqlalchemy import inspect
from sqlmodel import Session, select

from models import Enterprise, Offer, Product, Round, RoundSupplier
from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.journeys.test_bad_input import xlsx
from tests.journeys.test_publishing import draft
from tests.world import open_round


def stored(play: Play, table: type, **wanted: object) -> None:
    """The newest row of a table has these values."""
    with Session(play.database.engine) as session:
        row = session.exec(select(table).order_by(*inspect(table).primary_key)).all()[-1]
        assert {name: getattr(row, name) for name in wanted} == wanted


async def to_offer(scene: Scene) -> None:
    """From the draft to the terms of the oranges."""
    await scene.wang.press("💰 价格、起订量")
    await scene.wang.press("1. 脐橙")


async def sets_catalogue(wang: Person) -> None:
    """Freight of the supplier, tiers of the oranges."""
    await wang.send("/products")
    await wang.press("奉节 白帝 · 2")
    await wang.reads("每趟运费：无")
    await wang.press("🚛 运费")
    await wang.send("六十块")
    await wang.reads("每趟运费：¥60.00，按金额分摊")
    await wang.press("按数量分摊")
    await wang.reads("拿得多的多摊")
    await wang.press("脐橙 · ¥49.90")
    await wang.press("📉 阶梯价：无")
    await wang.send("6箱46元，12箱42块5")
    await wang.press("📉 阶梯价：满6 ¥46.00，满12 ¥42.50")
    await wang.press("‹ 返回")


async def sets_terms(scene: Scene) -> None:
    """Case, policies and a limit in the draft."""
    wang = scene.wang
    await draft(scene)
    await to_offer(scene)
    await wang.press("📦 箱规：1")
    await wang.send("四")
    await wang.reads("最后一件没凑满就不订")
    await wang.press("🏠 改为企业兜底")
    await wang.reads("企业买下，最多3箱，¥149.70")
    await wang.press("⚖️ 改为缺货按比例分")
    await wang.reads("按各人订的比例分，每人至少一份")
    await wang.press("‹ 返回")
    await wang.press("‹ 返回")
    await wang.press("⚙️ 规则")
    await wang.press("💳 每人限额：无")
    await wang.send("五百元")
    await wang.press("‹ 返回")
    await wang.reads("脐橙 ¥49.90 · 满6 ¥46.00，满12 ¥42.50 · 箱规4 · 企业兜底 · 缺货按比例分", "每人限额¥500.00")


async def test_a_coordinator_sets_everything_and_the_round_closes_at_the_tier_with_freight(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    wang, li, anna = scene.wang, scene.li, scene.anna
    await sets_catalogue(wang)
    await sets_terms(scene)
    await wang.press("📢 立即发布")
    await wang.send("/round")
    await wang.reads("脐橙 0箱 🏠 📉 满6 ¥46.00，满12 ¥42.50", "每人限额¥500.00")

    await li.reads("再订5箱，大家都按¥46.00算（现在¥49.90）")  # a fifth box begins the second case of four
    await li.press("3")
    await li.reads("再订1箱就凑满一件", "再订2箱，大家都按¥46.00算")
    await li.press("🧺 我的订单 · ¥149.70")
    await li.reads("合计最多 ¥149.70", "🚛 另摊运费：奉节 ¥60.00（每趟")
    await li.press("‹ 返回")
    await anna.press("2")
    await anna.reads("Ordered by all: 5 boxes", "4 boxes more and everyone pays ¥42.50 instead of ¥46.00")
    await anna.send("oranges 11")
    await anna.reads("over the limit of ¥500.00 for one order")
    await anna.reads("You ordered 2 boxes")

    await play.pass_time(days=2)
    # 5 boxes: two cases of 4 at the first tier, 3 of them the enterprise's; freight by units, 60 × 3/5 and 2/5.
    await scene.xiang.reads("脐橙 8箱", "总金额：¥368.00", "运费：¥60.00")
    await li.reads("已截单", "脐橙 3箱 ¥138.00", "运费：¥36.00", "应付：¥174.00")
    await anna.reads("is closed", "脐橙 2 boxes ¥92.00", "Freight: ¥24.00", "To pay: ¥116.00")


async def test_an_english_coordinator_does_the_same(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    wang = scene.wang
    await wang.send("/language")
    await wang.press("English")
    await wang.send("/publish")
    await wang.press("🌾 Products")
    await wang.press("奉节 白帝 0/2")
    await wang.press("⬜️ 脐橙 ¥49.90")
    await wang.press("✔️ Done")
    await wang.press("💰 Prices, minimums")
    await wang.press("1. 脐橙")
    await wang.press("📉 Tiers: none")
    await wang.reads("脐橙 costs ¥49.90. From how many units on is it cheaper")
    await wang.send("20+ ¥46; 50+ ¥42")
    await wang.press("📉 Tiers: from 20: ¥46.00, from 50: ¥42.00")
    await wang.send("none")
    await wang.press("📉 Tiers: none")
    await wang.send("20 boxes at 46")
    await wang.press("⚖️ Share a shortage")
    await wang.reads("everybody gets a share of what they ordered, at least one each")
    await wang.press("‹ Back")
    await wang.press("‹ Back")
    await wang.press("⚙️ Rules")
    await wang.reads("those lines are cancelled, and their members are told why", "nothing more can be ordered")
    await wang.press("Ask me")
    await wang.reads("nothing is sent before you answer")
    await wang.press("🧩 Completion: off")
    await wang.send("half a day")
    await wang.reads("could not read a number of hours")
    await wang.send("1 day")
    await wang.press("🧩 Completion: 24 hours")
    await wang.press("2 hours")
    await wang.press("‹ Back")
    await wang.reads("脐橙 ¥49.90 · from 20: ¥46.00 · a shortage is shared", "Minimum missed: you are asked")
    await wang.reads("Missing units until 2 hours after closing")
    stored(play, Round, minimum_policy="hold", completion_hours=2)
    stored(play, Offer, tiers=[[20, 4600]], strategy="fair")


async def test_a_missed_minimum_may_extend_the_round_once(play: Play) -> None:
    scene = await set_scene(play, opened=False, minimum_units=6)
    await draft(scene)
    await scene.wang.press("⚙️ 规则")
    await scene.wang.press("延长一次")
    await scene.wang.reads("延长一次，多开24小时")
    await scene.wang.press("⏳ 延长24小时")
    await scene.wang.send("两百小时")
    await scene.wang.reads("请填1到168小时")
    await scene.wang.send("两小时")
    await scene.wang.press("‹ 返回")
    await scene.wang.reads("没到起订量：延长一次，2小时")
    await scene.wang.press("📢 立即发布")
    await scene.li.press("3")
    await play.pass_time(hours=34)
    stored(play, Round, phase="open", minimum_policy="extend", extension_hours=2)
    await scene.anna.send("oranges 3")
    await play.pass_time(hours=3)
    await scene.xiang.reads("脐橙 6箱")


async def test_whoever_sets_nothing_sees_nothing_of_it(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    page = await scene.wang.reads("新一轮")
    assert "🎯" not in text_of(page)
    assert "🧩" not in text_of(page)
    assert "💳" not in text_of(page)
    assert buttons_of(page)[-4:] == ["👀 预览", "📢 立即发布", "⚙️ 规则", "🗑 放弃"]
    await scene.wang.press("📢 立即发布")
    stored(play, Round, phase="open", minimum_policy="cancel", extension_hours=24, completion_hours=0)
    stored(play, Offer, tiers=[], case_policy="drop", strategy="oldest")
    await scene.li.press("2")
    card = await scene.li.reads("您订了2箱")
    assert not [label for label in buttons_of(card) if "👌" in label], "sold singly: nothing to be tolerant about"


async def test_the_same_as_last_time_takes_all_terms_over(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    await to_offer(scene)
    await scene.wang.press("📉 阶梯价：无")
    await scene.wang.send("20 46")
    await scene.wang.press("📦 箱规：1")
    await scene.wang.send("4")
    await scene.wang.press("🏠 改为企业兜底")
    await scene.wang.press("⚖️ 改为缺货按比例分")
    await scene.wang.press("‹ 返回")
    await scene.wang.press("‹ 返回")
    await scene.wang.press("⚙️ 规则")
    await scene.wang.press("先问我")
    await scene.wang.press("🧩 截单后补订：关")
    await scene.wang.press("6小时")
    await scene.wang.press("‹ 返回")
    await scene.wang.press("📢 立即发布")
    await play.pass_time(days=3)
    await scene.wang.send("/publish")
    await scene.wang.press("♻️ 和上次一样")
    await scene.wang.reads("满20 ¥46.00 · 箱规4 · 企业兜底 · 缺货按比例分", "先问团长", "截单后6小时内可补订")
    stored(play, Round, phase="draft", minimum_policy="hold", completion_hours=6)
    stored(play, Offer, tiers=[[20, 4600]], case_size=4, case_policy="house", strategy="fair")


async def test_freight_is_frozen_when_the_round_opens(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 2")
    await scene.wang.press("🚛 运费")
    await scene.wang.send("60")
    await scene.wang.press("按单均摊")
    await scene.wang.reads("有货的订单摊一样多")
    stored(play, RoundSupplier, freight_minor=0)
    await scene.li.press("1箱")
    await scene.anna.press("2")
    await play.pass_time(days=2)
    assert "运费" not in text_of(await scene.li.reads("应付：¥49.90"))
    open_round(scene.world, "王芳")
    await play.settle()
    stored(play, RoundSupplier, freight_minor=6000, freight_split="equally")
    await scene.li.press("1箱")
    await scene.anna.press("2")
    await play.pass_time(days=2)
    await scene.li.reads("运费：¥30.00", "应付：¥79.90")
    await scene.anna.reads("Freight: ¥30.00", "To pay: ¥129.80")


async def test_the_limit_of_an_order_can_be_lowered_and_whoever_is_over_it_reduces(play: Play) -> None:
    """foodsoft #280: someone over the credit limit could not take anything away."""
    scene = await set_scene(play)
    await scene.li.press("5")
    await scene.wang.send("/publish")
    await scene.wang.press("⚙️ 规则")
    await scene.wang.press("💳 每人限额：无")
    await scene.wang.send("￥１００")
    await scene.wang.reads("每人每轮限额：¥100.00")
    await scene.li.press("+")
    assert "¥100.00" in await scene.li.popup()
    await scene.li.press("−")
    assert scene.world.wished("脐橙") == {"李敏": 4}
    await scene.wang.press("💳 每人限额：¥100.00")
    await scene.wang.send("不限")
    stored(play, Enterprise, order_limit_minor=None)
    await scene.li.press("+")
    assert scene.world.wished("脐橙") == {"李敏": 5}


async def test_a_limit_is_said_in_the_enterprises_currency(play: Play) -> None:
    scene = await set_scene(play)
    with Session(play.database.engine) as session, session.begin():
        enterprise = session.exec(select(Enterprise)).one()
        enterprise.currency, enterprise.order_limit_minor = "EUR", 10_000
    await scene.anna.press("5")
    assert "€100.00" in await scene.anna.popup()
    await scene.anna.send("oranges 5")
    await scene.anna.reads("over the limit of €100.00")


HEAD = ["供应商", "县", "产品", "单位", "价格", "箱规", "阶梯价"]


async def test_a_sheet_brings_tiers(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send_document("a.xlsx", xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", 39.9, 4, "20箱36，50箱33"]))
    await scene.wang.press("✅ 全部保存")
    stored(play, Product, tiers=[[20, 3600], [50, 3300]], case_size=4)
    await scene.wang.send_document("b.xlsx", xlsx(HEAD[:6], ["白帝", "奉节", "柠檬", "箱", 35, 4]))
    await scene.wang.press("✅ 全部保存")
    stored(play, Product, tiers=[[50, 3300]], price_minor=3500)


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ([39.9, 0, ""], "第2行“箱规”：一件至少装1个"),
        ([39.9, "20 kg", ""], "第2行“箱规”：这个不按kg卖"),
        ([39.9, 4, "20 45"], "第2行“阶梯价”：满20的价格必须比之前便宜"),
        ([39.9, 4, "便宜"], "第2行“阶梯价”：请依次写数量和价格"),
        (["十二块五", 4, "20 11块"], "表格没问题"),
    ],
)
async def test_a_sheet_with_terms_that_make_no_sense(play: Play, row: list[object], answer: str) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send_document("a.xlsx", xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", *row]))
    await scene.wang.reads(answer)
