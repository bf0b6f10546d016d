"""What a whole round costs in freight, for any round; and single rounds worked out by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from rules.consolidate import OfferTerms
from rules.decide import SupplierTerms, WishedLine, WishedOffer, decide
from rules.pricing import FeeSplit, Tier
from tests.rules.rounds import Wishes, rounds
from tests.rules.strategies import line

CALMLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALMLY
@given(rounds())
def test_freight_is_owed_once_where_something_comes_and_borne_by_those_who_receive(wishes: Wishes) -> None:
    decision = wishes.decide()
    for supplier in decision.suppliers:
        offers = [one for one in decision.offers if one.supplier_id == supplier.supplier_id]
        comes = any(one.units for one in offers)
        assert supplier.freight == (wishes.suppliers[supplier.supplier_id].freight if comes else 0)
        lines = [got for one in offers for got in one.lines]
        assert all(got.freight == 0 for got in lines if not got.units)
        borne = sum(got.freight for got in lines)
        assert borne == (supplier.freight if any(got.units for got in lines) else 0)


@CALMLY
@given(rounds())
def test_freight_parts_are_within_a_cent_of_the_exact_share_of_their_order(wishes: Wishes) -> None:
    decision = wishes.decide()
    for supplier in decision.suppliers:
        lines = [
            got for one in decision.offers if one.supplier_id == supplier.supplier_id
            for got in one.lines if got.units
        ]  # fmt: skip
        split = wishes.suppliers[supplier.supplier_id].freight_split
        weigh = {FeeSplit.UNITS: lambda got: got.units, FeeSplit.VALUE: lambda got: got.charge}
        for order_id in (orders := {got.order_id for got in lines}):
            mine = [got for got in lines if got.order_id == order_id]
            if split == FeeSplit.EQUALLY:
                exact = Fraction(supplier.freight, len(orders))
            else:
                whole = sum(map(weigh[split], lines))
                exact = Fraction(supplier.freight * sum(map(weigh[split], mine)), whole)
            assert abs(sum(got.freight for got in mine) - exact) < 1


def test_a_cheaper_tier_does_not_make_a_suppliers_order_fail() -> None:
    """¥100 each, from 10 units ¥50, the supplier wants ¥800: nine are worth ¥900, and ten must not be too little."""
    nine = [WishedLine(line(1, (0, 9)), 1, 10000)]
    offer = WishedOffer(1, 1, OfferTerms(), 10000, nine, [Tier(10, 5000)])
    suppliers = {1: SupplierTerms(minimum_value=80000)}
    tenth = replace(offer, lines=[*nine, WishedLine(line(2, (5, 1)), 2, 10000)])
    assert [got.units for got in decide([offer], suppliers).offers[0].lines] == [9]
    decided = decide([tenth], suppliers)
    assert [(got.units, got.charge) for got in decided.offers[0].lines] == [(9, 45000), (1, 5000)]
    assert not decided.failed


def test_an_offer_that_nobody_wishes_does_not_fail_with_its_supplier() -> None:
    wished = WishedOffer(1, 1, OfferTerms(), 100, [WishedLine(line(1, (0, 1)), 1, 100)])
    decided = decide([wished, WishedOffer(2, 1, OfferTerms(), 100, [])], {1: SupplierTerms(minimum_value=500)})
    assert [one.consolidation.failed for one in decided.offers] == [True, False]
    assert decided.suppliers[0].missing_value == 400


@pytest.mark.parametrize(("stock", "ordered", "house"), [(None, 8, 2), (8, 8, 2), (7, 4, 0)])
def test_the_enterprise_completes_no_case_beyond_the_stock(stock: int | None, ordered: int, house: int) -> None:
    """Six wished in fours: the second case holds eight in all."""
    offer = WishedOffer(1, 1, OfferTerms(4, 0, "house", stock), 100, [WishedLine(line(1, (0, 6)), 1, 100)])
    decided = decide([offer], {}).offers[0]
    assert (decided.units, decided.house_units) == (ordered, house)


def test_what_nobody_receives_the_enterprise_pays_with_its_freight() -> None:
    """Everybody's units are taken away by hand after ordering: the enterprise bears produce and freight."""
    offer = WishedOffer(1, 1, OfferTerms(), 100, [WishedLine(line(1, (0, 3)), 1, 100)], manual={1: 0})
    decided = decide([offer], {1: SupplierTerms(freight=50)})
    assert (decided.offers[0].house_units, decided.suppliers[0].house_cost) == (3, 350)
    assert decided.offers[0].lines[0].manual
