"""What may be wished, and whose units are the older ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ordering import Limits, Raise, Wish, check_wish, raises_after, tolerance_up_to, units_allowed
from rules.phases import RoundPhase
from rules.refusal import Refusal
from tests.rules.strategies import at

NOW = at(60)
OPEN = Limits(phase="open", opens_at=at(0), closes_at=at(120))
WISHES = st.builds(Wish, st.integers(0, 12), st.integers(0, 6))


def refusal(wish: Wish, current: Wish, limits: Limits, now: datetime = NOW) -> Refusal | None:
    try:
        check_wish(wish, current, limits, now)
    except Refusal as no:
        return no
    return None


@pytest.mark.parametrize(
    ("limits", "now", "code"),
    [
        (replace(OPEN, phase="draft"), NOW, "round_not_open"),
        (replace(OPEN, phase="closed"), NOW, "round_closed"),
        (replace(OPEN, phase="settled"), NOW, "round_closed"),
        (replace(OPEN, phase="cancelled"), NOW, "round_closed"),
        (OPEN, at(120), "round_closed"),
        (OPEN, at(999), "round_closed"),
    ],
)
def test_only_an_open_round_takes_orders_even_to_reduce(limits: Limits, now: datetime, code: str) -> None:
    """A round whose time is over is closed, also where the closing job has not run yet."""
    for wish in (Wish(2), Wish(0)):
        no = refusal(wish, Wish(1), limits, now)
        assert no is not None
        assert no.code == code


@pytest.mark.parametrize(
    ("wish", "limits", "code", "facts"),
    [
        (Wish(-1), OPEN, "quantity_negative", {}),
        (Wish(1, -1), OPEN, "quantity_negative", {}),
        (Wish(10_000), OPEN, "quantity_too_large", {"limit": 9999}),
        (Wish(4), replace(OPEN, member_cap=3), "over_member_cap", {"cap": 3}),
        (Wish(3, 1), replace(OPEN, member_cap=3), "over_member_cap", {"cap": 3}),
        (Wish(4), replace(OPEN, stock=10, taken_by_others=7), "over_stock", {"left": 3}),
        (Wish(1), replace(OPEN, stock=5, taken_by_others=7), "over_stock", {"left": 0}),
        (
            Wish(3),
            replace(OPEN, price=2000, value_of_other_lines=5000, member_value_limit=10_000),
            "over_value_limit",
            {"limit": 10_000},
        ),
    ],
)
def test_refusals_say_what_can_be_had(wish: Wish, limits: Limits, code: str, facts: dict[str, int]) -> None:
    no = refusal(wish, Wish(0), limits)
    assert no is not None
    assert (no.code, no.facts) == (code, facts)


@given(
    WISHES,
    st.integers(0, 9),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 15),
    st.none() | st.integers(0, 9),
)
def test_as_many_units_are_allowed_as_would_not_be_refused(
    current: Wish, wanted: int, cap: int | None, stock: int | None, affordable: int | None
) -> None:
    limits = replace(OPEN, member_cap=cap, stock=stock, taken_by_others=3, price=100, member_value_limit=affordable)
    limits = replace(limits, member_value_limit=None if affordable is None else affordable * 100 + 50)
    allowed = units_allowed(wanted, current, limits, NOW)
    for more in range(1, wanted + 1):
        no = refusal(Wish(current.firm + more, current.tolerance), current, limits)
        assert (no is None) == (more <= allowed)


def test_nothing_more_is_allowed_where_any_raise_would_be_refused() -> None:
    for limits in (replace(OPEN, withdrawn=True), replace(OPEN, asked=True), replace(OPEN, phase="closed")):
        assert units_allowed(3, Wish(1), limits, NOW) == 0
    assert units_allowed(3, Wish(1), OPEN, NOW) == 3
    assert units_allowed(0, Wish(1), OPEN, NOW) == 0


def test_the_last_unit_can_be_had() -> None:
    limits = replace(OPEN, stock=10, taken_by_others=7, member_cap=3, price=100, member_value_limit=300)
    assert refusal(Wish(3), Wish(0), limits) is None


@given(WISHES, WISHES, st.integers(0, 30), st.integers(0, 5), st.integers(0, 5000))
def test_foodsoft_280_whoever_is_over_a_limit_may_always_reduce(
    current: Wish, wish: Wish, taken: int, cap: int, limit: int
) -> None:
    """There, someone over the credit limit could not take anything away."""
    tight = replace(
        OPEN, stock=5, taken_by_others=taken, member_cap=cap, price=700, member_value_limit=limit, bundled=False
    )
    firm = min(wish.firm, current.firm)
    less = Wish(firm, min(wish.tolerance, current.tolerance) if firm else 0)
    assert refusal(less, current, tight) is None


@given(st.integers(0, 12), st.lists(st.tuples(st.integers(0, 4), WISHES), max_size=30))
def test_open_food_network_4018_stock_is_never_oversold(stock: int, steps: list[tuple[int, Wish]]) -> None:
    """There, the last item was sold twice. Here each check counts what all the others hold."""
    held: dict[int, Wish] = {}
    for member, wish in steps:
        others = sum(other.firm + other.tolerance for who, other in held.items() if who != member)
        limits = replace(OPEN, stock=stock, taken_by_others=others)
        if refusal(wish, held.get(member, Wish(0)), limits) is None:
            held[member] = wish
    assert sum(wish.firm + wish.tolerance for wish in held.values()) <= stock


@given(WISHES, st.integers(0, 20))
def test_open_food_network_2690_a_double_click_is_one_order(wish: Wish, stock: int) -> None:
    """There, a double click lost the order. A wish is a state: what could be had can be wished again."""
    limits = replace(OPEN, stock=stock)
    if refusal(wish, Wish(0), limits) is None:
        assert refusal(wish, wish, limits) is None


def test_lowering_removes_the_newest_units_first() -> None:
    raises = (Raise(2, at(1)), Raise(3, at(5), 1), Raise(1, at(9), 2))
    assert raises_after(raises, 4, NOW) == (Raise(2, at(1)), Raise(2, at(5), 1))
    assert raises_after(raises, 0, NOW) == ()


def test_a_rise_is_a_raise_of_its_own_and_keeps_the_age_of_the_others() -> None:
    raises = raises_after((), 2, at(1))
    raises = raises_after(raises, 5, at(5))
    assert raises == (Raise(2, at(1), 0), Raise(3, at(5), 1))
    assert raises_after(raises, 5, at(9)) == raises


def test_a_clock_set_back_makes_no_raise_older_than_the_one_before() -> None:
    raises = raises_after((Raise(2, at(9)),), 3, at(1))
    assert raises_after(raises, 2, NOW) == (Raise(2, at(9)),)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 30)), max_size=20))
def test_raises_always_add_up_to_the_wish_in_order_of_age(steps: list[tuple[int, int]]) -> None:
    raises: tuple[Raise, ...] = ()
    for firm, minutes in steps:
        before = raises
        raises = raises_after(raises, firm, at(minutes))
        assert sum(one.units for one in raises) == firm
        assert list(raises) == sorted(raises, key=lambda one: (one.at, one.seq))
        assert all(one.units > 0 for one in raises)
        ages = [(one.at, one.seq) for one in before for _ in range(one.units)]
        kept = [(one.at, one.seq) for one in raises for _ in range(one.units)]
        shorter = min(len(ages), len(kept))
        assert ages[:shorter] == kept[:shorter]


def test_closing_is_a_moment_and_not_a_time_of_day() -> None:
    """Open Food Network #6108: the server's time zone closed shops hours early."""
    closes = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    limits = Limits(RoundPhase.OPEN, None, closes)
    assert refusal(Wish(1), Wish(0), limits, closes - timedelta(microseconds=1)) is None
    assert refusal(Wish(1), Wish(0), limits, closes) is not None


