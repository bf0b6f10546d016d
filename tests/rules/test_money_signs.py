"""The sign of another region, and words that are no money."""

import pytest

from rules.money import parse_money
from rules.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("HK$5", "HKD", 500), ("5 US$", "USD", 500), ("$5", "HKD", 500), ("5元", "HKD", 500)],
)
def test_a_region_before_a_sign_is_the_currencys_own(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"), [("HK$5", "USD"), ("HX$5", "HKD"), ("5 apples", "CNY"), ("5 euro", "CNY")]
)
def test_another_regions_sign_or_a_word_is_no_amount(text: str, currency: str) -> None:
    with pytest.raises(Refusal, match="money_not_understood"):
        parse_money(text, currency)
