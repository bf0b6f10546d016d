"""A supplier offers another product: members keep or drop it until a set time; nothing is settled before."""

import pytest
from sqlmodel import Session, select

from models import Offer, OfferChange, PurchaseOrder
from rules.refusal import Refusal
from services.offer_substitute import offer_substitute
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.trade import Trade, corrects, on_round, set_trade
from tests.world import add_product


async def asked(play: Play, **terms: object) -> Trade:
    """白帝 cannot deliver the oranges (¥49.90) and offers pomelos at ¥45.00: 李 (5) and Anna (3) are asked."""
    trade = await set_trade(play)
    add_product(trade.world, "白帝", "蜜柚", 4500, specification_zh="2个/箱", unit_en="box", **terms)
    await trade.xiang.press("🔀 提出换货")
    await trade.xiang.press("脐橙")
    await trade.xiang.press("蜜柚 ¥45.00")
    await trade.xiang.reads("蜜柚", "¥45.00", "脐橙", "2位员工", "3月4日周三")
    await trade.xiang.press("是的，征求意见")
    return trade


def stored(play: Play) -> PurchaseOrder:
    """白帝's order as it is stored."""
    with Session(play.database.engine) as session:
        return session.exec(select(PurchaseOrder).where(PurchaseOrder.number == "CB1-1-1")).one()


async def test_one_keeps_and_one_drops(play_on_both: Play) -> None:
    """李 keeps 5 at ¥45.00 = 225.00, Anna drops: 白帝 delivers 5 pomelos and 2 blood oranges, 298.60, freight 10.00:
    7.54 for 李, 2.46 for Anna."""
    play = play_on_both
    trade = await asked(play)
    zhou = await trade.count()
    question = await trade.li.reads("脐橙", "5箱", "蜜柚 2个/箱", "¥45.00", "¥49.90", "3月4日周三")
    assert buttons_of(question) == ["👍 还要", "👎 不要了"]
    await trade.anna.reads("脐橙", "3 boxes", "蜜柚", "¥45.00", "instead of ¥49.90", "Without your answer")
    await trade.wang.reads("白帝送不了脐橙，想换成蜜柚，¥45.00", "征求2位员工")
    await trade.li.press("👍 还要")
    await trade.anna.press("👍 Keep it")
    await trade.anna.press("👎 Drop it")
    await play.pass_time(days=1, minutes=1)
    await trade.wang.reads("2位员工中有1位同意把脐橙换成蜜柚")
    order = await trade.xiang.reads("CB1-1-1-R2", "蜜柚 5箱 🆕", "血橙 2箱", "脐橙 不要了 🔁 原8箱", "¥298.60")
    assert "✅ 接单" in buttons_of(order)
    await trade.li.reads("白帝的换货已确定", "蜜柚 5箱 ¥225.00", "应付：¥232.54", "应退您¥22.24")
    await trade.anna.reads("the substitute is decided", "❌ 脐橙", "血橙", "To pay: ¥76.06", "¥151.96 to be returned")
    assert "蜜柚" not in await trade.anna.last()
    assert await trade.count() == zhou
    await trade.li.press("👎 不要了")
    assert await trade.li.popup()
    assert (stored(play).value_minor, stored(play).freight_minor, stored(play).house_minor) == (29860, 1000, 0)
    await trade.xiang.press("✅ 接单")
    await trade.wang.reads("白帝已接单：CB1-1-1-R2")


async def test_nobody_answers(play: Play) -> None:
    """Neither is delivered; what else 白帝 has is."""
    trade = await asked(play)
    await play.pass_time(days=1, minutes=1)
    await trade.wang.reads("2位员工中有0位同意")
    order = await trade.xiang.reads("CB1-1-1-R2", "血橙 2箱", "脐橙 不要了", "¥73.60")
    assert "蜜柚" not in text_of(order)
    await trade.li.reads("白帝的换货已确定", "❌ 脐橙", "应退您¥254.78")


async def test_nothing_else_is_left(play: Play) -> None:
    """Anna's blood oranges are taken off, then all drop the substitute: the whole order is cancelled."""
    trade = await asked(play)
    await corrects(trade.wang, "Anna", "血橙", "0")
    await trade.anna.press("👎 Drop it")
    await play.pass_time(days=1, minutes=1)
    order = await trade.xiang.reads("CB1-1-1-R3", "已取消：请不要送货")
    assert buttons_of(order) == ["✅ 知道了"]
    await trade.xiang.press("✅ 知道了")
    await on_round(trade.wang)
    await trade.wang.reads("CB1-1-1-R3 · 白帝 · ¥0.00 · 🚫 已取消，供应商已知晓")


