"""Weights and volumes in what people type, and which of them are the same."""

import pytest

from rules.measures import is_sold_by, measure_in
from rules.order_text import split_order_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("土豆10斤", [("土豆", 10, "斤")]),
        ("来五斤土豆", [("土豆", 5, "斤")]),
        ("土豆 3公斤", [("土豆", 3, "公斤")]),
        ("土豆3 千克 脐橙2箱", [("土豆", 3, "千克"), ("脐橙", 2, None)]),
        ("10 斤土豆", [("土豆", 10, "斤")]),
        ("2 kg of potatoes", [("potatoes", 2, "kg")]),
        ("2 KG土豆", [("土豆", 2, "KG")]),
        ("10 jin potatoes", [("potatoes", 10, "jin")]),
        ("potatoes 3lb", [("potatoes", 3, "lb")]),
        ("two pounds of potatoes", [("potatoes", 2, "pounds")]),
        ("a kilo of potatoes", [("potatoes", 1, "kilo")]),
        ("2 litres of oil and 1 bag of potatoes", [("oil", 2, "litres"), ("potatoes", 1, None)]),
        ("500 grams of pepper", [("pepper", 500, "grams")]),
        ("两升菜油", [("菜油", 2, "升")]),
        ("2-3斤土豆", [("土豆", 2, "斤")]),
        ("土豆2，最多5斤", [("土豆", 2, "斤")]),
        ("最多5斤土豆", [("土豆", None, "斤")]),
        ("up to 5 kg of potatoes", [("potatoes", None, "kg")]),
        ("土豆、红薯各5斤", [("土豆", 5, "斤"), ("红薯", 5, "斤")]),
        ("再来五斤土豆", [("土豆", None, "斤")]),
        ("土豆500克", [("土豆500克", None, "克")]),
        ("2.5 kg of potatoes", [("2.5 kg of potatoes", None, "kg")]),
        ("10斤装脐橙2箱", [("10斤装脐橙", 2, None)]),
        ("10斤装脐橙", [("10斤装脐橙", None, None)]),
        ("红薯 10斤 2箱", [("红薯 10斤", 2, None)]),
        ("茶油5L 1", [("茶油5L", 1, None)]),
        ("2 jinjunmei", [("jinjunmei", 2, None)]),
        ("脐橙2箱", [("脐橙", 2, None)]),
    ],
)
def test_what_a_wish_counts_by(text: str, expected: list[tuple[str, int | None, str | None]]) -> None:
    assert [(wish.words, wish.quantity, wish.measure) for wish in split_order_text(text)] == expected


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("五斤", "斤"), ("3 公升", "公升"), ("one oz", "oz"), ("2 l", "l"), ("10斤装", None), ("公斤", None),
        ("jin", None), ("2 glasses", None), ("bone lb", None), ("", None),
    ],
)  # fmt: skip
def test_only_what_is_counted_is_a_measure(text: str, measure: str | None) -> None:
    assert measure_in(text) == measure


@pytest.mark.parametrize(
    ("measure", "units", "same"),
    [
        ("斤", ("斤", "jin"), True), ("市斤", ("斤", ""), True), ("jin", ("斤", ""), True), ("KG", ("公斤", ""), True),
        ("千克", ("", "Kg"), True), ("斤", ("公斤", "kg"), False), ("公斤", ("斤", "jin"), False),
        ("lbs", ("", "pound"), True), ("升", ("", "litre"), True), ("毫升", ("升", "litre"), False),
        ("斤", ("袋", "bag"), False), ("g", (), False),
    ],
)  # fmt: skip
def test_a_weight_is_what_something_is_sold_by_or_not(measure: str, units: tuple[str, ...], same: bool) -> None:
    """Half of it is another one."""
    assert is_sold_by(measure, units) is same
