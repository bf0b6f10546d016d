"""A coordinator's ways to a round: drafts that last, opening by itself, the same as last time, changing one's mind."""

from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session, select

from models import Notice, Offer, Round
from services.refresh_cards import refresh_open_cards
from tests.journeys.play import BOT, Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import open_round


async def draft(scene: Scene) -> None:
    """A draft with oranges."""
    await scene.wang.send("/publish")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("奉节 白帝 0/2")
    await scene.wang.press("⬜️ 脐橙 ¥49.90")
    await scene.wang.press("✔️ 好了")


async def test_a_draft_waits_and_opens_by_itself(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    await scene.wang.press("🚀 开团")
    await scene.wang.send("今天15点")
    await scene.wang.reads("开团：3月2日周一 15:00")
    await scene.wang.press("📢 到点自动发布")
    await scene.wang.reads("3月2日周一 15:00", "自动开团")
    await scene.li.send("/start")
    await scene.li.reads("下一轮3月2日周一 15:00开团")
    await play.pass_time(hours=5, minutes=59)
    assert not [m for m in await scene.anna.messages() if "脐橙" in text_of(m)]
    await play.pass_time(minutes=2)
    await scene.anna.reads("脐橙", "left")
    await scene.li.press("2")
    with Session(play.database.engine) as session:
        assert session.exec(select(Round)).one().phase == "open"


async def test_the_preview_is_the_card_and_a_draft_outlives_other_business(play: Play) -> None:
    scene = await set_scene(play, opened=False, minimum_units=6, case_size=2)
    await draft(scene)
    await scene.wang.send("/orders")
    await scene.wang.send("/publish")
    await scene.wang.reads("脐橙 ¥49.90 · 起订6 · 箱规2")
    await scene.wang.press("👀 预览")
    preview = await scene.wang.reads("脐橙", "0/6", "每2")
    await scene.wang.press("📢 立即发布")
    card = await scene.li.reads("脐橙", "0/6")
    assert buttons_of(card) == buttons_of(preview)


async def test_prices_and_terms_are_the_offers_own(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    await scene.wang.press("💰 价格、起订量")
    await scene.wang.press("1. 脐橙")
    await scene.wang.press("💰 价格：¥49.90")
    await scene.wang.send("三十九斤")
    await scene.wang.reads("没看懂价格")
    await scene.wang.send("39块9")
    await scene.wang.press("👤 每人限购：无")
    await scene.wang.send("3")
    await scene.wang.press("‹ 返回")
    await scene.wang.reads("脐橙 ¥39.90 · 每人限3")
    with Session(play.database.engine) as session:
        offer = session.exec(select(Offer)).one()
        assert (offer.price_minor, offer.member_cap) == (3990, 3)


async def test_publishing_twice_is_publishing_once(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    (round_id,) = _rounds(play)
    menu = (await scene.wang.messages())[-1]["message_id"]
    await scene.wang.press("📢 立即发布")
    await scene.wang.press_data(menu, f"rb:{round_id}")
    with Session(play.database.engine) as session:
        cards = session.exec(select(Notice).where(Notice.kind == "offer_card")).all()
    assert len(cards) == 3


def _rounds(play: Play) -> list[int]:
    with Session(play.database.engine) as session:
        return [row.id or 0 for row in session.exec(select(Round))]


async def test_same_as_last_time(play: Play) -> None:
    scene = await set_scene(play)
    await play.pass_time(days=3)
    await scene.wang.send("/publish")
    await scene.wang.press("♻️ 和上次一样")
    await scene.wang.reads("脐橙 ¥49.90", "血橙 ¥36.80", "截单：3月10日周二 09:00", "到货：3月13日周五")


async def test_a_discarded_draft_is_gone_and_nobody_hears_of_it(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await draft(scene)
    await scene.wang.press("🗑 放弃")
    await scene.wang.press("是的，放弃")
    assert await scene.li.messages() == []


async def test_extending_tells_everybody_and_moves_the_closing(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("1箱")
    await scene.wang.send("/round")
    await scene.wang.press("⏳ 延长")
    await scene.wang.press("✏️ 其他时间")
    await scene.wang.send("昨天")
    await scene.wang.reads("没看懂时间")
    await scene.wang.send("后天12点")
    await scene.wang.reads("延长到3月4日周三 12:00", "3位员工")
    await scene.wang.press("是的，延长")
    await scene.anna.reads("stays open longer", "Wed 4 Mar 12:00")
    await play.pass_time(days=1, hours=1)
    await scene.anna.send("oranges 2")
    assert scene.world.wished("脐橙") == {"李敏": 1, "Anna": 2}
    await play.pass_time(days=1, hours=3)
    await scene.xiang.reads("采购单", "脐橙 3箱")


async def test_cancelling_tells_those_who_ordered_and_no_supplier(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("1箱")
    await scene.wang.send("/round")
    await scene.wang.press("🚫 取消")
    await scene.wang.reads("将通知1位已下单的员工")
    await scene.wang.press("是的，取消")
    await scene.li.reads("已由团长取消", "不用付款")
    assert not [
        m for m in await scene.anna.messages() if "cancelled</b>" in text_of(m) or "by the coordinator" in text_of(m)
    ]
    await play.pass_time(days=2)
    assert await scene.xiang.messages() == []
    await scene.li.send("脐橙 1")
    await scene.li.reads("现在没有团购")


async def test_one_reminder_for_whoever_has_not_ordered(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    open_round(scene.world, "王芳", hours=24, reminds_hours_before=2)
    await play.settle()
    await scene.li.press("2")
    await play.pass_time(hours=22, minutes=1)
    await scene.anna.reads("closes in", "you have not ordered yet")
    assert not [m for m in await scene.li.messages() if "⏰" in text_of(m)]
    await scene.anna.press("🧺 Order now")
    await scene.anna.press("2")
    assert scene.world.wished("脐橙") == {"李敏": 2, "Anna": 2}
    await play.pass_time(minutes=30)
    assert len([m for m in await scene.anna.messages() if "⏰" in text_of(m)]) == 1


async def test_after_an_outage_cards_are_made_fresh(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    scene.world.places("Anna", "脐橙", 4)
    play.database.run(refresh_open_cards, None, None)
    await play.settle()
    card = (await scene.anna.messages())[0]
    assert "You ordered 4 boxes" in text_of(card)


async def test_the_coordinators_sheet_has_everything(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send("/me")
    await scene.li.press("✏️ 名称")
    await scene.li.send("=1+1 李")
    await scene.li.send("脐橙 2 血橙 1")
    await scene.wang.send("/round")
    await scene.wang.press("📄 全部订单")
    message = await scene.wang.reads("按部门和自提点")
    book = load_workbook(BytesIO(await scene.wang.download(message)))
    rows = [list(row) for row in book["订单"].iter_rows(values_only=True)]
    assert rows[1][:9] == ["车间", "=1+1 李", "北门", "脐橙", 2, 2, "箱", 49.9, 99.8]
    assert book["订单"]["B2"].data_type == "s", "a name is never a formula"
    assert rows[-1][8] == 136.6
    assert [cell.value for cell in book["自提点"][2]] == ["北门", 2, 1, 136.6]


async def test_who_ordered_and_who_cannot_be_reached(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await play.post(f"/sim/people/{scene.anna.id}/block", {"bot": BOT})
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.press("2")
    await scene.wang.send("/round")
    await scene.wang.reads("1/3人已下单")
    await scene.wang.press("👥 谁订了")
    await scene.wang.reads("✅ 李敏 · 车间 ¥99.80", "▫️ Anna · 车间 ⚠️ 消息送不到", "请对方打开机器人点“开始”")


async def test_time_left_follows_the_clock(play: Play) -> None:
    scene = await set_scene(play)
    play.clock.now += timedelta(hours=23)
    await scene.li.send("/start")
    await scene.li.reads("还剩60分钟")
