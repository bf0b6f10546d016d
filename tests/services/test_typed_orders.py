"""What a typed order places, and what it asks about instead; on both databases."""

import pytest

from services.database import Database
from services.understand_order import Understood, order_by_text
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """Oranges by the box, potatoes by the bag, yams by 斤, tea by the kilogram."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "甲", 2)
    add_supplier(world, "白帝")
    for name, zh, en, alias in (
        ("脐橙", "箱", "box", "oranges"), ("土豆", "袋", "bag", "potatoes"), ("山药", "斤", "jin", "yams"),
        ("茶叶", "公斤", "kg", "tea"),
    ):  # fmt: skip
        add_product(world, "白帝", name, 2000, unit_zh=zh, unit_en=en, aliases=alias, specification_zh="新")
    open_round(world, "王芳")
    return world


def types(world: World, text: str) -> Understood:
    return world.database.run(order_by_text, world.actor("甲"), None, text)


@pytest.mark.parametrize(
    "text",
    ["土豆10斤", "来五斤土豆", "土豆 3公斤", "2 kg of potatoes", "10 jin potatoes", "2 litres of potatoes", "土豆500克",
     "最多5斤土豆", "山药3公斤", "茶叶2斤", "two pounds of tea"],
)  # fmt: skip
def test_a_measure_that_something_is_not_sold_by_places_nothing(world: World, text: str) -> None:
    understood = types(world, f"{text}，脐橙2箱")
    assert [line.name_zh for line in understood.placed] == ["脐橙"]
    (unclear,) = understood.unclear
    assert (unclear.quantity, unclear.most, len(unclear.choices)) == (None, None, 1)
    assert unclear.measure
    assert unclear.sold_by is not None


@pytest.mark.parametrize(
    ("text", "product", "quantity"),
    [
        ("山药3斤", "山药", 3), ("3 jin of yams", "山药", 3), ("茶叶2公斤", "茶叶", 2), ("2千克茶叶", "茶叶", 2),
        ("tea 2kg", "茶叶", 2), ("土豆3箱", "土豆", 3), ("5斤装土豆2袋", "土豆", 2),
    ],
)  # fmt: skip
def test_the_measure_that_something_is_sold_by_places(world: World, text: str, product: str, quantity: int) -> None:
    types(world, text)
    assert world.wished(product) == {"甲": quantity}


def test_none_by_whatever_measure_takes_the_line_away(world: World) -> None:
    types(world, "土豆2")
    types(world, "土豆0斤")
    assert world.wished("土豆") == {}


def test_which_and_how_many_is_asked_where_several_may_be_meant(world: World) -> None:
    add_product(world, "白帝", "小土豆", 2000)
    add_product(world, "白帝", "红土豆", 2000)
    open_round(world, "王芳")
    (unclear,) = types(world, "土豆10斤").unclear
    assert len(unclear.choices) > 1
    assert (unclear.quantity, unclear.measure, unclear.sold_by) == (None, "斤", None)


@pytest.mark.parametrize("text", ["脐橙加1", "脐橙+1", "oranges +1", "还要一箱脐橙", "脐橙追加一箱"])
def test_so_many_more_leave_the_order_as_it_is_and_are_asked_about(world: World, text: str) -> None:
    """What was typed is the whole wish elsewhere: three and one more would have become one."""
    types(world, "脐橙3箱")
    understood = types(world, text)
    assert [line.quantity for line in understood.unclear] == [None]
    assert world.wished("脐橙") == {"甲": 3}


def test_a_plus_between_two_wishes(world: World) -> None:
    types(world, "脐橙2箱+土豆1")
    assert (world.wished("脐橙"), world.wished("土豆")) == ({"甲": 2}, {"甲": 1})
    assert len(types(world, "脐橙+土豆").unclear) == 2
    types(world, "3箱脐橙+4袋土豆")
    assert (world.wished("脐橙"), world.wished("土豆")) == ({"甲": 3}, {"甲": 4})


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("脐橙2 苹果3", ["苹果3"]), ("两箱脐橙，还要三个西瓜", ["三个西瓜"]), ("脐橙2，再来一个西瓜", ["再来一个西瓜"]),
        ("2 boxes oranges and 3 watermelons", ["3 watermelons"]), ("脐橙2 9号3", ["9号3"]),
        ("脐橙2箱 谢谢大家辛苦了", []), ("脐橙2箱，我下午3点来拿", []), ("脐橙2箱，不要苹果", []), ("脐橙2 大家辛苦", []),
    ],
)  # fmt: skip
def test_so_many_of_what_is_not_there_is_told_beside_what_is(world: World, text: str, missing: list[str]) -> None:
    """Without a word the member believes that it was ordered as well."""
    understood = types(world, text)
    assert understood.missing == missing
    assert world.wished("脐橙") == {"甲": 2}
    assert not types(world, "苹果3").anything, "the hint says that nothing was found"
