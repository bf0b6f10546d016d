"""The laws of a whole decision, for any round."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.allot import AllotmentReason, LineWish, Strategy
from rules.consolidate import CasePolicy
from rules.decide import LineDecision, OfferDecision, WishedLine, WishedOffer
from rules.ordering import Raise
from tests.rules.rounds import Wishes, rounds
from tests.rules.strategies import at

CALMLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a busy machine a round takes its time to be drawn; that is no failure."""
FIRM_LOST = {
    AllotmentReason.CASE_DROPPED, AllotmentReason.MINIMUM_MISSED, AllotmentReason.SHORTAGE, AllotmentReason.DECLINED,
}  # fmt: skip


def firm_units(wish: LineWish, got: LineDecision) -> int:
    return min(got.units, wish.firm)


def lines_of(offer: WishedOffer, decided: OfferDecision) -> list[tuple[WishedLine, LineDecision]]:
    return list(zip(offer.lines, decided.lines, strict=True))


def firm(offer: WishedOffer) -> int:
    return sum(one.wish.firm for one in offer.lines)


def tolerance(offer: WishedOffer) -> int:
    return sum(one.wish.tolerance for one in offer.lines)


@CALMLY
@given(rounds())
def test_every_unit_ordered_is_a_members_or_the_houses(wishes: Wishes) -> None:
    """Σ allotted + house = units ordered, or supplied where that is less."""
    for offer, decided in wishes.pairs():
        ordered = decided.consolidation.units
        assert decided.units == (ordered if offer.supplied is None else min(ordered, offer.supplied))
        assert sum(one.units for one in decided.lines) + decided.house_units == decided.units
        assert decided.house_units >= 0


