"""Which lines must be told apart: with the others summed up the decision is the same."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from rules.apart import Apart, holding_oldest, lines_apart
from rules.consolidate import OfferTerms
from rules.decide import Bundle, OfferDecision, SupplierTerms, WishedLine, WishedOffer, decide
from tests.rules.rounds import Wishes, rounds
from tests.rules.strategies import at, line

SEVEN = WishedOffer(
    1, 1, OfferTerms(), 100,
    [WishedLine(line(1, (0, 3), tolerance=2), 1, 100), WishedLine(line(2, (1, 4), tolerance=1), 2, 100)],
)  # fmt: skip
"""Seven units firmly, and three of tolerance."""


@pytest.mark.parametrize(
    ("terms", "apart"),
    [
        (OfferTerms(), Apart()),
        (OfferTerms(7), Apart()),
        (OfferTerms(5), Apart(oldest_tolerance=3)),  # two cases: three units of tolerance complete the second
        (OfferTerms(8), Apart(oldest_tolerance=1)),
        (OfferTerms(6), Apart(newest=1)),  # one case: the second lacks five, and there are three
        (OfferTerms(4, 0, "drop"), Apart(oldest_tolerance=1)),
        (OfferTerms(11, 0, "house"), Apart(oldest_tolerance=3)),  # eleven units, one of them the enterprise's
        (OfferTerms(11), Apart()),  # nothing comes: everybody loses alike
        (OfferTerms(1, 9), Apart(oldest_tolerance=2)),
        (OfferTerms(1, 11), Apart()),
    ],
)
def test_the_newest_lose_and_the_oldest_tolerance_is_used(terms: OfferTerms, apart: Apart) -> None:
    assert lines_apart(replace(SEVEN, terms=terms), SupplierTerms()) == apart
    summed = replace(SEVEN, terms=terms, lines=[], rest=[Bundle(3, 2, 100), Bundle(4, 1, 90)])
    assert lines_apart(summed, SupplierTerms(minimum_value=1)) == apart


@pytest.mark.parametrize(
    ("offer", "freight"),
    [(SEVEN, 1), (replace(SEVEN, supplied=0), 0), (replace(SEVEN, supplied=9), 0), (replace(SEVEN, manual={1: 0}), 0)],
)
def test_freight_a_shortage_and_a_manual_change_concern_any_line(offer: WishedOffer, freight: int) -> None:
    assert lines_apart(offer, SupplierTerms(freight=freight)) == Apart(everybody=True)


@pytest.mark.parametrize(
    ("units", "holding"),
    [
        (0, {4}),
        (1, {4, 3}),
        (2, {4, 3}),
        (3, {4, 3, 1}),
        (4, {4, 3, 1, 2}),
        (9, {4, 3, 1, 2, 5}),
        (99, {4, 3, 1, 2, 5}),
    ],
)
def test_the_oldest_tolerance_and_all_of_unknown_age(units: int, holding: set[int]) -> None:
    """Lines 1 and 2 gave theirs in the same moment: the lower number comes first."""
    tolerances = [(5, 9, at(8)), (2, 5, at(5)), (1, 1, at(5)), (3, 2, at(0)), (4, 3, None)]
    assert holding_oldest(units, tolerances) == holding


def told_apart(offer: WishedOffer, apart: Apart) -> WishedOffer:
    """The offer with all other lines summed up."""
    newest, units = set(), apart.newest
    raises = sorted((one.at, one.seq, each.wish.line_id, one.units) for each in offer.lines for one in each.wish.raises)
    while units > 0:
        *_, line_id, raised = raises.pop()
        newest.add(line_id)
        units -= raised
    given_at = [(one.wish.line_id, one.wish.tolerance, one.wish.tolerance_at) for one in offer.lines]
    holding = newest | (holding_oldest(apart.oldest_tolerance, given_at) if apart.oldest_tolerance else set())
    rest = [one for one in offer.lines if one.wish.line_id not in holding]
    return replace(
        offer,
        lines=[one for one in offer.lines if one.wish.line_id in holding],
        rest=[Bundle(one.wish.firm, one.wish.tolerance, one.promised) for one in rest],
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rounds())
def test_deciding_with_the_rest_summed_up_gives_the_same(wishes: Wishes) -> None:
    wishes = wishes.change(supplied=None, manual={}, declined=False)
    suppliers = {id_: replace(terms, freight=0) for id_, terms in wishes.suppliers.items()}
    summed = [told_apart(one, lines_apart(one, suppliers[one.supplier_id])) for one in wishes.offers]
    each, sums = decide(wishes.offers, suppliers), decide(summed, suppliers)
    assert sums.suppliers == each.suppliers
    for offer, one, other in zip(wishes.offers, each.offers, sums.offers, strict=True):
        assert replace(other, lines=(), rest=(), rest_reason=one.rest_reason) == replace(one, lines=())
        assert_same_lines(offer, one, other)


def assert_same_lines(offer: WishedOffer, each: OfferDecision, sums: OfferDecision) -> None:
    apart = {one.line_id: one for one in sums.lines}
    for wished, one in zip(offer.lines, each.lines, strict=True):
        if one.line_id in apart:
            assert apart[one.line_id] == one
        elif wished.wish.firm:
            assert (one.units, one.reason) == (wished.wish.firm if sums.rest_reason == "full" else 0, sums.rest_reason)
