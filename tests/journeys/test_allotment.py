"""Who receives what, and "why this many?": one sentence by a button, with figures worked out by hand."""

from sqlmodel import Session, col, select

from models import Allotment, Member, Order, OrderLine
from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import add_product, open_round, set_offer


async def stage(play: Play, *, strategy: str = "oldest", tolerance: int = 0, **terms: object) -> Scene:
    """Oranges: 李 wishes 6, a minute later Anna 3."""
    scene = await set_scene(play, opened=False, **terms)
    open_round(scene.world, "王芳")
    await play.settle()
    set_offer(scene.world, "脐橙", strategy=strategy)
    scene.world.places("李敏", "脐橙", 6)
    play.clock.pass_time(minutes=1)
    scene.world.places("Anna", "脐橙", 3)
    if tolerance:
        await scene.anna.press_data(
            (await scene.anna.messages())[0]["message_id"], f"om:{scene.world.offers['脐橙']}:3:{tolerance}"
        )
    return scene


async def supplies(scene: Scene, units: str) -> None:
    """老向 accepts with less."""
    await scene.xiang.press("➖ 减量接单")
    ordered = next(label for label in buttons_of((await scene.xiang.messages())[-1]) if label.startswith("脐橙 "))
    await scene.xiang.press(ordered)
    await scene.xiang.send(units)
    await scene.xiang.press("✅ 按这个数量接单")


async def corrects(scene: Scene, member: str, units: str, *, hand: bool, sees: str = "") -> None:
    """王 corrects a member's oranges in the closed round, and sees before what it would do."""
    await scene.wang.send("/round")
    await scene.wang.press("第1轮团购")
    await scene.wang.press("✏️ 更正")
    await scene.wang.press(f"🧺 {member}")
    await scene.wang.press("✋ 手动" if hand else "脐橙：订购")
    await scene.wang.press(units)
    await scene.wang.reads("脐橙", sees)
    await scene.wang.press("是的，更正")


def received(scene: Scene) -> dict[str, tuple[int, str, bool]]:
    """Units, reason and whether by hand, of the oranges, by member."""
    with Session(scene.world.database.engine) as session:
        rows = session.exec(
            select(Member.name, Allotment.units, Allotment.reason, Allotment.manual)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
            .where(OrderLine.offer_id == scene.world.offers["脐橙"])
        )
        return {name: (units, reason, manual) for name, units, reason, manual in rows}


async def asks(person: Person, label: str) -> str:
    """Press the question, read the answer."""
    await person.press(label)
    return await person.popup()


async def test_a_dropped_case(play: Play) -> None:
    """9 wished in fours are 8; the newest unit is Anna's third. Who gets all has nothing to ask."""
    scene = await stage(play, case_size=4)
    await play.pass_time(days=2)
    assert buttons_of(await scene.li.reads("已截单", "脐橙 6箱 ¥299.40")) == []
    outcome = await scene.anna.reads(
        "is closed", "脐橙 2 boxes ¥99.80", "You wished 3 boxes; the last case was not full"
    )
    assert buttons_of(outcome) == ["❓ 脐橙: why 2?"]
    assert await asks(scene.anna, "❓ 脐橙: why 2?") == (
        "9 boxes were wished by everybody; in full cases of 4 that makes 8. The newest units go without: "
        "you get 2 of 3."
    )


async def test_a_used_tolerance(play: Play) -> None:
    """9 wished and up to 3 more: 12 are three cases, Anna gets 6."""
    scene = await stage(play, case_size=4, tolerance=3)
    await play.pass_time(days=2)
    await scene.anna.reads("is closed", "脐橙 6 boxes ¥299.40", "With the extra units you agreed to take")
    assert await asks(scene.anna, "❓ 脐橙: why 6?") == (
        "You agreed to take up to 6 boxes to fill a case or the minimum. It was needed: you get 6, not 3."
    )


async def test_a_shortage_oldest_first(play_on_both: Play) -> None:
    """7 of 9: 李 was first and keeps 6, Anna gets 1."""
    scene = await stage(play_on_both)
    await play_on_both.pass_time(days=2)
    await supplies(scene, "7")
    assert received(scene) == {"李敏": (6, "full", False), "Anna": (1, "shortage", False)}
    await scene.anna.reads("can deliver less", "脐橙 1 box ¥49.90", "To pay: ¥49.90", "¥99.80 to be returned")
    assert await asks(scene.anna, "❓ 脐橙: why 1?") == (
        "The supplier delivers 7 of 9 boxes; who ordered first is served first: you get 1 of 3."
    )
    assert "能送的比" not in text_of((await scene.li.messages())[-1]), "who loses nothing is not disturbed"


async def test_a_fair_shortage(play_on_both: Play) -> None:
    """6 of 9, pro rata to 6 and 3: 4 and 2."""
    scene = await stage(play_on_both, strategy="fair")
    await play_on_both.pass_time(days=2)
    await supplies(scene, "6")
    assert received(scene) == {"李敏": (4, "shortage", False), "Anna": (2, "shortage", False)}
    assert await asks(scene.li, "❓ 脐橙为什么是4？") == ("下单9箱，供应商只能送6；按各人订的数量按比例分，您要6得4。")
    assert await asks(scene.anna, "❓ 脐橙: why 2?") == (
        "The supplier delivers 6 of 9 boxes, shared in proportion to what was wished: you get 2 of 3."
    )


async def test_an_offers_own_minimum(play: Play) -> None:
    scene = await stage(play, minimum_units=12)
    await play.pass_time(days=2)
    assert await asks(scene.anna, "❓ 脐橙: why 0?") == (
        "9 boxes could be ordered by everybody; the supplier delivers 12 boxes or more, so nothing was ordered."
    )


