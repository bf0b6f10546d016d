"""Who receives what: the laws of allotting, for any orders."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.allot import AllotmentReason, LineWish, Strategy, allot
from rules.consolidate import OfferTerms, consolidate_offer
from rules.ordering import Raise
from tests.rules.strategies import at, line, lines, terms

STRATEGIES = st.sampled_from(list(Strategy))
UNITS = st.integers(0, 120)


def firm_units(units: int, wishes: list[LineWish], strategy: str = "oldest") -> list[int]:
    return [one.firm_units for one in allot(units, wishes, strategy)]


def test_oldest_first_means_units_and_not_members() -> None:
    """Ann ordered first but raised last: her raise is newer than Bo's order."""
    ann, bo = line(1, (0, 1), (20, 3)), line(2, (10, 2))
    assert firm_units(3, [ann, bo]) == [1, 2]
    assert firm_units(4, [bo, ann]) == [2, 2]


def test_tolerance_is_served_after_every_firm_unit_oldest_first() -> None:
    ann = line(1, (0, 2), tolerance=3, tolerance_at=30)
    bo = line(2, (10, 2), tolerance=2, tolerance_at=20)
    allotted = allot(7, [ann, bo])
    assert [one.units for one in allotted] == [3, 4]
    assert {one.reason for one in allotted} == {AllotmentReason.TOLERANCE_USED}


def test_tolerance_alone_helps_to_fill_a_case() -> None:
    ann, bo = line(1, (0, 2)), line(2, tolerance=2, tolerance_at=5)
    ordered = consolidate_offer(OfferTerms(case_size=4), 2, 2)
    assert [one.units for one in allot(ordered.member_units, [ann, bo])] == [2, 2]


@pytest.mark.parametrize("lacking", [AllotmentReason.CASE_DROPPED, AllotmentReason.SHORTAGE])
def test_reasons(lacking: AllotmentReason) -> None:
    ann, bo = line(1, (0, 4)), line(2, (5, 2))
    assert [one.reason for one in allot(5, [ann, bo], lacking=lacking)] == [AllotmentReason.FULL, lacking]
    nothing = allot(0, [ann, bo], lacking=AllotmentReason.MINIMUM_MISSED)
    assert {one.reason for one in nothing} == {AllotmentReason.MINIMUM_MISSED}


@pytest.mark.parametrize(
    ("units", "wished", "expected"),
    [
        (10, [10, 10], [5, 5]),
        (5, [5, 5], [3, 2]),  # the tie goes to the older
        (6, [8, 4, 1], [3, 2, 1]),  # exact 3.69, 1.85, 0.46: the last gets its one, 5 are split 8 to 4
        (3, [1, 1, 1, 1, 10], [1, 1, 1, 0, 0]),
        (12, [10, 8, 1, 1, 1, 1], [4, 4, 1, 1, 1, 1]),
    ],
)
def test_fair_by_hand(units: int, wished: list[int], expected: list[int]) -> None:
    wishes = [line(i, (i, firm)) for i, firm in enumerate(wished)]
    assert firm_units(units, wishes, "fair") == expected


def test_an_unknown_strategy_is_a_defect_and_not_guessed() -> None:
    with pytest.raises(ValueError, match="newest"):
        allot(1, [line(1, (0, 1))], "newest")


@given(UNITS, lines(), STRATEGIES)
def test_every_unit_goes_somewhere(units: int, wishes: list[LineWish], strategy: str) -> None:
    """Σ allotted + house = units supplied."""
    wished = sum(wish.firm + wish.tolerance for wish in wishes)
    assert sum(one.units for one in allot(units, wishes, strategy)) == min(units, wished)


@given(terms(), lines(), STRATEGIES)
def test_allotted_and_house_together_are_what_was_ordered(
    offer: OfferTerms, wishes: list[LineWish], strategy: str
) -> None:
    ordered = consolidate_offer(offer, sum(w.firm for w in wishes), sum(w.tolerance for w in wishes))
    allotted = allot(ordered.member_units, wishes, strategy)
    assert sum(one.units for one in allotted) + ordered.house_units == ordered.units


@given(UNITS, lines(), STRATEGIES)
def test_no_line_receives_more_than_its_wish(units: int, wishes: list[LineWish], strategy: str) -> None:
    for wish, got in zip(wishes, allot(units, wishes, strategy), strict=True):
        assert got.line_id == wish.line_id
        assert 0 <= got.firm_units <= wish.firm
        assert 0 <= got.tolerance_units <= wish.tolerance


@given(UNITS, lines(), STRATEGIES)
def test_the_reason_says_what_happened(units: int, wishes: list[LineWish], strategy: str) -> None:
    for wish, got in zip(wishes, allot(units, wishes, strategy, AllotmentReason.SHORTAGE), strict=True):
        assert (got.reason == AllotmentReason.SHORTAGE) == (got.firm_units < wish.firm)
        assert (got.reason == AllotmentReason.TOLERANCE_USED) == (got.tolerance_units > 0)


