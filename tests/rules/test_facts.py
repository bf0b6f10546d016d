"""What a refusal tells beside its code, and the longest text that is still read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.money import MAX_MINOR, parse_money
from rules.ordering import Limits, Wish, check_wish
from rules.pricing import Tier, check_tiers
from rules.quantities import MAX_QUANTITY, parse_quantity
from rules.refusal import Refusal
from rules.short_text import short_text
from rules.times import check_window, parse_day, parse_moment

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # Wednesday, 10:00 in Chongqing
TODAY = date(2026, 3, 4)
OPENS, CLOSES = NOW + timedelta(hours=5), NOW + timedelta(hours=8)
LIMITS = Limits("open", OPENS, CLOSES)


def wish(limits: Limits, wished: Wish = Wish(1), current: Wish = Wish(0)) -> None:
    check_wish(wished, current, limits, NOW)


def moment(text: str) -> datetime:
    return parse_moment(text, NOW, "Asia/Shanghai", "zh_CN")


@pytest.mark.parametrize(
    ("refused", "code", "facts"),
    [
        (lambda: parse_quantity("abc"), "quantity_not_understood", {"text": "abc"}),
        (lambda: parse_quantity("10000"), "quantity_too_large", {"limit": MAX_QUANTITY}),
        (lambda: parse_money("abc", "CNY"), "money_not_understood", {"text": "abc"}),
        (lambda: parse_money("1" * 41, "CNY"), "money_not_understood", {"text": "1" * 41}),
        (lambda: parse_money("10000001", "CNY"), "money_too_large", {"limit": MAX_MINOR}),
        (lambda: short_text("x" * 41), "text_too_long", {"limit": 40, "length": 41}),
        (lambda: short_text("x" * 9, 8), "text_too_long", {"limit": 8, "length": 9}),
        (lambda: moment("明天"), "moment_not_understood", {"text": "明天"}),
        (lambda: moment("1" * 61), "moment_not_understood", {"text": "1" * 61}),
        (lambda: moment("今天9点"), "moment_in_past", {"at": NOW - timedelta(hours=1)}),
        (lambda: moment("367天后"), "moment_too_far", {}),
        (lambda: parse_day("18:00", TODAY), "moment_not_understood", {"text": "18:00"}),
        (lambda: parse_day("2026-03-03", TODAY), "day_in_past", {}),
        (lambda: check_window(None, NOW, NOW), "closes_in_past", {"at": NOW}),
        (lambda: check_window(CLOSES, OPENS, NOW), "closes_before_opening", {"at": OPENS}),
        (lambda: check_tiers(100, [Tier(5, 100)]), "tier_not_cheaper", {"from_units": 5}),
        (lambda: check_tiers(100, [Tier(5, 90), Tier(5, 80)]), "tier_twice", {"from_units": 5}),
        (lambda: wish(replace(LIMITS, phase="draft")), "round_not_open", {"at": OPENS}),
        (lambda: wish(replace(LIMITS, phase="closed")), "round_closed", {"at": CLOSES}),
        (lambda: wish(replace(LIMITS, withdrawn=True)), "offer_withdrawn", {}),
    ],
)
def test_a_refusal_says_what_its_sentence_needs(
    refused: Callable[[], object], code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(Refusal) as caught:
        refused()
    assert (caught.value.code, caught.value.facts) == (code, facts)


def test_the_longest_texts_that_are_read() -> None:
    assert parse_quantity("1".zfill(40)) == 1
    assert parse_money("12".zfill(40), "CNY") == 1200
    assert short_text("x" * 40) == "x" * 40
    assert moment("今天18点".ljust(60)) == NOW + timedelta(hours=8)


@pytest.mark.parametrize("between", [37, 38, 39, 40, 41, 60])
def test_a_long_text_is_not_read_by_its_beginning(between: int) -> None:
    """`5`, a screenful of spaces, `00` is neither 5 nor 500."""
    text = f"5{' ' * between}x00"
    for read in (parse_quantity, lambda typed: parse_money(typed, "CNY")):
        with pytest.raises(Refusal, match="not_understood"):
            read(text)


def test_the_largest_values_that_are_taken() -> None:
    assert parse_quantity("9999") == MAX_QUANTITY
    check_wish(Wish(9000, 999), Wish(0), LIMITS, NOW)
    assert parse_money("10000000", "CNY") == MAX_MINOR
    assert moment("366天后") == NOW + timedelta(days=366)
    assert parse_day("2027-03-05", TODAY) == TODAY + timedelta(days=366)