@CALMLY
@given(rounds())
def test_no_line_receives_more_than_it_wishes(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        for one, got in lines_of(offer, decided):
            assert (got.line_id, got.order_id) == (one.wish.line_id, one.order_id)
            assert 0 <= got.units <= one.wish.firm + one.wish.tolerance


@CALMLY
@given(rounds())
def test_members_and_the_house_pay_exactly_what_suppliers_are_owed(wishes: Wishes) -> None:
    """Σ member charges + house cost = Σ purchase order values + freight, to the cent, for each supplier."""
    decision = wishes.decide()
    for supplier in decision.suppliers:
        offers = [one for one in decision.offers if one.supplier_id == supplier.supplier_id]
        paid = sum(got.charge + got.freight for one in offers for got in one.lines)
        assert supplier.value == sum(one.units * one.price for one in offers)
        assert paid + supplier.house_cost == supplier.value + supplier.freight
        assert supplier.house_cost >= 0


@CALMLY
@given(rounds())
def test_the_promised_price_is_the_most_a_unit_costs(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        for one, got in lines_of(offer, decided):
            assert got.price == min(decided.price, one.promised)
            assert got.charge == got.units * got.price


@CALMLY
@given(rounds())
def test_one_clearing_price_is_that_of_the_tier_reached_by_what_was_ordered(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        reached = [tier.price for tier in offer.tiers if tier.from_units <= decided.consolidation.units]
        assert decided.price == (reached[-1] if reached else offer.price)


@CALMLY
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_changes_nothing(wishes: Wishes, chance) -> None:  # type: ignore[no-untyped-def]
    def by_id(some: Wishes) -> tuple[object, ...]:
        decision = some.decide()
        offers = {one.offer_id: replace(one, lines=()) for one in decision.offers}
        return offers, {got.line_id: got for one in decision.offers for got in one.lines}, set(decision.suppliers)

    offers = [replace(offer, lines=chance.sample(offer.lines, len(offer.lines))) for offer in wishes.offers]
    assert by_id(Wishes(chance.sample(offers, len(offers)), wishes.suppliers)) == by_id(wishes)


@CALMLY
@given(rounds())
def test_giving_by_hand_what_everybody_receives_anyway_changes_nothing(wishes: Wishes) -> None:
    """What stands can be decided again on top of itself."""
    once = wishes.decide()
    offers = [
        replace(offer, manual={got.line_id: got.units for got in decided.lines})
        for offer, decided in zip(wishes.offers, once.offers, strict=True)
    ]
    again = Wishes(offers, wishes.suppliers).decide()
    assert again.suppliers == once.suppliers
    for then, now in zip(once.offers, again.offers, strict=True):
        assert [(one.units, one.charge, one.freight) for one in now.lines] == [
            (one.units, one.charge, one.freight) for one in then.lines
        ]


@CALMLY
@given(rounds())
def test_suppliers_do_not_touch_each_other(wishes: Wishes) -> None:
    """One supplier's minimum, shortage or freight changes nothing about another's lines."""
    decision = wishes.decide()
    for supplier_id in {offer.supplier_id for offer in wishes.offers}:
        alone = Wishes([one for one in wishes.offers if one.supplier_id == supplier_id], wishes.suppliers).decide()
        assert alone.offers == tuple(one for one in decision.offers if one.supplier_id == supplier_id)
        assert alone.suppliers == tuple(one for one in decision.suppliers if one.supplier_id == supplier_id)


@CALMLY
@given(rounds())
def test_what_is_ordered_is_whole_cases_within_wishes_minimum_and_stock(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        ordered, terms = decided.consolidation, offer.terms
        assert ordered.units % terms.case_size == 0
        assert ordered.units == 0 or ordered.units >= terms.minimum_units
        assert ordered.units <= firm(offer) + tolerance(offer) + ordered.house_units
        assert ordered.house_units < terms.case_size
        assert not ordered.house_units or terms.case_policy == CasePolicy.HOUSE
        if terms.stock is not None and firm(offer) + tolerance(offer) <= terms.stock:
            assert ordered.units <= terms.stock


@CALMLY
@given(rounds())
def test_a_suppliers_minimum_is_compared_with_what_would_be_ordered(wishes: Wishes) -> None:
    """After cases and minimums, before any shortage, without tiers; then all of it is cancelled or nothing."""
    free = Wishes(wishes.offers, {}).decide()
    for supplier in wishes.decide().suppliers:
        value = sum(
            decided.consolidation.units * offer.price
            for offer, decided in zip(wishes.offers, free.offers, strict=True)
            if offer.supplier_id == supplier.supplier_id
        )
        minimum = wishes.suppliers[supplier.supplier_id].minimum_value
        assert supplier.missing_value == (minimum - value if 0 < value < minimum else 0)
    for offer, decided, before in zip(wishes.offers, wishes.decide().offers, free.offers, strict=True):
        missed = any(
            one.missing_value for one in wishes.decide().suppliers if one.supplier_id == offer.supplier_id
        )  # fmt: skip
        assert decided.consolidation.units == (0 if missed else before.consolidation.units)
        assert decided.consolidation.failed == before.consolidation.failed or (missed and before.consolidation.units)


@CALMLY
@given(rounds())
def test_nobody_pays_or_receives_anything_of_what_failed(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        if decided.consolidation.failed:
            assert decided.units == decided.house_units == decided.house_cost == 0
            for one, got in lines_of(offer, decided):
                assert got.units == got.charge == got.freight == 0
                assert got.reason == (
                    AllotmentReason.MINIMUM_MISSED if one.wish.firm else AllotmentReason.FULL
                )  # fmt: skip


@CALMLY
@given(rounds())
def test_the_reason_says_whether_firm_units_were_lost(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        for one, got in lines_of(offer, decided):
            assert (got.reason in FIRM_LOST) == (got.units < one.wish.firm)
            assert (got.reason == AllotmentReason.TOLERANCE_USED) == (got.units > one.wish.firm)
            assert got.reason != AllotmentReason.DECLINED or offer.declined
            if got.reason in (AllotmentReason.SHORTAGE, AllotmentReason.DECLINED):
                assert decided.units < decided.consolidation.member_units


@CALMLY
@given(rounds())
def test_a_declined_offer_costs_nothing_and_says_so(wishes: Wishes) -> None:
    declined = wishes.change(supplied=0, declined=True, manual={})
    before = wishes.change(supplied=None, manual={}).decide()
    for decided, then in zip(declined.decide().offers, before.offers, strict=True):
        for got, had in zip(decided.lines, then.lines, strict=True):
            assert got.units == got.charge == got.freight == 0
            if had.reason == AllotmentReason.FULL and had.units:
                assert got.reason == AllotmentReason.DECLINED
    assert all(one.freight == one.value == one.house_cost == 0 for one in declined.decide().suppliers)


@CALMLY
@given(rounds(), st.integers(0, 30))
def test_a_supplier_who_could_deliver_more_than_was_ordered_changes_nothing(wishes: Wishes, more: int) -> None:
    asked = wishes.change(supplied=None)
    offers = [
        replace(offer, supplied=decided.consolidation.units + more) for offer, decided in asked.pairs()
    ]  # fmt: skip
    assert Wishes(offers, wishes.suppliers).decide() == asked.decide()


@CALMLY
@given(rounds())
def test_under_oldest_no_firm_unit_is_refused_while_a_newer_one_is_served(wishes: Wishes) -> None:
    """By hand aside."""
    for offer, decided in wishes.change(strategy=Strategy.OLDEST, manual={}).pairs():
        served, refused = [], []
        for one, got in lines_of(offer, decided):
            ages = sorted((raised.at, raised.seq) for raised in one.wish.raises for _ in range(raised.units))
            served += ages[: firm_units(one.wish, got)]
            refused += ages[firm_units(one.wish, got) :]
        assert not served or not refused or max(served) <= min(refused)


@CALMLY
@given(rounds())
def test_under_fair_a_shortage_is_shared_pro_rata(wishes: Wishes) -> None:
    """No share differs from exact pro rata by one unit or more, where nobody's share is below one unit."""
    for offer, decided in wishes.change(strategy=Strategy.FAIR, manual={}).pairs():
        short = decided.units < decided.consolidation.member_units
        total = firm(offer)
        wishing = [(one, got) for one, got in lines_of(offer, decided) if one.wish.firm]
        if not short or decided.units > total:
            continue
        assert sum(1 for _, got in wishing if got.units) == min(decided.units, len(wishing))
        if all(one.wish.firm * decided.units >= total for one, _ in wishing):
            for one, got in wishing:
                assert abs(got.units - Fraction(decided.units * one.wish.firm, total)) < 1


@CALMLY
@given(rounds())
def test_tolerance_is_served_only_when_every_firm_unit_is(wishes: Wishes) -> None:
    for offer, decided in wishes.change(manual={}).pairs():
        if any(got.reason == AllotmentReason.TOLERANCE_USED for got in decided.lines):
            assert all(got.units >= one.wish.firm for one, got in lines_of(offer, decided))


@CALMLY
@given(rounds())
def test_units_given_by_hand_are_kept_as_far_as_there_are_units(wishes: Wishes) -> None:
    for offer, decided in wishes.pairs():
        left = min(decided.units, decided.consolidation.member_units)
        by_age = sorted(lines_of(offer, decided), key=lambda pair: pair[0].wish.oldest)
        for one, got in by_age:
            assert got.manual == (one.wish.line_id in offer.manual)
            if got.manual:
                kept = min(left, offer.manual[one.wish.line_id], one.wish.firm + one.wish.tolerance)
                assert got.units == kept
                left -= kept


@CALMLY
@given(rounds(), st.integers(1, 4), st.integers(1, 20))
def test_a_further_firm_wish_never_takes_a_firm_unit_from_an_older_line(
    wishes: Wishes, offer_id: int, units: int
) -> None:
    """Through cases, minimums, tiers and the supplier's minimum; stock is what it is and bounds the wish before."""
    before = wishes.change(strategy=Strategy.OLDEST, manual={}, supplied=None)
    before = Wishes([replace(one, terms=replace(one.terms, stock=None)) for one in before.offers], before.suppliers)
    newcomer = WishedLine(LineWish(99, (Raise(units, at(31)),)), 9, 50)
    after = [
        replace(offer, lines=[*offer.lines, newcomer]) if offer.offer_id == offer_id else offer
        for offer in before.offers
    ]  # fmt: skip
    now = Wishes(after, before.suppliers).decide()
    for offer, then, decided in zip(before.offers, before.decide().offers, now.offers, strict=True):
        for one, had, got in zip(offer.lines, then.lines, decided.lines, strict=False):
            assert firm_units(one.wish, got) >= firm_units(one.wish, had)
            assert got.price <= had.price


@CALMLY
@given(rounds(), st.integers(1, 4), st.integers(1, 12))
def test_more_tolerance_never_takes_a_firm_unit_from_anybody(wishes: Wishes, offer_id: int, units: int) -> None:
    before = wishes.change(manual={}, supplied=None)
    newcomer = WishedLine(LineWish(99, (), units, at(31)), 9, 50)
    after = [
        replace(offer, lines=[*offer.lines, newcomer]) if offer.offer_id == offer_id else offer
        for offer in before.offers
    ]  # fmt: skip
    now = Wishes(after, before.suppliers).decide()
    for offer, then, decided in zip(before.offers, before.decide().offers, now.offers, strict=True):
        for one, had, got in zip(offer.lines, then.lines, decided.lines, strict=False):
            assert firm_units(one.wish, got) >= firm_units(one.wish, had)