async def test_the_order_waits_for_the_members(play: Play) -> None:
    """Accepting, accepting with less and shipping wait; a late line waits; removing one and declining do not."""
    trade = await asked(play)
    await trade.xiang.press("✅ 接单")
    assert "员工正在答复换货，截止3月4日周三" in await trade.xiang.popup()
    await trade.xiang.press("➖ 减量接单")
    await trade.xiang.press("血橙 2/2")
    await trade.xiang.press("1")
    await trade.xiang.press("✅ 按这个数量接单")
    assert "员工正在答复换货" in await trade.xiang.popup()
    await on_round(trade.wang, "✏️ 更正", "🧺 周强", "➕ 补订", "脐橙：订购", "1")
    assert "员工正在答复换货" in await trade.wang.popup()
    await corrects(trade.wang, "李敏", "脐橙", "1")
    assert stored(play).phase == "sent"
    await trade.li.press("👍 还要")
    await play.pass_time(days=1, minutes=1)
    await trade.xiang.reads("CB1-1-1-R3", "蜜柚 1箱")
    await trade.li.reads("蜜柚 1箱 ¥45.00")


async def test_declining_ends_the_question(play: Play) -> None:
    trade = await asked(play)
    await trade.xiang.press("❌ 拒绝")
    await trade.xiang.press("没货了")
    await trade.li.press("👍 还要")
    assert "答复时间已过" in await trade.li.popup()
    await play.pass_time(days=1, minutes=1)
    assert stored(play).phase == "declined"
    with Session(play.database.engine) as session:
        assert session.exec(select(Offer).where(Offer.name_zh == "蜜柚")).first() is None
    assert "蜜柚" not in await trade.li.last()


async def test_opening_again_takes_substitutes_back(play_on_both: Play) -> None:
    """Everybody has what they first wished; the same substitute can be offered once more after the next closing."""
    play = play_on_both
    trade = await asked(play)
    await trade.li.press("👍 还要")
    await play.pass_time(days=1, minutes=1)
    await on_round(trade.wang, "🔓 重新开放", "是的，重新开放")
    assert trade.world.wished("脐橙") == {"李敏": 5, "Anna": 3}
    await play.pass_time(days=1, minutes=1)
    order = await trade.xiang.reads("CB1-1-1-R4", "脐橙 8箱", "血橙 2箱")
    assert "蜜柚" not in text_of(order)
    await trade.li.reads("已截单", "脐橙 5箱 ¥249.50")
    for label in ("🔀 提出换货", "脐橙", "蜜柚 ¥45.00", "是的，征求意见"):
        await trade.xiang.press(label)
    await trade.anna.press("👍 Keep it")
    await play.pass_time(days=1, minutes=1)
    await trade.xiang.reads("CB1-1-1-R5", "蜜柚 3箱")
    await trade.anna.reads("蜜柚 3 boxes ¥135.00")


async def test_opening_again_while_members_are_asked(play: Play) -> None:
    """The question is void; the round stays open when its time comes."""
    trade = await asked(play)
    await on_round(trade.wang, "🔓 重新开放", "是的，重新开放")
    with Session(play.database.engine) as session:
        assert session.exec(select(OfferChange)).one().decided_at is not None
    await trade.li.press("👍 还要")
    await play.pass_time(days=1, minutes=2)
    order = await trade.xiang.reads("CB1-1-1-R3", "脐橙 8箱")
    assert "蜜柚" not in text_of(order)


async def test_what_cannot_be_offered(play: Play) -> None:
    """Another supplier's product, one that is in the round already, one that is asked about, an old revision."""
    trade = await asked(play)
    add_product(trade.world, "云上", "李干", 2000)
    add_product(trade.world, "白帝", "柠檬", 3000)
    world = trade.world
    cases = (
        ("substitute_not_yours", 1, world.offers["血橙"], world.products["李干"]),
        ("substitute_not_yours", 1, world.offers["血橙"], 999),
        ("substitute_in_round", 1, world.offers["血橙"], world.products["脐橙"]),
        ("substitute_asked", 1, world.offers["脐橙"], world.products["柠檬"]),
        ("not_found", 1, world.offers["脆李"], world.products["柠檬"]),
        ("revision_old", 2, world.offers["血橙"], world.products["柠檬"]),
    )
    for code, revision, offer_id, product_id in cases:
        with pytest.raises(Refusal) as no:
            play.database.run(offer_substitute, world.actor("老向"), None, 1, revision, offer_id, product_id)
        assert no.value.code == code
    with pytest.raises(Refusal, match="not_found"):
        play.database.run(
            offer_substitute, world.actor("Tess"), None, 1, 1, world.offers["血橙"], world.products["李干"]
        )
    with Session(play.database.engine) as session:
        assert len(session.exec(select(OfferChange)).all()) == 1


async def test_the_time_to_answer_ends_when_the_day_of_delivery_begins(play: Play) -> None:
    """Delivered on 4 March, closed on 3 March at 9:00: answers count until midnight."""
    trade = await set_trade(play)
    add_product(trade.world, "白帝", "蜜柚", 4500)
    await trade.xiang.press("📅 改日期")
    await trade.xiang.press("3月4日周三")
    for label in ("🔀 提出换货", "脐橙", "蜜柚 ¥45.00", "是的，征求意见"):
        await trade.xiang.press(label)
    await trade.li.reads("蜜柚", "3月4日周三 00:00")
