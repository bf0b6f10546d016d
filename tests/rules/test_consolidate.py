"""How much is ordered: cases, minimum, the incomplete last case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.consolidate import (
    CasePolicy,
    Consolidation,
    OfferTerms,
    cases,
    check_supplier_minimum,
    consolidate_offer,
    units_worth,
)
from rules.money import parse_money
from tests.rules.strategies import terms

SUMS = st.integers(0, 60)


@pytest.mark.parametrize(("firm", "tolerance", "expected"), [(0, 5, 0), (2, 2, 1), (4, 4, 1), (5, 3, 2)])
def test_the_known_answers_for_cases_of_four(firm: int, tolerance: int, expected: int) -> None:
    assert cases(firm, tolerance, 4) == expected


@pytest.mark.parametrize(
    ("offer", "firm", "tolerance", "expected"),
    [
        (OfferTerms(), 7, 0, Consolidation(7, 7)),
        (OfferTerms(), 0, 9, Consolidation(0, 0)),
        (OfferTerms(case_size=4), 3, 0, Consolidation(0, 0)),
        (OfferTerms(case_size=4), 6, 0, Consolidation(4, 1)),
        (OfferTerms(case_size=4), 6, 1, Consolidation(4, 1)),
        (OfferTerms(case_size=4), 6, 2, Consolidation(8, 2)),
        (OfferTerms(case_size=4, case_policy="house"), 6, 0, Consolidation(8, 2, house_units=2)),
        (OfferTerms(case_size=4, case_policy="house"), 6, 1, Consolidation(8, 2, house_units=1)),
        (OfferTerms(case_size=4, case_policy="house"), 8, 3, Consolidation(8, 2)),
        (OfferTerms(minimum_units=10), 9, 0, Consolidation(0, 0, missing_units=1)),
        (OfferTerms(minimum_units=10), 9, 1, Consolidation(10, 10)),
        (OfferTerms(minimum_units=10), 9, 5, Consolidation(10, 10)),
        (OfferTerms(minimum_units=10), 11, 5, Consolidation(11, 11)),
        (OfferTerms(case_size=4, minimum_units=10), 9, 2, Consolidation(0, 0, missing_units=1)),
        (OfferTerms(case_size=4, minimum_units=10), 9, 3, Consolidation(12, 3)),
        (OfferTerms(case_size=4, minimum_units=10, case_policy="house"), 11, 0, Consolidation(0, 0, missing_units=1)),
    ],
)
def test_units_by_hand(offer: OfferTerms, firm: int, tolerance: int, expected: Consolidation) -> None:
    assert consolidate_offer(offer, firm, tolerance) == expected


@given(terms(), SUMS, SUMS)
def test_what_is_ordered_is_whole_cases_and_reaches_the_minimum(offer: OfferTerms, firm: int, tolerance: int) -> None:
    ordered = consolidate_offer(offer, firm, tolerance)
    assert ordered.units == ordered.cases * offer.case_size
    assert ordered.units == 0 or ordered.units >= offer.minimum_units
    assert not (ordered.failed and ordered.units)


@given(terms(), SUMS, SUMS)
def test_members_get_no_more_than_they_wish_and_the_house_less_than_a_case(
    offer: OfferTerms, firm: int, tolerance: int
) -> None:
    ordered = consolidate_offer(offer, firm, tolerance)
    assert 0 <= ordered.member_units <= firm + tolerance
    assert 0 <= ordered.house_units < offer.case_size
    assert ordered.house_units == 0 or offer.case_policy == CasePolicy.HOUSE


@given(terms(), SUMS, SUMS)
def test_tolerance_completes_a_case_or_a_minimum_and_never_starts_one(
    offer: OfferTerms, firm: int, tolerance: int
) -> None:
    ordered = consolidate_offer(offer, firm, tolerance)
    assert ordered.units < max(firm, offer.minimum_units) + offer.case_size
    assert firm or not ordered.units


@given(terms(), SUMS, SUMS)
def test_an_offer_fails_exactly_when_the_least_delivery_is_out_of_reach(
    offer: OfferTerms, firm: int, tolerance: int
) -> None:
    least = next(n for n in range(0, 200, offer.case_size) if n >= offer.minimum_units)
    ordered = consolidate_offer(offer, firm, tolerance)
    assert ordered.failed == (firm > 0 and least > firm + tolerance)
    if 0 < firm < least <= firm + tolerance:
        assert ordered.units == least
    if ordered.failed:
        repaired = consolidate_offer(offer, firm + ordered.missing_units, tolerance)
        assert not repaired.failed
        assert consolidate_offer(offer, firm + ordered.missing_units - 1, tolerance).failed


@given(terms(), SUMS, SUMS, st.integers(1, 20))
def test_more_firm_wishes_never_order_less(offer: OfferTerms, firm: int, tolerance: int, more: int) -> None:
    before, after = (consolidate_offer(offer, firm + extra, tolerance) for extra in (0, more))
    assert after.units >= before.units


@given(terms().filter(lambda offer: offer.case_policy == "house"), SUMS, SUMS)
def test_under_house_every_firm_wish_of_an_offer_that_did_not_fail_is_ordered(
    offer: OfferTerms, firm: int, tolerance: int
) -> None:
    ordered = consolidate_offer(offer, firm, tolerance)
    assert ordered.failed or ordered.member_units >= firm


def test_foodsoft_1166_a_typed_minimum_in_euros_stops_an_order_below_it() -> None:
    """There, the minimum "€ 50,00" was read as 0, so an order went out by mistake."""
    minimum = parse_money("€ 50,00", "EUR")
    assert check_supplier_minimum(4999, minimum) == 1
    assert check_supplier_minimum(5000, minimum) == 0
    assert check_supplier_minimum(9900, 0) == 0


@pytest.mark.parametrize(
    ("offer", "firm", "tolerance", "value", "expected"),
    [
        (OfferTerms(), 3, 0, 0, 0),
        (OfferTerms(), 3, 0, 250, 3),
        (OfferTerms(case_size=4), 6, 0, 100, 2),
        (OfferTerms(case_size=4), 4, 8, 500, 5),
        (OfferTerms(minimum_units=10), 0, 0, 100, 10),
        (OfferTerms(minimum_units=10), 3, 2, 100, 5),
        (OfferTerms(minimum_units=10), 7, 2, 150, 1),
        (OfferTerms(minimum_units=10), 0, 12, 100, 1),  # whoever begins meets the minimum: tolerance does the rest
        (OfferTerms(minimum_units=10), 3, 2, 1100, 8),
        (OfferTerms(), 3, 0, 1, 1),
        (OfferTerms(case_size=4), 6, 1, 100, 1),
    ],
)
def test_units_worth_a_value_by_hand(offer: OfferTerms, firm: int, tolerance: int, value: int, expected: int) -> None:
    assert repr(units_worth(offer, firm, tolerance, 100, value)) == repr(expected), "whole units"


@given(terms(), SUMS, SUMS, st.integers(1, 5000), st.integers(1, 100_000))
def test_units_worth_a_value_bring_it(offer: OfferTerms, firm: int, tolerance: int, price: int, value: int) -> None:
    more = units_worth(offer, firm, tolerance, price, value)
    before, after = (consolidate_offer(offer, n, tolerance).units * price for n in (firm, firm + more))
    assert after >= before + value
