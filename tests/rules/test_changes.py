"""Which changes of an offer are worse for whoever ordered it before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.changes import AGREED, agreed_now, is_worse

TERMS = st.sampled_from(AGREED)
VALUES = st.integers(1, 300)


@pytest.mark.parametrize(
    ("term", "agreed", "after", "worse"),
    [
        ("price", 1000, 1001, True),
        ("price", 1000, 1000, False),
        ("price", 1000, 999, False),
        ("minimum", 0, 1, True),
        ("minimum", 5, 5, False),
        ("minimum", 5, 4, False),
        ("case", 1, 2, True),
        ("case", 4, 4, False),
        ("case", 4, 2, False),
        ("case", 4, 1, False),
        ("case", 4, 3, True),
        ("case", 4, 8, True),
    ],
)
def test_known_answers(term: str, agreed: int, after: int, worse: bool) -> None:
    assert is_worse(term, agreed, after) is worse


@pytest.mark.parametrize(
    ("term", "agreed", "current", "holds"),
    [
        ("price", 1000, 1200, 1000),
        ("price", 1000, 900, 900),
        ("case", 4, 6, 4),
        ("case", 6, 3, 3),
        ("minimum", 8, 5, 5),
    ],
)
def test_a_line_holds_on_to_the_better_of_both(term: str, agreed: int, current: int, holds: int) -> None:
    assert agreed_now(term, agreed, current) == holds


@given(TERMS, VALUES)
def test_no_change_is_never_worse(term: str, value: int) -> None:
    assert not is_worse(term, value, value)


@given(TERMS, VALUES, VALUES)
def test_what_a_line_holds_on_to_is_never_worse_than_either(term: str, agreed: int, current: int) -> None:
    held = agreed_now(term, agreed, current)
    assert not is_worse(term, agreed, held)
    assert held in (agreed, current)


@given(TERMS, VALUES, VALUES, VALUES)
def test_asking_again_does_not_forget_what_was_agreed(term: str, agreed: int, first: int, second: int) -> None:
    """Two changes in a row, both unanswered: the second is compared with the first promise, not with the first change."""
    held = agreed_now(term, agreed, first)
    if is_worse(term, agreed, first):
        assert is_worse(term, held, second) == is_worse(term, agreed, second)


@given(TERMS, VALUES, VALUES, VALUES)
def test_worse_than_worse_is_not_better(term: str, a: int, b: int, c: int) -> None:
    """No worse than something that is no worse is no worse."""
    if not is_worse(term, a, b) and not is_worse(term, b, c):
        assert not is_worse(term, a, c)
