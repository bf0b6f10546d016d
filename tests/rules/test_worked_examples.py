"""The examples that `docs/allocation.md` gives to coordinators."""

from rules.allot import AllotmentReason, allot
from rules.consolidate import Consolidation, OfferTerms, cases, consolidate_offer
from rules.ordering import raises_after
from rules.pricing import FeePart, Tier, clearing_price, split_fee
from tests.rules.strategies import at, line


def test_units_have_an_age() -> None:
    zhang, li = line(1, (0, 1), (20, 3)), line(2, (5, 2))
    assert [one.units for one in allot(3, [zhang, li])] == [1, 2]
    lowered = raises_after(zhang.raises, 2, at(30))
    assert [(one.units, one.at) for one in lowered] == [(1, at(0)), (1, at(20))]


def test_cases() -> None:
    assert [cases(firm, tolerance, 4) for firm, tolerance in ((0, 5), (2, 2), (4, 4), (5, 3))] == [0, 1, 1, 2]


def test_an_incomplete_last_case() -> None:
    assert consolidate_offer(OfferTerms(4, case_policy="drop"), 6, 0) == Consolidation(4, 1)
    allotted = allot(4, [line(1, (0, 3)), line(2, (5, 3))])
    assert [(one.units, one.reason) for one in allotted] == [
        (3, AllotmentReason.FULL),
        (1, AllotmentReason.CASE_DROPPED),
    ]
    housed = consolidate_offer(OfferTerms(4, case_policy="house"), 6, 1)
    assert (housed.units, housed.member_units, housed.house_units) == (8, 7, 1)


def test_the_minimum() -> None:
    single, packed = OfferTerms(1, 10), OfferTerms(4, 10)
    answers = [
        consolidate_offer(offer, firm, tolerance)
        for offer, firm, tolerance in ((single, 11, 5), (single, 9, 5), (single, 9, 0), (packed, 9, 3), (packed, 9, 2))
    ]
    assert [(one.units, one.missing_units) for one in answers] == [(11, 0), (10, 0), (0, 1), (12, 0), (0, 1)]


def test_tolerance_fills_a_case() -> None:
    zhang = line(1, (0, 2), tolerance=3, tolerance_at=9)
    li = line(2, (5, 2), tolerance=2, tolerance_at=6)
    ordered = consolidate_offer(OfferTerms(6), 4, 5)
    assert ordered.units == 6
    assert [one.units for one in allot(ordered.member_units, [zhang, li])] == [2, 4]


def test_a_fair_shortage() -> None:
    wishes = [line(i, (i, firm)) for i, firm in enumerate((8, 4, 1))]
    assert [one.units for one in allot(6, wishes, "fair")] == [3, 2, 1]
    wishes = [line(i, (i, firm)) for i, firm in enumerate((1, 1, 1, 1, 10))]
    assert [one.units for one in allot(3, wishes, "fair")] == [1, 1, 1, 0, 0]


def test_a_change_by_hand() -> None:
    wishes = [line(i, (i, 4)) for i in range(3)]
    assert [one.units for one in allot(6, wishes, manual={2: 3})] == [3, 0, 3]


def test_tiers_and_freight() -> None:
    tiers = [Tier(20, 3800), Tier(50, 3500)]
    assert [clearing_price(4000, tiers, units) for units in (19, 49, 50)] == [4000, 3800, 3500]
    assert split_fee(1000, "equally", [FeePart(1, 100)] * 3) == [334, 333, 333]
