"""What more orders would bring: the numbers on the card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.consolidate import OfferTerms, consolidate_offer
from rules.hints import CheaperFrom, cheaper_from
from rules.pricing import Tier, clearing_price
from tests.rules.strategies import terms

TIERS = (Tier(12, 6400), Tier(24, 6000))


@pytest.mark.parametrize(
    ("case_size", "minimum", "policy", "firm", "tolerance", "expected"),
    [
        (1, 0, "drop", 0, 0, CheaperFrom(12, 6400, 6800)),
        (1, 0, "drop", 11, 0, CheaperFrom(1, 6400, 6800)),
        (1, 0, "drop", 12, 0, CheaperFrom(12, 6000, 6400)),
        (5, 0, "drop", 10, 0, CheaperFrom(5, 6400, 6800)),  # 12 wishes are two cases, 10: the third case counts
        (5, 0, "drop", 10, 3, CheaperFrom(2, 6400, 6800)),  # tolerance fills the third case once it is begun
        (5, 0, "house", 10, 0, CheaperFrom(1, 6400, 6800)),  # the enterprise fills it
        (4, 20, "drop", 15, 0, CheaperFrom(5, 6400, 6800)),  # below the minimum nothing is ordered
        (4, 20, "drop", 15, 5, CheaperFrom(6, 6000, 6400)),  # the minimum is met by tolerance: 20 are ordered
        (1, 0, "drop", 24, 0, None),
    ],
)
def test_units_to_the_next_tier(
    case_size: int, minimum: int, policy: str, firm: int, tolerance: int, expected: CheaperFrom | None
) -> None:
    assert cheaper_from(OfferTerms(case_size, minimum, policy), 6800, TIERS, firm, tolerance) == expected


def test_without_tiers_there_is_nothing_to_say() -> None:
    assert cheaper_from(OfferTerms(), 6800, (), 5, 0) is None


@given(terms(), st.integers(0, 60), st.integers(0, 30), st.integers(2, 60))
def test_exactly_so_many_more_units_make_it_cheaper(
    offer: OfferTerms, firm: int, tolerance: int, from_units: int
) -> None:
    tiers = (Tier(from_units, 900),)
    hint = cheaper_from(offer, 1000, tiers, firm, tolerance)
    prices = [
        clearing_price(1000, tiers, consolidate_offer(offer, firm + n, tolerance).units)
        for n in range((hint.more_units if hint else 0) + 1)
    ]
    if hint is None:
        assert prices == [900]
    else:
        assert prices[:-1] == [1000] * hint.more_units
        assert prices[-1] == 900
