"""The days of a series, held against dateutil's rules of recurrence, which share no code with ours."""

from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as rule_weekday
from hypothesis import given
from hypothesis import strategies as st

from rules.recurrence import (
    LAST,
    MAX_CHOSEN,
    MAX_WEEKS,
    Chosen,
    Monthly,
    MonthlyWeekday,
    Recurrence,
    Weekly,
    check_recurrence,
    days_from,
)
from rules.refusal import Refusal

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
WEEKLY_ONES = st.builds(Weekly, DAYS, st.integers(1, MAX_WEEKS))
MONTHLY_ONES = st.builds(Monthly, DAYS, st.integers(1, 31))
PLACED_ONES = st.builds(MonthlyWeekday, DAYS, st.sampled_from([1, 2, 3, 4, LAST]), st.integers(0, 6))
CHOSEN_ONES = st.lists(DAYS, min_size=1, max_size=12).map(lambda days: Chosen(tuple(days)))
RECURRENCES = st.one_of(WEEKLY_ONES, MONTHLY_ONES, PLACED_ONES, CHOSEN_ONES)


def some(recurrence: Recurrence, since: date, count: int = 30) -> list[date]:
    """The first days from one on."""
    return list(islice(days_from(recurrence, since), count))


@given(RECURRENCES, DAYS)
def test_days_strictly_increase_and_none_lies_before_the_start(recurrence: Recurrence, since: date) -> None:
    days = some(recurrence, since)
    assert all(one < other for one, other in pairwise(days))
    starts_on = min(recurrence.days) if isinstance(recurrence, Chosen) else recurrence.starts_on
    assert all(day >= max(since, starts_on) for day in days)


@given(RECURRENCES, DAYS, st.integers(0, 400))
def test_a_later_look_sees_the_same_days(recurrence: Recurrence, since: date, ahead: int) -> None:
    later = since + timedelta(days=ahead)
    seen = [day for day in some(recurrence, since, 80) if day >= later]
    assert some(recurrence, later, len(seen)) == seen


@pytest.mark.parametrize(
    ("recurrence", "last"),
    [
        (Weekly(date(9998, 11, 30), 2), date(9998, 12, 28)),
        (Monthly(date(9998, 11, 30), 31), date(9998, 12, 31)),
        (MonthlyWeekday(date(9998, 11, 30), LAST, 0), date(9998, 12, 28)),
    ],
)
def test_days_end_before_the_last_year_there_is(recurrence: Recurrence, last: date) -> None:
    """So that neither a week nor a month after one can lie beyond all dates."""
    assert list(days_from(recurrence, date(9998, 11, 1)))[-1] == last


@given(WEEKLY_ONES, DAYS)
def test_weekly_agrees_with_dateutil(recurrence: Weekly, since: date) -> None:
    rule = rrule(WEEKLY, interval=recurrence.every_weeks, dtstart=moment(recurrence.starts_on))
    assert some(recurrence, since, 10) == [at.date() for at in islice(rule.xafter(moment(since), inc=True), 10)]


@given(MONTHLY_ONES, DAYS)
def test_monthly_never_skips_a_month(recurrence: Monthly, since: date) -> None:
    days = some(recurrence, since)
    assert all((later.year * 12 + later.month) - (day.year * 12 + day.month) == 1 for day, later in pairwise(days))
    assert all(day.day == recurrence.day or (day + timedelta(days=1)).day == 1 for day in days)


@given(MONTHLY_ONES, DAYS)
def test_monthly_agrees_with_dateutil(recurrence: Monthly, since: date) -> None:
    """The last of the days up to the wished one is the wished one, or the month's last."""
    wished = list(range(28, recurrence.day + 1)) if recurrence.day > 28 else [recurrence.day]
    rule = rrule(MONTHLY, bymonthday=wished, bysetpos=-1, dtstart=moment(date(2019, 1, 1)))
    first = moment(max(since, recurrence.starts_on))
    assert some(recurrence, since, 10) == [at.date() for at in islice(rule.xafter(first, inc=True), 10)]


@given(PLACED_ONES, DAYS)
def test_a_weekday_of_the_month_agrees_with_dateutil(recurrence: MonthlyWeekday, since: date) -> None:
    rule = rrule(
        MONTHLY, byweekday=rule_weekday(recurrence.weekday)(recurrence.place), dtstart=moment(date(2019, 1, 1))
    )
    first = moment(max(since, recurrence.starts_on))
    assert some(recurrence, since, 10) == [at.date() for at in islice(rule.xafter(first, inc=True), 10)]


def moment(day: date) -> datetime:
    """Midnight, as dateutil wants it."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def test_the_31st_in_words() -> None:
    days = some(Monthly(date(2027, 12, 1), 31), date(2027, 12, 1), 4)
    assert days == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


def test_chosen_days_come_once_and_in_order() -> None:
    days = (date(2026, 5, 3), date(2026, 3, 5), date(2026, 5, 3))
    assert some(Chosen(days), date(2026, 1, 1)) == [date(2026, 3, 5), date(2026, 5, 3)]


FIRST = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("recurrence", "code"),
    [
        (Weekly(FIRST, 0), "weeks_out_of_range"), (Weekly(FIRST, -1), "weeks_out_of_range"),
        (Weekly(FIRST, MAX_WEEKS + 1), "weeks_out_of_range"), (Monthly(FIRST, 0), "month_day_out_of_range"),
        (Monthly(FIRST, 32), "month_day_out_of_range"), (MonthlyWeekday(FIRST, 5, 1), "month_day_out_of_range"),
        (MonthlyWeekday(FIRST, 0, 1), "month_day_out_of_range"), (MonthlyWeekday(FIRST, 1, 7), "month_day_out_of_range"),
        (MonthlyWeekday(FIRST, 1, -1), "month_day_out_of_range"), (Chosen(()), "no_days"),
        (Chosen(tuple(FIRST + timedelta(days=n) for n in range(MAX_CHOSEN + 1))), "too_many_days"),
    ],
)  # fmt: skip
def test_what_can_never_be(recurrence: Recurrence, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_recurrence(recurrence)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "recurrence",
    [
        Weekly(FIRST, 1), Weekly(FIRST, MAX_WEEKS), Monthly(FIRST, 1), Monthly(FIRST, 31),
        MonthlyWeekday(FIRST, LAST, 6), MonthlyWeekday(FIRST, 4, 0), MonthlyWeekday(FIRST, 1, 1),
        MonthlyWeekday(FIRST, 2, 2), MonthlyWeekday(FIRST, 3, 3), Chosen((FIRST,)),
        Chosen(tuple(FIRST + timedelta(days=n) for n in range(MAX_CHOSEN))),
    ],
)  # fmt: skip
def test_what_can_be(recurrence: Recurrence) -> None:
    assert check_recurrence(recurrence) is recurrence