async def test_a_suppliers_minimum(play: Play) -> None:
    """9 × ¥49.90 = ¥449.10 of ¥500."""
    scene = await set_scene(play, opened=False)
    with play.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE supplier SET minimum_value_minor = 50000")
    open_round(scene.world, "王芳")
    scene.world.places("李敏", "脐橙", 9)
    await play.pass_time(days=2)
    assert (
        await asks(scene.li, "❓ 脐橙为什么是0？") == "白帝的团品一共才¥449.10，没达到¥500.00的起送金额，所以没有下单。"
    )


async def test_declined(play: Play) -> None:
    scene = await stage(play)
    await play.pass_time(days=2)
    await scene.xiang.press("❌ 拒绝")
    await scene.xiang.press("没货了")
    assert await asks(scene.li, "❓ 脐橙为什么是0？") == "供应商送不了，所以没有，也不用付款。"


async def test_a_substitute(play: Play) -> None:
    """老向 offers plums instead; 李 keeps, Anna does not answer."""
    scene = await stage(play)
    add_product(scene.world, "白帝", "柚子", 4000, unit_en="box")
    await play.pass_time(days=2)
    await scene.xiang.press("🔀 提出换货")
    await scene.xiang.press("脐橙")
    await scene.xiang.press("柚子 ¥40.00")
    await scene.xiang.press("是的，征求意见")
    await scene.li.press("👍 还要")
    await play.pass_time(days=2)
    await scene.li.reads("换货已确定", "柚子 6箱 ¥240.00")
    assert await asks(scene.li, "❓ 脐橙为什么是0？") == "供应商送不了，您选了柚子代替。"
    assert "cannot deliver" in await asks(scene.anna, "❓ 脐橙: why 0?")


async def test_by_hand_survives_everything_after_it(play_on_both: Play) -> None:
    """王 gives Anna 1 of her 3 by hand; later 李's wish is corrected, the supplier is short, and it still stands."""
    scene = await stage(play_on_both)
    await play_on_both.pass_time(days=2)
    await corrects(scene, "Anna", "1", hand=True, sees="🏢 这样本轮企业要承担¥99.80")
    await scene.anna.reads("The coordinator has corrected", "脐橙 1 box ¥49.90", "the coordinator decided by hand")
    assert await asks(scene.anna, "❓ 脐橙: why 1?") == (
        "You wished 3 boxes; the coordinator set your share to 1 box by hand."
    )
    await corrects(scene, "李敏", "5", hand=False)
    assert received(scene) == {"李敏": (5, "full", False), "Anna": (1, "case_dropped", True)}
    await supplies(scene, "4")
    assert received(scene) == {"李敏": (3, "shortage", False), "Anna": (1, "case_dropped", True)}
    await scene.wang.send("/round")
    await scene.wang.press("第1轮团购")
    await scene.wang.press("✏️ 更正")
    await scene.wang.press("🧺 Anna")
    await scene.wang.reads("Anna", "脐橙：订了3箱，分到1 ✋手动")


async def test_by_hand_comes_back_when_the_shortage_is_over(play: Play) -> None:
    """Anna was given 3 by hand; the supplier has only 2 in all, and then 8 after all."""
    scene = await stage(play)
    await play.pass_time(days=2)
    await corrects(scene, "Anna", "3", hand=True)
    await supplies(scene, "2")
    assert received(scene) == {"李敏": (0, "shortage", False), "Anna": (2, "shortage", True)}
    assert await asks(scene.anna, "❓ 脐橙: why 2?") == (
        "The coordinator gave you 3 by hand, but the supplier delivers only 2 of 9 boxes: you get 2."
    )
    assert "the supplier has less" in text_of(await scene.anna.reads("can deliver less"))
    set_offer(scene.world, "脐橙", supplied_units=8)
    await corrects(scene, "李敏", "5", hand=False)
    assert received(scene) == {"李敏": (5, "full", False), "Anna": (3, "full", True)}


async def test_what_others_were_given_by_hand(play: Play) -> None:
    """Anna would take up to 5: by hand she gets all 5, and 李 4 of 6 although no case was dropped."""
    scene = await stage(play, tolerance=2, minimum_units=9)
    await play.pass_time(days=2)
    await corrects(scene, "Anna", "5", hand=True)
    assert await asks(scene.li, "❓ 脐橙为什么是4？") == "团长手动给别人留了数量，您要的6箱里剩下4。"


async def test_past_rounds_can_be_asked_from_orders(play: Play) -> None:
    """Four rounds later the first is on the second page, with its question."""
    scene = await stage(play, case_size=4)
    await play.pass_time(days=2)
    for _ in range(3):
        open_round(scene.world, "王芳")
        scene.world.places("Anna", "脐橙", 4)
        await play.pass_time(days=2)
    await scene.anna.send("/orders")
    first = (await scene.anna.messages())[-1]
    assert not [label for label in buttons_of(first) if label.startswith("❓")], "all as wished"
    await scene.anna.press("›")
    await scene.anna.press("❓ Round 1: why?")
    page = await scene.anna.reads("Round 1", "closed", "脐橙 2 boxes")
    assert buttons_of(page) == ["❓ 脐橙: why 2?", "‹ Back"]
    assert "in full cases of 4 that makes 8" in await asks(scene.anna, "❓ 脐橙: why 2?")
    await scene.anna.press("‹ Back")
    await scene.anna.reads("Round 4", "Round 2")


async def test_a_foreign_line_is_not_explained(play: Play) -> None:
    scene = await stage(play, case_size=4)
    await play.pass_time(days=2)
    outcome = await scene.anna.reads("is closed")
    data = outcome["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await scene.li.press_data((await scene.li.messages())[-1]["message_id"], data)
    assert "已经不在了" in await scene.li.popup()
