"""Units that a member would also take: one tap away, typed in one breath, and never in the way."""

import pytest
from sqlmodel import Session, select

from models import Offer, OrderLine
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene


def lines(scene: Scene) -> list[tuple[int, int]]:
    """Firm units and tolerance of every line, the oldest first."""
    with Session(scene.play.database.engine) as session:
        return [(line.firm, line.tolerance) for line in session.exec(select(OrderLine).order_by(OrderLine.id))]


async def test_one_tap_says_up_to_and_one_tap_takes_it_back(play: Play) -> None:
    scene = await set_scene(play, case_size=4)
    card = (await scene.li.messages())[0]
    assert not [label for label in buttons_of(card) if "👌" in label], "nothing to say before there is a wish"
    await scene.li.press("2")
    card = (await scene.li.messages())[0]
    assert [label for label in buttons_of(card) if "👌" in label] == ["👌 需要时最多3箱"], "one extra button, no more"
    await scene.li.press("👌 需要时最多3箱")
    await scene.li.reads("您订了2箱，¥99.80", "需要凑单时最多可要3箱", "再订1箱就凑满一件")
    assert lines(scene) == [(2, 1)]
    await scene.li.press("👌 需要时最多4箱")
    assert lines(scene) == [(2, 2)]
    await scene.li.press("👌 不再多要")
    assert lines(scene) == [(2, 0)]
    assert len(await scene.li.messages()) == 1, "everything happened on the one card"


async def test_the_most_that_is_promised_counts_the_tolerance(play: Play) -> None:
    """2 wished, up to 3: the case of 4 that Anna begins takes all three, and they cost what was said before."""
    scene = await set_scene(play, case_size=4)
    await scene.li.send("脐橙2箱，最多3箱")
    await scene.li.press("🧺 看卡片")
    await scene.li.press("🧺 我的订单 · ¥99.80")
    await scene.li.reads("脐橙 × 2箱 = ¥99.80 👌 需要时最多3箱", "合计最多 ¥149.70")
    await scene.li.send("/orders")
    await scene.li.reads("脐橙 2箱 ¥99.80 👌 需要时最多3箱", "货款最多：¥149.70")
    await scene.anna.press("1 box")
    await play.pass_time(days=2)
    await scene.li.reads("已截单", "脐橙 3箱 ¥149.70", "应付：¥149.70")


async def test_up_to_stays_where_it_is_as_the_wish_rises_towards_it(play: Play) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.anna.send("oranges 2, up to 4")
    await scene.anna.send("/start")
    await scene.anna.press("+")
    assert lines(scene) == [(3, 1)]
    await scene.anna.press("+")
    assert lines(scene) == [(4, 0)]
    await scene.anna.press("−")
    assert lines(scene) == [(3, 0)]


@pytest.mark.parametrize(
    "typed",
    ["脐橙2箱，最多3箱", "脐橙 2 最多3", "２－３箱脐橙", "两到三箱脐橙", "脐橙2箱（最多三箱）", "脐橙2箱，最多再加1箱"],
)
async def test_it_can_be_typed_in_chinese(play: Play, typed: str) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.li.send(typed)
    await scene.li.reads("脐橙 2箱 ¥99.80 👌 需要时最多3箱")
    assert lines(scene) == [(2, 1)]
    await scene.li.press("↩️ 撤销脐橙")
    assert lines(scene) == [(0, 0)]


@pytest.mark.parametrize(
    "typed", ["oranges 2, up to 3", "2 boxes of oranges, up to 3", "2-3 boxes of oranges", "two to three oranges"]
)
async def test_it_can_be_typed_in_english(play: Play, typed: str) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.anna.send(typed)
    await scene.anna.reads("脐橙 2 boxes ¥99.80 👌 up to 3 boxes if needed")
    assert lines(scene) == [(2, 1)]


async def test_undo_brings_the_tolerance_back_as_well(play: Play) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.li.send("脐橙2箱，最多3箱")
    await scene.li.send("脐橙5箱")
    assert lines(scene) == [(5, 0)]
    await scene.li.press("↩️ 撤销脐橙")
    assert lines(scene) == [(2, 1)]


async def test_up_to_alone_goes_on_top_of_what_is_wished_already(play: Play) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.li.press("2")
    await scene.li.send("脐橙最多4箱")
    await scene.li.reads("脐橙 2箱", "需要时最多4箱")
    assert lines(scene) == [(2, 2)]


async def test_an_unclear_word_keeps_its_tolerance_until_it_is_settled(play: Play) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.li.send("橙子 2箱，最多3箱")
    await scene.li.reads("是哪一样")
    await scene.li.press("脐橙 × 2")
    assert lines(scene) == [(2, 1)]


