"""Rounds decided by hand, to the cent."""

from dataclasses import replace

import pytest

from rules.consolidate import Consolidation, OfferTerms
from rules.decide import (
    Bundle,
    Decision,
    LineDecision,
    OfferDecision,
    SupplierDecision,
    SupplierTerms,
    WishedLine,
    WishedOffer,
    decide,
)
from rules.pricing import Tier
from tests.rules.strategies import line

ORANGES = WishedOffer(
    offer_id=11,
    supplier_id=1,
    terms=OfferTerms(case_size=4),
    price=1000,
    lines=[WishedLine(line(1, (0, 5)), 1, 1000), WishedLine(line(2, (1, 4)), 2, 850)],
    tiers=[Tier(8, 900)],
)
POTATOES = WishedOffer(12, 1, OfferTerms(), 500, [WishedLine(line(3, (2, 2)), 2, 500)])
TEA = WishedOffer(21, 2, OfferTerms(), 300, [WishedLine(line(4, (0, 1)), 1, 300)])


def shared(**terms: object) -> WishedOffer:
    """Seven units wished singly: three, three and one, by orders 1, 2 and 3."""
    lines = [WishedLine(line(n, (n, units)), n, 100) for n, units in ((1, 3), (2, 3), (3, 1))]
    return replace(WishedOffer(1, 1, OfferTerms(), 100, lines), **terms)


def received(offer: WishedOffer, supplier: SupplierTerms | None = None) -> list[tuple[int, str]]:
    """Units and reason of each line."""
    decision = decide([offer], {1: supplier} if supplier else {})
    return [(one.units, str(one.reason)) for one in decision.offers[0].lines]


def test_a_whole_round() -> None:
    """Nine oranges in fours are eight, which reach the tier; one was promised 850; freight is split by value."""
    assert decide([ORANGES, POTATOES, TEA], {1: SupplierTerms(8200, 1000)}) == Decision(
        offers=(
            OfferDecision(
                11, 1, Consolidation(8, 2), 8, 900, 0, 150,
                (LineDecision(1, 1, 5, "full", 900, 4500, 559), LineDecision(2, 2, 3, "case_dropped", 850, 2550, 317)),
            ),
            OfferDecision(12, 1, Consolidation(2, 2), 2, 500, 0, 0, (LineDecision(3, 2, 2, "full", 500, 1000, 124),)),
            OfferDecision(21, 2, Consolidation(1, 1), 1, 300, 0, 0, (LineDecision(4, 1, 1, "full", 300, 300, 0),)),
        ),
        suppliers=(SupplierDecision(1, 8200, 1000, 0, 150), SupplierDecision(2, 300, 0, 0, 0)),
    )  # fmt: skip


def test_a_purchase_order_below_the_suppliers_minimum_is_cancelled_whole_and_no_other() -> None:
    decision = decide([POTATOES, replace(POTATOES, offer_id=13), TEA], {1: SupplierTerms(2001, 1000)})
    assert [(one.consolidation.failed, one.units, one.value) for one in decision.offers] == [
        (True, 0, 0), (True, 0, 0), (False, 1, 300),
    ]  # fmt: skip
    assert decision.offers[0].consolidation == Consolidation(0, 0, missing_units=1)
    assert decision.offers[0].lines == (LineDecision(3, 2, 0, "minimum_missed", 500, 0),)
    assert decision.suppliers == (SupplierDecision(1, 0, 0, 1, 0), SupplierDecision(2, 300, 0, 0, 0))
    assert decision.failed


def test_a_minimum_that_is_just_reached_is_reached() -> None:
    decision = decide([POTATOES, replace(POTATOES, offer_id=13)], {1: SupplierTerms(2000)})
    assert not decision.failed
    assert decision.suppliers == (SupplierDecision(1, 2000, 0, 0, 0),)


def test_where_nobody_wishes_anything_no_minimum_is_missed() -> None:
    empty = replace(POTATOES, lines=[WishedLine(line(3), 2, 500)])
    decision = decide([empty], {1: SupplierTerms(2000, 300)})
    assert not decision.failed
    assert decision.suppliers == (SupplierDecision(1, 0, 0, 0, 0),)


def test_an_offer_below_its_own_minimum_says_what_lacks() -> None:
    """Firm wishes and tolerance together: five units, of seven."""
    lines = [WishedLine(line(1, (0, 2), tolerance=1), 1, 100), WishedLine(line(2, (1, 1), tolerance=1), 2, 100)]
    decision = decide([WishedOffer(1, 1, OfferTerms(minimum_units=7), 100, lines)], {})
    assert decision.offers[0].consolidation == Consolidation(0, 0, missing_units=2)
    assert {one.reason for one in decision.offers[0].lines} == {"minimum_missed"}
    assert decision.failed


def test_a_suppliers_minimum_is_compared_with_what_was_ordered_not_with_what_can_be_delivered() -> None:
    assert received(shared(supplied=3), SupplierTerms(minimum_value=700))[0] == (3, "full")
    assert received(shared(supplied=3), SupplierTerms(minimum_value=701))[0] == (0, "minimum_missed")


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (shared(supplied=7), [(3, "full"), (3, "full"), (1, "full")]),
        (shared(supplied=9), [(3, "full"), (3, "full"), (1, "full")]),
        (shared(supplied=4), [(3, "full"), (1, "shortage"), (0, "shortage")]),
        (shared(supplied=4, strategy="fair"), [(2, "shortage"), (1, "shortage"), (1, "full")]),
        (shared(supplied=0), [(0, "shortage")] * 3),
        (shared(supplied=0, declined=True), [(0, "declined")] * 3),
        (shared(declined=True), [(3, "full"), (3, "full"), (1, "full")]),
        (shared(supplied=4, manual={3: 1}), [(3, "full"), (0, "shortage"), (1, "full")]),
        # the newest lose a dropped case, also where a shortage would be shared fairly
        (shared(terms=OfferTerms(5), strategy="fair"), [(3, "full"), (2, "case_dropped"), (0, "case_dropped")]),
        # what a line had lost before the shortage keeps its reason
        (shared(terms=OfferTerms(5), supplied=4), [(3, "full"), (1, "shortage"), (0, "case_dropped")]),
    ],
)
def test_who_goes_short_and_why(offer: WishedOffer, expected: list[tuple[int, str]]) -> None:
    assert received(offer) == expected


