"""What it costs, to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.allot import allot
from rules.consolidate import OfferTerms, consolidate_offer
from rules.money import split_by_largest_remainder
from rules.pricing import (
    Charges,
    FeePart,
    FeeSplit,
    LineUnits,
    Tier,
    charges,
    check_tiers,
    clearing_price,
    next_tier,
    split_fee,
    unit_price,
)
from rules.refusal import Refusal
from tests.rules.strategies import lines, terms

PRICES = st.integers(0, 100_000)
TIERS = st.lists(st.builds(Tier, st.integers(1, 100), PRICES), max_size=4)
WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=20)


def test_everybody_pays_the_tier_that_all_reached_together() -> None:
    tiers = [Tier(50, 3500), Tier(20, 3800)]
    assert [clearing_price(4000, tiers, units) for units in (19, 20, 49, 50)] == [4000, 3800, 3800, 3500]


@given(PRICES, TIERS, st.integers(0, 120), st.integers(0, 120))
def test_more_units_never_cost_more_each_and_never_above_the_base_price(
    base: int, tiers: list[Tier], units: int, more: int
) -> None:
    assert clearing_price(base, tiers, units + more) <= clearing_price(base, tiers, units) <= base


@given(PRICES, PRICES)
def test_foodsoft_1056_a_price_that_rose_is_not_charged(promised: int, clearing: int) -> None:
    """There, the price changed when the order closed."""
    assert unit_price(promised, clearing) <= promised
    assert unit_price(promised, clearing) <= clearing


def test_the_house_pays_its_units_and_broken_promises() -> None:
    paid = charges([LineUnits(2, 1000), LineUnits(1, 900)], price=950, units_ordered=4)
    assert paid == Charges((1900, 900), house=4 * 950 - 2800)


@given(terms(), lines(), PRICES, st.lists(PRICES, min_size=12, max_size=12))
def test_members_and_house_together_pay_exactly_what_the_supplier_is_owed(
    offer: OfferTerms, wishes: list, price: int, promised: list[int]
) -> None:
    """Σ member charges + house cost = value of the purchase order, and the house never earns."""
    ordered = consolidate_offer(offer, sum(w.firm for w in wishes), sum(w.tolerance for w in wishes))
    allotted = allot(ordered.member_units, wishes)
    paid = charges([LineUnits(one.units, promised[i]) for i, one in enumerate(allotted)], price, ordered.units)
    assert sum(paid.lines) + paid.house == ordered.units * price
    assert paid.house >= ordered.house_units * price


@pytest.mark.parametrize(
    ("by", "expected"), [("units", [500, 333, 167, 0]), ("value", [200, 200, 600, 0]), ("equally", [334, 333, 333, 0])]
)
def test_freight_by_hand(by: str, expected: list[int]) -> None:
    parts = [FeePart(3, 1000), FeePart(2, 1000), FeePart(1, 3000), FeePart(0, 0)]
    assert split_fee(1000, by, parts) == expected


@given(st.integers(0, 1_000_000), st.sampled_from(list(FeeSplit)), WEIGHTS, st.integers(0, 5000))
def test_foodsoft_freight_parts_add_up_to_the_whole(total: int, by: str, weights: list[int], price: int) -> None:
    """There, every share was rounded up, so more was collected than owed."""
    assert sum(split_fee(total, by, [FeePart(units, units * price) for units in weights])) == total


@given(st.integers(0, 1_000_000), WEIGHTS)
def test_open_food_network_312_each_part_is_within_one_cent_of_its_exact_share(total: int, weights: list[int]) -> None:
    """There, a fee rounded for each unit did not add up."""
    parts = split_by_largest_remainder(total, weights)
    whole = sum(weights)
    if whole:
        assert all(abs(p * whole - total * w) < whole for p, w in zip(parts, weights, strict=True))
    assert sum(parts) == total


@given(st.integers(0, 1_000_000), WEIGHTS)
def test_of_equal_weights_the_earlier_part_is_never_smaller(total: int, weights: list[int]) -> None:
    parts = split_by_largest_remainder(total, weights)
    for i, weight in enumerate(weights):
        for j in range(i + 1, len(weights)):
            assert weights[j] != weight or parts[j] <= parts[i] <= parts[j] + 1


def test_nothing_to_split_over_is_no_part() -> None:
    assert split_by_largest_remainder(100, []) == []


@pytest.mark.parametrize(
    ("units", "expected"),
    [(0, Tier(20, 3800)), (19, Tier(20, 3800)), (20, Tier(50, 3500)), (49, Tier(50, 3500)), (50, None)],
)
def test_the_next_tier_is_the_nearest_that_is_cheaper(units: int, expected: Tier | None) -> None:
    assert next_tier(4000, [Tier(50, 3500), Tier(20, 3800)], units) == expected


def test_a_tier_that_is_no_cheaper_is_no_next_tier() -> None:
    assert next_tier(4000, [Tier(20, 4000), Tier(30, 4100)], 5) is None
    assert next_tier(4000, [Tier(20, 3800), Tier(30, 3800), Tier(40, 3700)], 25) == Tier(40, 3700)


def test_tiers_come_back_from_the_fewest_units_on() -> None:
    assert check_tiers(4000, [Tier(50, 1), Tier(2, 3999)]) == (Tier(2, 3999), Tier(50, 1))
    assert check_tiers(4000, []) == ()


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ([Tier(20, 4000)], "tier_not_cheaper"),
        ([Tier(20, 3000), Tier(50, 3000)], "tier_not_cheaper"),
        ([Tier(20, 3000), Tier(50, 3500)], "tier_not_cheaper"),
        ([Tier(20, 0)], "tier_not_cheaper"),
        ([Tier(20, -1)], "tier_not_cheaper"),
        ([Tier(1, 3000)], "tier_twice"),
        ([Tier(20, 3000), Tier(20, 2000)], "tier_twice"),
    ],
)
def test_tiers_that_make_no_sense(tiers: list[Tier], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        check_tiers(4000, tiers)
