"""What a button carries is read strictly: a forged press is stale, never a defect."""

import pytest

from rules.refusal import Refusal
from views.actions import MAX_NUMBER, decode, encode
from views.presses.closing import AcceptOrder


@pytest.mark.parametrize("number", ["2147483648", "-2147483648", "9" * 18, "9" * 40, "1" + "0" * 17 + "x"])
def test_a_number_that_no_column_holds_is_stale(number: str) -> None:
    """PostgreSQL would answer such an id with an error."""
    with pytest.raises(Refusal, match="button_stale"):
        decode(f"sa:{number}:1", AcceptOrder)


def test_the_largest_number_travels() -> None:
    press = AcceptOrder(MAX_NUMBER, 1)
    assert decode(encode(press), AcceptOrder) == press
