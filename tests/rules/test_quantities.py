"""Quantities as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quantities import MAX_QUANTITY, parse_quantity
from rules.refusal import Refusal
from tests.rules.strategies import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("2", 2), ("２箱", 2), ("两箱", 2), ("x3", 3), ("×3", 3), ("3x", 3), ("三", 3), ("十", 10), ("十二", 12),
        ("二十", 20), ("一百零五", 105), ("一百五", 150), ("两千五", 2500), ("一千零五十", 1050), ("俩", 2),
        ("一打", 12), ("半打", 6), ("两打", 24), ("a dozen", 12), ("half a dozen", 6), ("two dozen", 24),
        ("two boxes", 2), ("Two Boxes", 2), (" 4 bags ", 4), ("20 kg", 20), ("2 公斤", 2), ("0", 0), ("零", 0),
        ("〇", 0), ("dozen", 12), ("一千零五", 1005), ("仨", 3),
    ],
)  # fmt: skip
def test_what_people_type(text: str, units: int) -> None:
    assert parse_quantity(text) == units


def test_a_product_sold_by_the_dozen_counts_in_dozens() -> None:
    assert parse_quantity("2打", ["打"]) == 2
    assert parse_quantity("2 dozen", ["dozen"]) == 2
    assert parse_quantity("3笼", ["笼"]) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-3", "quantity_negative"), ("−2箱", "quantity_negative"), ("2.5", "quantity_not_whole"),
        ("半箱", "quantity_not_whole"), ("10000", "quantity_too_large"), ("9" * 30, "quantity_too_large"),
        ("", "quantity_not_understood"), ("箱", "quantity_not_understood"), ("abc", "quantity_not_understood"),
        ("²", "quantity_not_understood"), ("十十", "quantity_not_understood"), ("2 3", "quantity_not_understood"),
        ("9" * 50, "quantity_not_understood"), ("打", "quantity_not_understood"), ("dozens", "quantity_not_understood"),
    ],
)  # fmt: skip
def test_what_is_no_quantity(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_quantity(text)
    assert caught.value.code == code


def in_chinese(number: int) -> str:
    """A number below ten thousand in Chinese characters."""
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("零" if gap and written else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return (written or "零").removeprefix("一") if 10 <= number < 20 else written or "零"


@given(st.integers(0, MAX_QUANTITY), st.sampled_from(["", "箱", " 袋", "份"]))
def test_every_number_is_read_in_digits_and_in_chinese(number: int, unit: str) -> None:
    assert parse_quantity(f"{number}{unit}") == number
    assert parse_quantity(f"{in_chinese(number)}{unit}") == number


@given(ANY_TEXT, st.lists(st.text(max_size=3), max_size=2))
def test_any_text_is_a_quantity_or_a_refusal(text: str, unit_words: list[str]) -> None:
    try:
        units = parse_quantity(text, unit_words)
    except Refusal:
        return
    assert 0 <= units <= MAX_QUANTITY