@given(UNITS, lines(), STRATEGIES)
def test_no_tolerance_is_served_while_a_firm_unit_is_refused(units: int, wishes: list[LineWish], strategy: str) -> None:
    allotted = allot(units, wishes, strategy)
    if any(one.tolerance_units for one in allotted):
        assert [one.firm_units for one in allotted] == [wish.firm for wish in wishes]


@given(UNITS, lines())
def test_oldest_refuses_no_unit_while_a_newer_one_is_served(units: int, wishes: list[LineWish]) -> None:
    served, refused = [], []
    for wish, got in zip(wishes, allot(units, wishes), strict=True):
        ages = [(one.at, one.seq) for one in wish.raises for _ in range(one.units)]
        served += sorted(ages)[: got.firm_units]
        refused += sorted(ages)[got.firm_units :]
    assert not served or not refused or max(served) <= min(refused)


@given(terms(), lines(), st.integers(1, 9))
def test_adding_a_firm_wish_never_lowers_what_an_older_line_receives(
    offer: OfferTerms, older: list[LineWish], units: int
) -> None:
    newcomer = LineWish(99, (Raise(units, at(31)),))

    def receive(wishes: list[LineWish]) -> list[int]:
        ordered = consolidate_offer(offer, sum(w.firm for w in wishes), sum(w.tolerance for w in wishes))
        return firm_units(ordered.member_units, wishes)

    before, after = receive(older), receive([*older, newcomer])
    assert all(now >= then for then, now in zip(before, after, strict=False))


@given(UNITS, lines())
def test_fair_leaves_nobody_empty_while_units_last(units: int, wishes: list[LineWish]) -> None:
    wanting = [wish for wish in wishes if wish.firm]
    got = firm_units(units, wanting, "fair")
    assert sum(1 for firm in got if firm) == min(units, len(wanting))


@given(st.data(), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_fair_differs_from_exact_pro_rata_by_less_than_one_unit(data: st.DataObject, wished: list[int]) -> None:
    """Where everybody's exact share is one unit or more, so that the one-each floor does not bite."""
    total = sum(wished)
    units = data.draw(st.integers(-(-total // min(wished)), total))
    wishes = [line(i, (i % 5, firm)) for i, firm in enumerate(wished)]
    for firm, got in zip(wished, firm_units(units, wishes, "fair"), strict=True):
        assert abs(got - Fraction(units * firm, total)) < 1


@given(st.data(), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_fair_splits_pro_rata_what_the_one_each_floor_leaves(data: st.DataObject, wished: list[int]) -> None:
    """Some lines with the smallest wishes get one; all others are within one unit of their share of the rest."""
    wished = sorted(wished)
    units = data.draw(st.integers(len(wished), sum(wished)))
    got = firm_units(units, [line(i, (i % 5, firm)) for i, firm in enumerate(wished)], "fair")

    def fits(ones: int) -> bool:
        rest = sum(wished[ones:])
        shares = [Fraction((units - ones) * firm, rest) for firm in wished[ones:]]
        near = all(abs(firm - share) < 1 for firm, share in zip(got[ones:], shares, strict=True))
        return got[:ones] == [1] * ones and near

    assert any(fits(ones) for ones in range(len(wished)))


@given(UNITS, lines(), STRATEGIES, st.permutations(range(12)))
def test_the_order_in_which_lines_are_read_changes_nothing(
    units: int, wishes: list[LineWish], strategy: str, places: list[int]
) -> None:
    """Closing again, in another process or after a crash, may read rows in another order."""
    shuffled = [wishes[place] for place in places if place < len(wishes)]
    by_line = {one.line_id: one for one in allot(units, wishes, strategy)}
    assert {one.line_id: one for one in allot(units, shuffled, strategy)} == by_line


def test_a_manual_change_survives_a_shortage_and_stays_visible() -> None:
    ann, bo, cy = line(1, (0, 4)), line(2, (5, 4)), line(3, (9, 4))
    allotted = allot(6, [ann, bo, cy], "oldest", AllotmentReason.SHORTAGE, manual={3: 3})
    assert [one.units for one in allotted] == [3, 0, 3]
    assert [one.manual for one in allotted] == [False, False, True]
    assert allotted[2].reason == AllotmentReason.SHORTAGE


@given(UNITS, lines(1), STRATEGIES, st.dictionaries(st.integers(1, 12), st.integers(0, 30)))
def test_the_laws_hold_with_manual_changes_too(
    units: int, wishes: list[LineWish], strategy: str, manual: dict[int, int]
) -> None:
    allotted = allot(units, wishes, strategy, manual=manual)
    assert sum(one.units for one in allotted) <= units
    for wish, got in zip(wishes, allotted, strict=True):
        assert got.manual == (wish.line_id in manual)
        assert got.units <= wish.firm + wish.tolerance
        if got.manual:
            assert got.units <= manual[wish.line_id]
