"""What of a typed order belongs to which wish, and what was typed for it."""

import pytest

from rules.order_text import chain_line_of, is_chain, split_order_text
from rules.order_tokens import Token, tokens
from rules.quantities import MAX_QUANTITY


def read(text: str) -> list[tuple[str | int, int | None]]:
    """Words (or the number in the round) and quantity of each wish."""
    return [(wish.number if wish.number is not None else wish.words, wish.quantity) for wish in split_order_text(text)]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("脐橙2箱 土豆 1", ["脐橙2箱", "土豆 1"]),
        ("2箱脐橙 1袋土豆", ["2箱脐橙", "1袋土豆"]),
        ("脐橙", ["脐橙"]),
        ("两箱", ["两箱"]),
        ("取消脐橙", ["取消脐橙"]),
        ("再来一箱脐橙", ["再来一箱脐橙"]),
        ("3号 2", ["3号 2"]),
        ("脐橙2箱，最多3箱", ["脐橙2箱 最多3箱"]),
        ("oranges 2 ( up to 1 more ); potatoes 1", ["oranges 2 ( up to 1 more )", "potatoes 1"]),
        ("up to 3 boxes of oranges, potatoes 1", ["up to 3 boxes of oranges", "potatoes 1"]),
    ],
)
def test_what_was_typed_for_each_wish_is_kept(text: str, raw: list[str]) -> None:
    assert [wish.raw for wish in split_order_text(text)] == raw


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3号", [(3, None)]),
        ("脐橙 3号 2", [("脐橙", None), (3, 2)]),
        ("2箱脐橙 3号 1袋土豆", [("脐橙", 2), (3, None), ("土豆", 1)]),
        ("脐橙 2 ? 3 土豆 1", [("脐橙", 2), ("", 3), ("土豆", 1)]),
        ("2 ? 3", [("2 ? 3", None)]),
        ("红薯、脐橙2箱", [("红薯", None), ("脐橙", 2)]),
        ("hello 2 boxes of oranges", [("oranges", 2)]),
        ("不要X", [("X", 0)]),
        ("不要了", []),
        ("再来2箱", []),
        ("再来1号2箱", [(1, None)]),
        ("脐橙 10001", [("脐橙", MAX_QUANTITY + 1)]),
        ("脐橙 10000", [("脐橙", MAX_QUANTITY + 1)]),
        ("-要脐橙. 2", [("脐橙", 2)]),
    ],
)
def test_which_quantity_belongs_to_which_words(text: str, expected: list[tuple[str | int, int | None]]) -> None:
    assert read(text) == expected


def test_of_quantities_that_follow_each_other_only_the_last_is_one() -> None:
    assert tokens("1号 2 3") == [Token(0, 2, reference=1), Token(3, 4), Token(5, 6, 3)]
    assert tokens("2 3 土豆") == [Token(0, 1), Token(2, 3, 3), Token(3, 6)]


def test_the_number_of_an_offer_is_no_word_for_it() -> None:
    assert [wish.words for wish in split_order_text("1号2箱 3号")] == ["", ""]


def test_a_chain_names_itself_near_its_beginning() -> None:
    assert is_chain("#接龙\n脐橙团购")
    assert is_chain("\u3007" * 198 + "接龙")
    assert not is_chain("\u3007" * 199 + "接龙")


@pytest.mark.parametrize(
    ("line", "names", "expected"),
    [
        ("Li Si oranges 2", ["Li", "Li Si"], "oranges 2"),
        ("Al Zoe Ho oranges 2", ["Zoe", "Al Zoe Ho"], "oranges 2"),
        ("Li Si oranges 2", ["li si"], "oranges 2"),
        ("(张三) 脐橙2箱", ["", "  "], None),
        ("张三：XO酱2", ["张三"], "XO酱2"),
        ("XO酱2 - 张三", ["张三"], "XO酱2"),
        ("2 XL-张三", ["张三"], "2 XL"),
        ("张三 2 XX", ["张三"], "2 XX"),
    ],
)
def test_the_name_that_is_taken_off_a_line_of_a_chain(line: str, names: list[str], expected: str | None) -> None:
    assert chain_line_of(f"1. {line}\n2. 李四 土豆1", names) == expected