@pytest.mark.parametrize(
    ("supplied", "house_units", "house_cost", "last"),
    [
        (None, 1, 100, (1, "full")),
        (8, 1, 100, (1, "full")),
        (7, 0, 0, (1, "full")),
        (6, 0, 0, (0, "shortage")),
    ],
)
def test_the_house_goes_short_before_the_members(
    supplied: int | None, house_units: int, house_cost: int, last: tuple[int, str]
) -> None:
    offer = shared(terms=OfferTerms(4, case_policy="house"), supplied=supplied)
    decided = decide([offer], {}).offers[0]
    assert (decided.units, decided.house_units, decided.house_cost) == (supplied or 8, house_units, house_cost)
    assert received(offer)[-1] == last


def test_what_is_told_apart_bears_the_dropped_case_and_the_rest_is_full() -> None:
    """Seven units make one case of six: the newest, told apart, loses the seventh."""
    offer = shared(terms=OfferTerms(6))
    summed = replace(offer, lines=[offer.lines[2]], rest=[Bundle(6, 0, 100)])
    assert received(summed) == [(0, "case_dropped")]


def test_a_price_that_was_reached_by_ordering_stays_in_a_shortage() -> None:
    decided = decide([replace(ORANGES, supplied=3)], {}).offers[0]
    assert (decided.price, decided.value) == (900, 2700)
    assert [one.charge for one in decided.lines] == [2700, 0]


def test_units_by_hand_show_and_are_charged() -> None:
    decision = decide([shared(manual={1: 1})], {1: SupplierTerms(freight=60)})
    decided = decision.offers[0]
    assert [(one.units, one.charge, one.manual) for one in decided.lines] == [
        (1, 100, True), (3, 300, False), (1, 100, False),
    ]  # fmt: skip
    assert [one.freight for one in decided.lines] == [12, 36, 12]
    assert (decided.house_units, decision.suppliers[0].house_cost) == (2, 200)


def test_tolerance_that_fills_a_case_is_received_and_charged() -> None:
    lines = [WishedLine(line(1, (0, 3)), 1, 100), WishedLine(line(2, (1, 2), tolerance=3), 2, 100)]
    decided = decide([WishedOffer(1, 1, OfferTerms(4), 100, lines)], {}).offers[0]
    assert decided.lines == (
        LineDecision(1, 1, 3, "full", 100, 300),
        LineDecision(2, 2, 5, "tolerance_used", 100, 500),
    )


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ("units", [[300, 200, 0], [100, 0]]),  # order 1 has four of six units
        ("equally", [[75, 300, 0], [225, 0]]),  # half each; within order 1 by value, 300 to 900
        ("value", [[139, 46, 0], [415, 0]]),  # 1,200 of 1,300 are 553.85
    ],
)
def test_freight_goes_over_the_orders_that_receive_something_and_then_over_their_lines(
    split: str, expected: list[list[int]]
) -> None:
    one = [WishedLine(line(1, (0, 3)), 1, 100), WishedLine(line(2, (1, 2)), 2, 50), WishedLine(line(3), 3, 100)]
    other = [WishedLine(line(4, (2, 1)), 1, 900), WishedLine(line(5, (3, 1)), 4, 900)]
    offers = [
        WishedOffer(1, 1, OfferTerms(), 100, one),
        WishedOffer(2, 1, OfferTerms(), 900, other, supplied=1),
    ]
    decision = decide(offers, {1: SupplierTerms(freight=600, freight_split=split)})
    assert [[got.freight for got in offer.lines] for offer in decision.offers] == expected
    assert decision.suppliers == (SupplierDecision(1, 1400, 600, 0, 100),)


def test_freight_of_one_supplier_is_paid_by_those_who_order_from_it() -> None:
    lines = [replace(TEA, supplier_id=2), replace(POTATOES, supplier_id=1)]
    decision = decide(lines, {1: SupplierTerms(freight=70), 2: SupplierTerms(freight=30)})
    assert [one.lines[0].freight for one in decision.offers] == [30, 70]
    assert [(one.supplier_id, one.freight) for one in decision.suppliers] == [(2, 30), (1, 70)]


def test_where_only_the_house_receives_anything_it_bears_the_freight() -> None:
    decision = decide([shared(manual={1: 0, 2: 0, 3: 0})], {1: SupplierTerms(freight=60)})
    assert [one.freight for one in decision.offers[0].lines] == [0, 0, 0]
    assert decision.suppliers == (SupplierDecision(1, 700, 60, 0, 760),)


def test_where_a_supplier_delivers_nothing_there_is_no_freight() -> None:
    decision = decide([shared(supplied=0), replace(TEA, supplier_id=1, supplied=0)], {1: SupplierTerms(freight=60)})
    assert decision.suppliers == (SupplierDecision(1, 0, 0, 0, 0),)
    one_comes = decide([shared(supplied=0), replace(TEA, supplier_id=1)], {1: SupplierTerms(freight=60)})
    assert one_comes.offers[1].lines[0].freight == 60
