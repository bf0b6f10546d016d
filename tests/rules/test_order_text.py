"""Orders as people type and paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.order_text import MAX_WISHES, chain_line_of, is_chain, split_order_text
from rules.quantities import MAX_QUANTITY

CHAIN = """#接龙
奉节脐橙团购 周五18点截止
1. 张三 脐橙2箱
2. 李四 土豆1 脐橙1
3. 财务部 王五：脐橙 3箱
4. 张三丰 土豆9
5. 李四 土豆2"""


def read(text: str) -> list[tuple[str | int, int | None]]:
    """Words (or the number in the round) and quantity of each wish."""
    return [(wish.number if wish.number is not None else wish.words, wish.quantity) for wish in split_order_text(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("脐橙2箱 土豆 1", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙两箱，土豆1袋", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙2箱土豆1袋", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙２箱　土豆１", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙 2 箱 土豆 3 袋", [("脐橙", 2), ("土豆", 3)]),
        ("2箱脐橙 1袋土豆", [("脐橙", 2), ("土豆", 1)]),
        ("两箱脐橙三袋土豆", [("脐橙", 2), ("土豆", 3)]),
        ("要2箱脐橙和1袋土豆", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙2箱+土豆1", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙2箱\n土豆1袋\n", [("脐橙", 2), ("土豆", 1)]),
        ("1. 脐橙2箱\n2. 土豆1袋", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙2箱 土豆", [("脐橙", 2), ("土豆", None)]),
        ("土豆、脐橙各2", [("土豆", 2), ("脐橙", 2)]),
        ("脐橙2箱，谢谢！", [("脐橙", 2)]),
        ("请给我留两箱橙子", [("橙子", 2)]),
        ("橙子要两箱", [("橙子", 2)]),
        ("脐橙 x3", [("脐橙", 3)]),
        ("脐橙×３", [("脐橙", 3)]),
        ("土豆三", [("土豆", 3)]),
        ("两打柠檬", [("柠檬", 24)]),
        ("半打柠檬", [("柠檬", 6)]),
        ("脐橙39.9元2箱", [("脐橙", 2)]),
        ("2 boxes of oranges and 3 potatoes", [("oranges", 2), ("potatoes", 3)]),
        ("two boxes of oranges", [("oranges", 2)]),
        ("Please send me 2 boxes of navel oranges", [("navel oranges", 2)]),
        (
            "I'd like two boxes of oranges and a bag of potatoes please",
            [("oranges", 2), ("potatoes", 1)],
        ),
        ("oranges x2; tea x 1", [("oranges", 2), ("tea", 1)]),
        ("oranges: 2\npotatoes: 1", [("oranges", 2), ("potatoes", 1)]),
        ("a dozen lemons", [("lemons", 12)]),
        ("1号2箱", [(1, 2)]),
        ("1号两箱，3号一箱", [(1, 2), (3, 1)]),
        ("#2 3", [(2, 3)]),
        ("no.3 2", [(3, 2)]),
        ("脐橙", [("脐橙", None)]),
        ("两箱", [("", 2)]),
        ("2", [("", 2)]),
        ("", []),
        ("-", []),
    ],
)
def test_what_people_type(text: str, expected: list[tuple[str | int, int | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("腊肉500g 2", [("腊肉500g", 2)]),
        ("腊肉500g2袋", [("腊肉500g", 2)]),
        ("腊肉500g", [("腊肉500g", None)]),
        ("茶油5L 1 土豆2", [("茶油5L", 1), ("土豆", 2)]),
        ("10斤装脐橙2箱", [("10斤装脐橙", 2)]),
        ("2箱10斤装脐橙", [("10斤装脐橙", 2)]),
        ("红薯 10斤 2箱", [("红薯 10斤", 2)]),
        ("三峡脐橙", [("三峡脐橙", None)]),
        ("三峡脐橙2", [("三峡脐橙", 2)]),
        ("六个核桃 2", [("六个核桃", 2)]),
        ("五谷杂粮3袋", [("五谷杂粮", 3)]),
        ("脐橙2.5箱", [("脐橙2.5箱", None)]),
    ],
)
def test_numbers_in_a_products_name_are_not_its_quantity(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("脐橙2箱，最多3箱", [("脐橙", 2, 3)]),
        ("脐橙 2 最多3", [("脐橙", 2, 3)]),
        ("脐橙２箱（最多三箱），土豆1", [("脐橙", 2, 3), ("土豆", 1, None)]),
        ("脐橙2箱,最多3箱,土豆1袋,最多2", [("脐橙", 2, 3), ("土豆", 1, 2)]),
        ("脐橙 2 最多3 土豆 1", [("脐橙", 2, 3), ("土豆", 1, None)]),
        ("脐橙2箱，最多再加1箱", [("脐橙", 2, 3)]),
        ("脐橙2箱，最多再加0箱", [("脐橙", 2, 2)]),
        ("脐橙、土豆各2箱，最多3", [("脐橙", 2, 3), ("土豆", 2, 3)]),
        ("oranges 2, up to 3", [("oranges", 2, 3)]),
        ("2 boxes of oranges, up to 3", [("oranges", 2, 3)]),
        ("oranges two, max 3 boxes and potatoes 1", [("oranges", 2, 3), ("potatoes", 1, None)]),
        ("oranges 2, up to 1 more", [("oranges", 2, 3)]),
        ("2-3箱脐橙", [("脐橙", 2, 3)]),
        ("脐橙２～３箱", [("脐橙", 2, 3)]),
        ("两到三箱脐橙", [("脐橙", 2, 3)]),
        ("脐橙 2到3", [("脐橙", 2, 3)]),
        ("2 to 3 boxes of oranges", [("oranges", 2, 3)]),
        ("1号2箱最多3箱", [(1, 2, 3)]),
        ("脐橙 3-2", [("脐橙", 3, 2)]),
        ("最多3箱脐橙", [("脐橙", None, 3)]),
        ("最多3箱脐橙 最多4箱土豆", [("脐橙", None, 3), ("土豆", None, 4)]),
        ("up to 3 boxes of oranges up to 4 potatoes", [("oranges", None, 3), ("potatoes", None, 4)]),
        ("脐橙最多3箱", [("脐橙", None, 3)]),
        ("up to 3 boxes of oranges", [("oranges", None, 3)]),
        ("土豆 1，最多3箱脐橙", [("土豆", 1, None), ("脐橙", None, 3)]),
        ("脐橙，最多再要1箱", [("脐橙", None, 1)]),
        ("2-3箱", [("", 2, 3)]),
        ("脐橙 1，2-3箱", [("脐橙", 1, None), ("", 2, 3)]),
        ("最多3箱脐橙 3号 2", [("脐橙", None, 3), (3, 2, None)]),
        ("脐橙最多十十箱", [("脐橙最多十十箱", None, None)]),
        ("最多3箱", []),
        ("80-85mm脐橙 2", [("80-85mm脐橙", 2, None)]),
        ("鸡蛋 10-12枚 2", [("鸡蛋 10-12枚", 2, None)]),
        ("3-4斤装脐橙 2", [("3-4斤装脐橙", 2, None)]),
        ("脐橙 -1", [("脐橙", -1, None)]),
    ],
)
def test_how_many_one_would_also_take(text: str, expected: list[tuple[str | int, int | None, int | None]]) -> None:
    wishes = split_order_text(text)
    assert [(w.words if w.number is None else w.number, w.quantity, w.most) for w in wishes] == expected


@pytest.mark.parametrize("text", ["取消脐橙", "不要脐橙", "脐橙不要了", "脐橙 0", "no 脐橙", "remove 脐橙"])
def test_taking_a_line_away(text: str) -> None:
    assert read(text) == [("脐橙", 0)]


@pytest.mark.parametrize(
    "text",
    ["再来一箱脐橙", "脐橙再加2箱", "加2箱脐橙", "one more box of 脐橙", "another 脐橙", "脐橙加1", "脐橙+1", "脐橙 +1",
     "脐橙 + 1箱", "脐橙加两箱", "+1脐橙", "脐橙追加2箱", "我多要2箱脐橙", "还要一箱脐橙", "我还想要脐橙1箱"],
)  # fmt: skip
def test_more_is_asked_and_not_taken_for_the_whole_wish(text: str) -> None:
    """Someone with two boxes who wants one more must not end with one."""
    assert read(text) == [("脐橙", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oranges +1", [("oranges", None)]),
        ("脐橙2+1", [("脐橙2", None)]),
        ("脐橙2箱+一箱", [("脐橙2箱", None)]),
        ("脐橙+两箱，土豆1", [("脐橙", None), ("土豆", 1)]),
        ("脐橙1+三峡脐橙2", [("脐橙", 1), ("三峡脐橙", 2)]),
        ("2 oranges +1", [("2 oranges", None)]),
        ("脐橙+土豆", [("脐橙", None), ("土豆", None)]),
        ("脐橙2箱+土豆1", [("脐橙", 2), ("土豆", 1)]),
        ("脐橙2箱+1袋土豆", [("脐橙", 2), ("土豆", 1)]),
        ("2箱脐橙+1袋土豆+3号", [("脐橙", 2), ("土豆", 1), (3, None)]),
        ("2 boxes of oranges + 3 potatoes", [("oranges", 2), ("potatoes", 3)]),
        ("脐橙2箱+土豆+1", [("脐橙", 2), ("土豆", None)]),
        ("脐橙2箱，还要土豆1袋", [("脐橙", 2), ("土豆", 1)]),
        ("两箱脐橙，还要三袋土豆", [("脐橙", 2), ("土豆", 3)]),
        ("我还要两箱脐橙，三袋土豆", [("脐橙", None), ("土豆", 3)]),
    ],
)
def test_a_plus_joins_wishes_or_adds_to_one(text: str, expected: list[tuple[str | int, int | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("苹果3", True), ("苹果0", False), ("苹果", False), ("再来一个苹果", True), ("还要一个苹果", True), ("最多3个苹果", True), ("9号 2", True),
        ("9号", False), ("3点来拿", False), ("下午3点", False), ("3楼", False), ("at 5", False), ("5 people", False),
        ("电话13812345678", False), ("苹果13812345678", False), ("苹果9999", True), ("两箱", False), ("周五3", False),
        ("一共3箱", False), ("苹果 10斤", True), ("peaches 2", True), ("thanks", False),
    ],
)  # fmt: skip
def test_what_asks_for_something_is_told_from_small_talk(text: str, asking: bool) -> None:
    assert any(wish.asks_for_something for wish in split_order_text(text)) is asking


def test_absurd_quantities_stay_visible_so_that_placing_them_is_refused() -> None:
    assert read("脐橙-1") == [("脐橙", -1)]
    assert read("脐橙 99999999999999999999") == [("脐橙", MAX_QUANTITY + 1)]


def test_a_chain_sign_up_is_told_from_an_ordinary_order() -> None:
    assert is_chain(CHAIN)
    assert is_chain("1. 张三 脐橙2箱\n2. 李四 土豆1")
    assert not is_chain("脐橙2箱\n土豆1袋")
    assert not is_chain("2 boxes of oranges\n3 potatoes")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["张三"], "脐橙2箱"),
        (["李四"], "土豆2"),
        (["王五"], "脐橙 3箱"),
        (["张三丰"], "土豆9"),
        (["Li Si", "李四"], "土豆2"),
        (["赵六"], None),
        (["", " "], None),
        ([], None),
    ],
)
def test_the_senders_own_line_of_a_chain(names: list[str], expected: str | None) -> None:
    """Never another's: a line of 张三丰 is not one of 张三."""
    assert chain_line_of(CHAIN, names) == expected