def test_a_tolerance_comes_on_top_of_a_firm_wish() -> None:
    for current in (Wish(0), Wish(2, 1)):
        with pytest.raises(Refusal, match="tolerance_without_wish"):
            check_wish(Wish(0, 1), current, OPEN, at(1))


def test_where_nothing_can_be_filled_up_a_tolerance_does_nothing_and_is_refused() -> None:
    singly = replace(OPEN, bundled=False)
    with pytest.raises(Refusal, match="tolerance_useless"):
        check_wish(Wish(2, 1), Wish(2), singly, at(1))
    check_wish(Wish(2, 1), Wish(3, 2), singly, at(1))
    check_wish(Wish(2, 0), Wish(2, 2), singly, at(1))


@pytest.mark.parametrize(("firm", "most", "expected"), [(2, 3, 1), (2, 2, 0), (1, 9, 8)])
def test_up_to_so_many(firm: int, most: int, expected: int) -> None:
    assert tolerance_up_to(firm, most) == expected


def test_up_to_fewer_than_wished_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        tolerance_up_to(3, 2)
    assert (caught.value.code, caught.value.facts) == ("tolerance_below_wish", {"firm": 3, "most": 2})
    with pytest.raises(Refusal, match="tolerance_without_wish"):
        tolerance_up_to(0, 2)


@pytest.mark.parametrize(
    ("wish", "current", "code"),
    [
        (Wish(4), Wish(2), None),
        (Wish(5), Wish(2), "completing_only"),
        (Wish(2, 2), Wish(2), None),
        (Wish(2, 3), Wish(2), "completing_only"),
        (Wish(2), Wish(3), None),
        (Wish(1), Wish(3), "completing_fixed"),
        (Wish(1), Wish(2), "completing_fixed"),
        (Wish(0), Wish(2), "completing_fixed"),
    ],
)
def test_in_a_completion_phase_only_what_is_missing_is_added(wish: Wish, current: Wish, code: str | None) -> None:
    """2 were wished before, 2 are missing: those can be had and taken back, and nothing else changes."""
    no = refusal(wish, current, replace(OPEN, completing=2, fixed=2))
    assert (no.code if no else None) == code


def test_tolerance_given_before_may_become_firm_and_not_be_taken_back() -> None:
    before = replace(OPEN, completing=0, fixed=2, fixed_tolerance=2)
    assert refusal(Wish(4), Wish(2, 2), before) is None
    no = refusal(Wish(2, 1), Wish(2, 2), before)
    assert no is not None
    assert no.code == "completing_fixed"


@given(WISHES, WISHES, st.integers(0, 6), st.integers(0, 6))
def test_a_completion_phase_never_takes_away(wish: Wish, current: Wish, missing: int, fixed: int) -> None:
    if refusal(wish, current, replace(OPEN, completing=missing, fixed=fixed)) is None:
        assert wish.firm >= min(fixed, current.firm)
        assert wish.firm + wish.tolerance <= current.firm + current.tolerance + missing
