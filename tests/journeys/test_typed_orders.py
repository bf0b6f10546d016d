"""Orders that are typed: what is answered, and what can be done with the answer."""

import pytest

from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.scene import set_scene
from tests.world import add_product, open_round


async def test_the_card_follows_what_is_typed_so_that_its_buttons_cut_nothing(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("1箱")
    await scene.li.send("脐橙三箱")
    await scene.li.reads("您订了3箱")
    await scene.li.press("+")
    assert scene.world.wished("脐橙") == {"李敏": 4}
    await scene.li.press("↩️ 撤销脐橙")
    assert "您订了1箱" in text_of((await scene.li.messages())[0])
    await scene.li.press("↩️ 撤销")
    assert "您订了4箱" in text_of((await scene.li.messages())[0])


@pytest.mark.parametrize(
    ("who", "typed", "asked"),
    [
        ("li", "土豆10斤 脐橙2箱", "❓ “土豆10斤”：土豆按袋（5斤装）卖，不按斤卖；请点下面的数量"),
        ("li", "脐橙2箱，来五斤土豆", "❓ “五斤土豆”：土豆按袋"),
        ("li", "土豆 3公斤，脐橙2箱", "不按公斤卖"),
        (
            "anna",
            "2 kg of potatoes; oranges 2",
            "you order Potatoes by the bag (5 jin), not by kg; press how many you want",
        ),
        ("anna", "10 jin potatoes, oranges 2", "not by jin"),
    ],
)
async def test_a_weight_of_what_is_sold_by_the_bag_is_asked_about(play: Play, who: str, typed: str, asked: str) -> None:
    scene = await set_scene(play, opened=False)
    packing = {"specification_zh": "5斤装", "specification_en": "5 jin"}
    add_product(
        scene.world,
        "白帝",
        "土豆",
        2000,
        aliases="potatoes",
        name_en="Potatoes",
        unit_zh="袋",
        unit_en="bag",
        **packing,
    )
    open_round(scene.world, "王芳")
    await play.settle()
    person = scene.li if who == "li" else scene.anna
    await person.send(typed)
    await person.reads(asked)
    assert scene.world.wished("土豆") == {}
    assert list(scene.world.wished("脐橙").values()) == [2]
    await person.press("× 3")
    assert list(scene.world.wished("土豆").values()) == [3]


async def test_what_is_not_there_is_said_beside_what_was_ordered(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send("脐橙2 苹果3，还要三个西瓜，谢谢大家辛苦了")
    await scene.li.reads("脐橙 2箱", "🔍 没找到“苹果3”和“三个西瓜”，没有下单")
    await scene.anna.send("2 boxes oranges and 3 <watermelons>")
    await scene.anna.reads("脐橙 2 boxes", "“3 <watermelons>”: not found among what is open now, so not ordered")
    await scene.li.send("脐橙3箱 谢谢大家辛苦了")
    assert "没找到" not in await scene.li.last()


async def test_a_press_on_one_line_of_an_answer_leaves_the_others(play: Play) -> None:
    """Also after a restart: nothing of the answer is kept but the message itself."""
    scene = await set_scene(play, opened=False)
    for name in ("土豆", "腊肉", "大米"):
        add_product(scene.world, "白帝", name, 2000)
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.send("土豆 2 腊肉 1 大米，香梨8")
    answer = await scene.li.reads("土豆 2箱", "腊肉 1箱", "没找到“香梨8”", "“大米”要多少？")
    assert buttons_of(answer)[2:] == ["大米 × 1", "× 2", "× 3", "🧺 看卡片"]
    await scene.li.press("↩️ 撤销土豆")
    assert scene.world.wished("土豆") == {}
    assert await scene.li.last() == "➖ 已取消土豆"
    await scene.li.press("↩️ 撤销")
    assert scene.world.wished("土豆") == {"李敏": 2}, "the answer below can be taken back in its place"
    assert len(await scene.li.messages()) == 3
    again = Play(play.database, play.clock, play.simulator)
    await again.application.initialize()
    li = Person(again, scene.li.id, scene.li.name)
    await li.press("× 2")
    await li.reads("✅ 大米 2箱")
    await li.press("↩️ 撤销腊肉")
    assert (scene.world.wished("大米"), scene.world.wished("腊肉")) == ({"李敏": 2}, {})
    assert answer in await li.messages()
    await again.application.shutdown()
    await again.http.aclose()


async def test_two_rounds_of_the_same_name_are_told_apart_by_their_closing(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    for hours in (24, 48):
        open_round(scene.world, "王芳", hours, title="春季团")
        add_product(scene.world, "白帝", f"好物{hours}", 1000, aliases=f"thing{hours}")
    open_round(scene.world, "王芳", 72, title="茶叶团")
    await play.settle()
    await scene.li.send("脐橙 2")
    asked = await scene.li.reads("哪一样")
    march = ("脐橙 × 2 · 春季团 · 3月3日周二 09:00", "脐橙 × 2 · 春季团 · 3月4日周三 09:00", "脐橙 × 2 · 茶叶团")
    assert buttons_of(asked)[:3] == list(march)
    await scene.li.press(march[1])
    await scene.li.reads("✅ 脐橙 2箱 ¥99.80 · 春季团 · 3月4日周三 09:00")
    await scene.li.send("好物48 1")
    await scene.li.reads("✅ 好物48 1箱 ¥10.00 · 茶叶团")
    await scene.wang.send("/round")
    listed = buttons_of(await scene.wang.reads("📊"))
    assert listed[:3] == ["茶叶团", "春季团 · 3月4日周三 09:00", "春季团 · 3月3日周二 09:00"]


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("Tea", ["Tea × 1", "× 2", "× 3"]),
        ("Navel oranges", ["Navel oranges × 1", "Navel oranges × 2", "Navel oranges × 3"]),
        ("Mountain potatoes", ["Mountain potatoes × 1", "Mountain potatoes × 2", "Mountain potatoes × 3"]),
        ("Late blood oranges of Wushan", [f"Late blood oranges of W… × {n}" for n in (1, 2, 3)]),
    ],
)
async def test_every_quantity_can_be_read_whatever_the_name(play: Play, name: str, labels: list[str]) -> None:
    """A phone cuts the end of a label: of three side by side soon, of one that has the row quite late."""
    scene = await set_scene(play, opened=False)
    add_product(scene.world, "白帝", "好物", 2000, name_en=name)
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.anna.send(name)
    asked = await scene.anna.reads(f"“{name}”: how many?")
    assert buttons_of(asked)[:-1] == labels
    rows = asked["reply_markup"]["inline_keyboard"]
    assert len(rows[0]) == (3 if name == "Tea" else 1)
    await scene.anna.press(labels[1])
    assert scene.world.wished("好物") == {"Anna": 2}
