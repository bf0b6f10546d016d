"""Tiers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.pricing import Tier
from rules.refusal import Refusal
from rules.tier_text import MAX_TIERS, read_tiers
from tests.rules.strategies import ANY_TEXT

BASE = 4990
TWO = [(20, 4600), (50, 4200)]


def read(text: str, currency: str = "CNY") -> list[tuple[int, int]]:
    """Pairs of units and price, for something that costs 49.90 a box."""
    return [(tier.from_units, tier.price) for tier in read_tiers(text, BASE, currency, ("箱", "box"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 46, 50 42", TWO),
        ("20 46,50 42", TWO),
        ("２０　４６，５０　４２", TWO),
        ("50 42; 20 46", TWO),
        ("20箱46元，50箱42元", TWO),
        ("满20箱46元、满50箱42元", TWO),
        ("20箱以上46元\n50箱以上42元", TWO),
        ("二十箱四十六块，五十箱四十二元", TWO),
        ("20: 46; 50: 42", TWO),
        ("20+ ¥46, 50+ ¥42", TWO),
        ("20 boxes at 46, 50 boxes at 42 per box", TWO),
        ("20 BOXES AT 46, 50 Boxes at 42 PER BOX", TWO),
        ("From 20 46 Each", [(20, 4600)]),
        ("from 20 46 each", [(20, 4600)]),
        ("20=46/箱", [(20, 4600)]),
        ("20¥46", [(20, 4600)]),
        ("20箱起45块5", [(20, 4550)]),
        ("none", []),
        ("无", []),
        ("－", []),
    ],
)
def test_what_people_type(text: str, expected: list[tuple[int, int]]) -> None:
    assert read(text) == expected


def test_a_comma_may_be_a_decimal_mark() -> None:
    assert read("20 46,50; 50 42,00", "EUR") == [(20, 4650), (50, 4200)]
    assert read("20 46,50, 50 42,00", "EUR") == [(20, 4650), (50, 4200)]
    assert read("20 € 46,50", "EUR") == [(20, 4650)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20块46", "tiers_not_understood"),
        ("2046", "tiers_not_understood"),
        ("46", "tiers_not_understood"),
        ("20", "tiers_not_understood"),
        ("20 46, 50", "tiers_not_understood"),
        ("脐橙", "tiers_not_understood"),
        ("", "tiers_not_understood"),
        ("20 -5", "tiers_not_understood"),
        ("20 $46", "tiers_not_understood"),
        ("9" * 300, "tiers_not_understood"),
        ("20 49.90", "tier_not_cheaper"),
        ("20 42, 50 46", "tier_not_cheaper"),
        ("20 46, 20 42", "tier_twice"),
        ("1 46", "tier_twice"),
        ("0 46", "tier_twice"),
        ("20 0", "price_zero"),
        ("20 kg 46", "unit_differs"),
        ("99999 3", "quantity_too_large"),
        (", ".join(f"{n + 2} {40 - n}" for n in range(MAX_TIERS + 1)), "too_many_tiers"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(text)
    assert caught.value.code == code


PAIRS = st.lists(st.tuples(st.integers(2, 9999), st.integers(1, BASE - 1)), min_size=1, max_size=MAX_TIERS)


@given(PAIRS, st.sampled_from([", ", "，", "; ", "\n"]), st.sampled_from(["{} {}", "{}箱{}元", "{}: {}", "{}+ ¥{}"]))
def test_every_falling_row_of_tiers_is_read_as_it_was_written(
    pairs: list[tuple[int, int]], between: str, form: str
) -> None:
    units = sorted({units for units, _ in pairs})
    prices = sorted({price for _, price in pairs}, reverse=True)
    tiers = list(zip(units, prices, strict=False))
    text = between.join(form.format(n, f"{price // 100}.{price % 100:02}") for n, price in tiers)
    if len(text) <= 200:
        assert read(text) == tiers


@given(ANY_TEXT)
def test_any_text_is_falling_tiers_or_a_refusal(text: str) -> None:
    try:
        tiers = read_tiers(text, BASE, "CNY")
    except Refusal:
        return
    prices = [BASE, *(tier.price for tier in tiers)]
    assert prices == sorted(prices, reverse=True)
    assert all(isinstance(tier, Tier) and tier.price > 0 and tier.from_units > 1 for tier in tiers)
