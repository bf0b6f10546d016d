"""What a refusal about the terms of an offer or the days of a series tells beside its code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.ordering import Limits, Wish, check_wish, tolerance_up_to
from rules.pricing import Tier, check_price
from rules.quantities import MAX_QUANTITY
from rules.recurrence import MAX_CHOSEN, MAX_WEEKS, Chosen, Monthly, MonthlyWeekday, Weekly, check_recurrence
from rules.recurrence_text import MAX_TEXT_CHARACTERS, parse_closing, parse_opening, parse_recurrence
from rules.refusal import Refusal
from rules.series_dates import MAX_CLOSES_DAYS, Times, check_times
from rules.terms import check_unit, read_case_size, read_hours, read_price, read_units
from rules.tier_text import MAX_TIERS, read_tiers

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
LIMITS = Limits("open", None, NOW + timedelta(hours=8))
TIERS = (Tier(20, 4600), Tier(50, 4200))
COMPLETING = replace(LIMITS, completing=2, fixed=3, fixed_tolerance=1)


def wish(limits: Limits, wished: Wish, current: Wish = Wish(0)) -> None:
    check_wish(wished, current, limits, NOW)


def tiers(text: str) -> None:
    read_tiers(text, 4990, "CNY", ("箱",))


def recurrence(text: str) -> None:
    parse_recurrence(text, TODAY, TODAY, "en")


@pytest.mark.parametrize(
    ("refused", "code", "facts"),
    [
        (lambda: wish(replace(LIMITS, asked=True), Wish(1)), "answer_first", {}),
        (lambda: wish(replace(LIMITS, bundled=False), Wish(1, 1)), "tolerance_useless", {}),
        (lambda: wish(LIMITS, Wish(0, 1)), "tolerance_without_wish", {}),
        (lambda: wish(COMPLETING, Wish(2, 1), Wish(3, 1)), "completing_fixed", {"fixed": 3}),
        (lambda: wish(COMPLETING, Wish(7, 0), Wish(3, 1)), "completing_only", {"missing": 2}),
        (lambda: tolerance_up_to(0, 3), "tolerance_without_wish", {}),
        (lambda: tolerance_up_to(3, 2), "tolerance_below_wish", {"firm": 3, "most": 2}),
        (lambda: read_price("0", "CNY"), "price_zero", {}),
        (lambda: read_case_size("0"), "case_zero", {}),
        (lambda: read_units("20 kg", ("箱",)), "unit_differs", {"unit": "kg"}),
        (lambda: check_unit("20斤", ()), "unit_differs", {"unit": "斤"}),
        (lambda: read_hours("soon", 2, 72), "hours_not_understood", {}),
        (lambda: read_hours("73", 2, 72), "hours_out_of_range", {"least": 2, "most": 72}),
        (lambda: read_hours("1", 2, 72), "hours_out_of_range", {"least": 2, "most": 72}),
        (lambda: tiers("脐橙"), "tiers_not_understood", {}),
        (lambda: tiers("46"), "tiers_not_understood", {}),
        (lambda: tiers("20 a,b"), "tiers_not_understood", {}),
        (lambda: tiers("20 46,50,1"), "tiers_not_understood", {}),
        (lambda: tiers("9" * 201), "tiers_not_understood", {}),
        (lambda: tiers("; ".join(f"{n} {60 - n}" for n in range(20, 21 + MAX_TIERS))), "too_many_tiers", {"limit": MAX_TIERS}),
        (lambda: tiers("10000 3"), "quantity_too_large", {"limit": MAX_QUANTITY}),
        (lambda: tiers("20 kg 46"), "unit_differs", {"unit": "kg"}),
        (lambda: tiers("20 99999999"), "money_too_large", {"limit": 10_000_000_00}),
        (lambda: check_price(4200, TIERS), "price_below_tier", {"from_units": 20}),
        (lambda: check_price(4600, TIERS), "price_below_tier", {"from_units": 20}),
        (lambda: check_price(4600, TIERS[::-1]), "price_below_tier", {"from_units": 20}),
        (lambda: check_price(4200, TIERS[1:]), "price_below_tier", {"from_units": 50}),
        (lambda: check_recurrence(Weekly(TODAY, 9)), "weeks_out_of_range", {"limit": MAX_WEEKS}),
        (lambda: check_recurrence(Monthly(TODAY, 32)), "month_day_out_of_range", {}),
        (lambda: check_recurrence(MonthlyWeekday(TODAY, 5, 1)), "month_day_out_of_range", {}),
        (lambda: check_recurrence(Chosen(())), "no_days", {}),
        (lambda: check_recurrence(Chosen((TODAY,) * 61)), "too_many_days", {"limit": MAX_CHOSEN}),
        (lambda: recurrence("x" * 401), "recurrence_not_understood", {"text": "x" * MAX_TEXT_CHARACTERS}),
        (lambda: recurrence("2026-04-02, Foo"), "recurrence_not_understood", {"text": "Foo"}),
        (lambda: parse_opening("Foo  9"), "hour_not_understood", {"text": "Foo  9"}),
        (lambda: parse_opening("24:00"), "hour_not_understood", {"text": "24:00"}),
        (lambda: parse_closing("Foo  9"), "closing_not_understood", {"text": "Foo  9"}),
        (lambda: check_times(Times(540, 61, 0)), "too_many_days", {"limit": MAX_CLOSES_DAYS}),
        (lambda: check_times(Times(540, 0, 540)), "closes_before_opening", {}),
    ],
)  # fmt: skip
def test_a_refusal_says_what_its_sentence_needs(
    refused: Callable[[], object], code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(Refusal) as caught:
        refused()
    assert (caught.value.code, caught.value.facts) == (code, facts)


def test_the_longest_texts_and_the_largest_values_that_are_read() -> None:
    assert parse_recurrence("every week".ljust(MAX_TEXT_CHARACTERS), TODAY, TODAY, "en") == Weekly(TODAY)
    assert len(read_tiers("20 46".ljust(200), 4990, "CNY")) == 1
    assert len(read_tiers("; ".join(f"{n} {60 - n}" for n in range(20, 20 + MAX_TIERS)), 4990, "CNY")) == MAX_TIERS
    assert read_tiers("9999 46", 4990, "CNY")[0].from_units == MAX_QUANTITY
    assert (read_hours("2", 2, 72), read_hours("72", 2, 72)) == (2, 72)
    assert read_price("0.01", "CNY") == 1
    assert tolerance_up_to(2, 2) == 0
    check_price(4601, TIERS)