def test_the_only_line_of_a_chain_needs_no_name() -> None:
    assert chain_line_of("#接龙\n1. 脐橙2箱", ["张三"]) == "脐橙2箱"


WORDS = st.sampled_from(["脐橙", "土豆", "老腊肉", "茶油", "oranges", "tea"])
QUANTITIES = st.integers(0, MAX_QUANTITY)


@given(st.lists(st.tuples(WORDS, QUANTITIES), min_size=1, max_size=6), st.sampled_from([" ", "，", "\n", "; "]))
def test_many_wishes_in_one_text(wishes: list[tuple[str, int]], between: str) -> None:
    for form in ("{} {}", "{}×{}", "{} x{}", "{}：{}"):
        assert read(between.join(form.format(*wish) for wish in wishes)) == wishes


LIKE_ORDERS = st.text("脐橙土豆最多到~(一二两三十箱袋打0123456789 .,-+x*:/#号各和不要取消再加gkofabno\n", max_size=60)


@given(st.text(max_size=200) | LIKE_ORDERS)
def test_any_text_gives_wishes_that_can_be_placed_or_asked(text: str) -> None:
    wishes = split_order_text(text)
    assert len(wishes) <= MAX_WISHES
    for wish in wishes:
        assert wish.quantity is None or wish.quantity <= MAX_QUANTITY + 1
        assert wish.words or wish.number is not None or wish.quantity is not None
        assert wish.most is None or wish.most >= 0
        assert not (wish.words and wish.number is not None)


@given(st.text(max_size=200), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_can_be_looked_through_for_a_chain(text: str, names: list[str]) -> None:
    own = chain_line_of(text, names)
    assert own is None or isinstance(is_chain(text), bool)


def test_a_long_paste_is_read_quickly() -> None:
    assert len(split_order_text("脐橙2箱 土豆1袋 " * 2000)) == MAX_WISHES
    assert split_order_text("1" * 50_000)
    assert len(split_order_text("1袋土豆+" * 2000)) == MAX_WISHES
