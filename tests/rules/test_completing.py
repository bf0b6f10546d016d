"""Orders in a completion phase, and tolerance as the firm wish moves."""

from dataclasses import replace

import pytest

from rules.ordering import Limits, Raise, Wish, check_wish, raises_after, tolerance_after
from rules.refusal import Refusal
from tests.rules.strategies import at

COMPLETING = Limits("open", at(0), at(120), completing=2, fixed=3)


def refusal(wish: Wish, current: Wish, limits: Limits = COMPLETING) -> tuple[str, dict[str, object]] | None:
    try:
        check_wish(wish, current, limits, at(60))
    except Refusal as no:
        return no.code, no.facts
    return None


@pytest.mark.parametrize(
    ("wish", "current", "allowed"),
    [
        (Wish(2), Wish(3), False),
        (Wish(3), Wish(4), True),  # what was added in the phase can be taken back
        (Wish(2), Wish(4), False),
        (Wish(2), Wish(2), True),  # a coordinator has lowered it below what it was
        (Wish(1), Wish(2), False),
        (Wish(0), Wish(0), True),
    ],
)
def test_units_wished_before_the_completion_phase_stay(wish: Wish, current: Wish, allowed: bool) -> None:
    assert refusal(wish, current) == (None if allowed else ("completing_fixed", {"fixed": 3}))


@pytest.mark.parametrize(
    ("wish", "current", "allowed"),
    [
        (Wish(5), Wish(3), True),
        (Wish(6), Wish(3), False),
        (Wish(4, 1), Wish(3), True),
        (Wish(4, 2), Wish(3), False),
        (Wish(4, 2), Wish(3, 1), True),
        (Wish(4, 3), Wish(3, 1), False),
    ],
)
def test_no_more_than_the_missing_units_can_be_added(wish: Wish, current: Wish, allowed: bool) -> None:
    assert refusal(wish, current) == (None if allowed else ("completing_only", {"missing": 2}))


def test_nothing_can_be_added_where_nothing_is_missing() -> None:
    assert refusal(Wish(4), Wish(3), replace(COMPLETING, completing=0)) == ("completing_only", {"missing": 0})


@pytest.mark.parametrize(
    ("current", "firm", "tolerance"),
    [
        (Wish(2, 1), 2, 1),
        (Wish(2, 1), 3, 0),  # "up to 3" stays at 3
        (Wish(2, 1), 4, 0),
        (Wish(2, 1), 1, 1),
        (Wish(2, 3), 4, 1),
        (Wish(2, 3), 5, 0),
        (Wish(2, 3), 6, 0),
        (Wish(2, 1), 0, 0),
    ],
)
def test_up_to_so_many_stays_as_the_firm_wish_rises(current: Wish, firm: int, tolerance: int) -> None:
    assert tolerance_after(current, firm) == tolerance


def test_a_wish_that_stays_keeps_its_raises() -> None:
    raises = (Raise(2, at(1)), Raise(1, at(5), 1))
    assert raises_after(raises, 3, at(9)) == raises
    assert raises_after((), 0, at(9)) == ()
