"""What an offer lacks to its minimum or to its last case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.consolidate import OfferTerms, consolidate_offer, missing_units, units_that_help
from tests.rules.strategies import terms


@pytest.mark.parametrize(
    ("offer", "firm", "tolerance", "missing"),
    [
        (OfferTerms(), 3, 0, 0),
        (OfferTerms(case_size=4), 0, 3, 0),
        (OfferTerms(case_size=4), 5, 0, 3),
        (OfferTerms(case_size=4), 5, 1, 2),
        (OfferTerms(case_size=4), 5, 3, 0),
        (OfferTerms(case_size=4), 8, 0, 0),
        (OfferTerms(minimum_units=10), 9, 0, 1),
        (OfferTerms(case_size=4, minimum_units=10), 9, 2, 1),
        (OfferTerms(case_size=4, minimum_units=10), 9, 3, 0),
        (OfferTerms(case_size=4, minimum_units=10), 13, 1, 2),
        (OfferTerms(case_size=4, minimum_units=10), 0, 9, 0),
    ],
)
def test_units_that_lack_to_the_minimum_or_else_to_the_last_case(
    offer: OfferTerms, firm: int, tolerance: int, missing: int
) -> None:
    assert missing_units(offer, firm, tolerance) == missing


@given(terms(), st.integers(1, 60), st.integers(0, 8))
def test_with_the_missing_units_every_firm_wish_is_ordered_and_nothing_lacks(
    offer: OfferTerms, firm: int, tolerance: int
) -> None:
    firm += missing_units(offer, firm, tolerance)
    ordered = consolidate_offer(offer, firm, tolerance)
    assert not ordered.failed
    assert ordered.units >= firm
    assert not ordered.house_units
    assert missing_units(offer, firm, tolerance) == 0


@pytest.mark.parametrize(
    ("offer", "firm", "tolerance", "most", "helping"),
    [
        (OfferTerms(), 2, 0, 3, 3),
        (OfferTerms(), 0, 0, 1, 1),
        (OfferTerms(case_size=4), 5, 0, 2, 2),  # towards a case that others may complete
        (OfferTerms(case_size=4), 5, 0, 0, 0),
        (OfferTerms(case_size=4), 5, 0, 3, 3),
        (OfferTerms(case_size=4), 5, 0, 6, 3),  # the others would begin a case and be dropped
        (OfferTerms(case_size=4), 4, 0, 3, 0),
        (OfferTerms(case_size=4), 4, 3, 3, 1),
        (OfferTerms(case_size=4), 0, 0, 3, 0),
        (OfferTerms(case_size=4), 0, 0, 4, 4),
        (OfferTerms(minimum_units=8), 5, 0, 2, 2),
        (OfferTerms(minimum_units=8), 5, 1, 4, 4),
        (OfferTerms(minimum_units=8), 0, 0, 7, 0),
    ],
)
def test_units_of_a_part_that_help(offer: OfferTerms, firm: int, tolerance: int, most: int, helping: int) -> None:
    assert units_that_help(offer, firm, tolerance, most) == helping


@given(terms(), st.integers(0, 60), st.integers(0, 8), st.integers(0, 12))
def test_the_units_that_help_are_no_more_than_allowed_and_bring_as_much(
    offer: OfferTerms, firm: int, tolerance: int, most: int
) -> None:
    helping = units_that_help(offer, firm, tolerance, most)
    assert 0 <= helping <= most
    assert (
        consolidate_offer(offer, firm + helping, tolerance).units
        == consolidate_offer(offer, firm + most, tolerance).units
    )