@pytest.mark.parametrize(
    ("terms", "typed", "answer"),
    [
        ({"case_size": 4}, "脐橙 3 最多2", "比您要的3还少"),
        ({"case_size": 4}, "橙子 3 最多2", "比您要的3还少"),
        ({"case_size": 4}, "最多3箱脐橙", "请先说一定要几份"),
        ({"case_size": 4}, "脐橙 0 最多3", "请先说一定要几份"),
        ({"case_size": 4, "member_cap": 3}, "脐橙2箱，最多5箱", "每人限购3"),
        ({"case_size": 4, "stock_units": 3}, "脐橙2箱，最多5箱", "只剩3份了"),
        ({"case_size": 4}, "脐橙2箱，最多99999箱", "超过9999"),
        ({}, "脐橙2箱，最多3箱", "可以单买，也没有起订量"),
        ({"minimum_units": 1}, "脐橙2箱，最多3箱", "可以单买，也没有起订量"),
    ],
)
async def test_a_tolerance_that_makes_no_sense_is_answered_and_changes_nothing(
    play: Play, terms: dict[str, object], typed: str, answer: str
) -> None:
    scene = await set_scene(play, **terms)
    await scene.li.send(typed)
    await scene.li.reads(answer)
    assert lines(scene) == []


async def test_stale_and_made_up_presses_change_nothing_and_say_why(play: Play) -> None:
    scene = await set_scene(play, case_size=4)
    card = (await scene.li.messages())[0]["message_id"]
    offer = scene.world.offers["脐橙"]
    await scene.li.press_data(card, f"om:{offer}:0:2")
    assert "请先说一定要几份" in await scene.li.popup()
    await scene.li.press("2")
    with Session(play.database.engine) as session, session.begin():
        session.get_one(Offer, offer).case_size = 1
    await scene.li.press("👌 需要时最多3箱")
    assert "可以单买" in await scene.li.popup()
    await scene.li.press_data(card, f"om:{offer}:2:-1")
    assert "不能是负数" in await scene.li.popup()
    assert lines(scene) == [(2, 0)]
    card_now = (await scene.li.messages())[0]
    assert not [label for label in buttons_of(card_now) if "👌" in label], "the card is fresh again"


async def test_stock_counts_tolerance_and_a_button_that_would_be_refused_is_not_there(play: Play) -> None:
    """Open Food Network #4018: never oversold, whoever takes what they would also take."""
    scene = await set_scene(play, case_size=4, stock_units=6)
    await scene.li.send("脐橙2箱，最多4箱")
    await scene.anna.send("oranges 3")
    await scene.anna.reads("Only 2 can still be had")
    await scene.anna.send("oranges 2")
    await scene.anna.send("/start")
    card = await scene.anna.reads("You ordered 2 boxes", "Sold out")
    assert not [label for label in buttons_of(card) if "👌" in label]
    await scene.li.send("/start")
    await scene.li.press("👌 不再多要")
    await scene.anna.send("oranges 4")
    assert lines(scene) == [(2, 0), (4, 0)]


async def test_whoever_is_over_a_cap_may_give_up_tolerance_and_units(play: Play) -> None:
    """foodsoft #280."""
    scene = await set_scene(play, case_size=4)
    await scene.li.send("脐橙4箱，最多6箱")
    with Session(play.database.engine) as session, session.begin():
        session.get_one(Offer, scene.world.offers["脐橙"]).member_cap = 2
    await scene.li.send("/start")
    await scene.li.press("−")
    assert lines(scene) == [(3, 2)]
    await scene.li.press("👌 不再多要")
    assert lines(scene) == [(3, 0)]
    await scene.li.press("+")
    assert "每人限购2" in await scene.li.popup()
    assert lines(scene) == [(3, 0)]


@pytest.mark.parametrize("house", [False, True])
async def test_tolerance_fills_the_case_and_only_as_far_as_needed(play: Play, house: bool) -> None:
    scene = await set_scene(play, case_size=4)
    await scene.li.press("3")
    play.clock.pass_time(minutes=1)
    await scene.anna.send("oranges 3, up to 6")
    await scene.anna.send("/start")
    card = await scene.anna.reads("up to 6 boxes if that fills a case")
    assert "to fill the next case" not in text_of(card), "6 wished and 3 more if needed: two full cases"
    if house:
        with Session(play.database.engine) as session, session.begin():
            session.get_one(Offer, scene.world.offers["脐橙"]).case_policy = "house"
    await play.pass_time(days=2)
    await scene.xiang.reads("脐橙 8箱")
    await scene.li.reads("脐橙 3箱 ¥149.70")
    await scene.anna.reads("脐橙 5 boxes ¥249.50", "extra units you agreed to take")
