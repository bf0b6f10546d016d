"""On which days a series has a round: weekly, fortnightly, monthly, or chosen days. Days are local to the enterprise.

Pure calendar arithmetic: a day has no time zone, so that no clock change can lose or double one.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from rules.refusal import Refusal

MAX_WEEKS = 8
MAX_CHOSEN = 60
LAST = -1


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every so many weeks from a first day on; 2 is fortnightly."""

    starts_on: date
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Monthly:
    """On one day of every month; a month that has no such day has its round on its last day."""

    starts_on: date
    day: int


@dataclass(frozen=True, slots=True)
class MonthlyWeekday:
    """On the first to fourth or the last (−1) such weekday of every month; Monday is 0."""

    starts_on: date
    place: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """On these days only."""

    days: tuple[date, ...]


Recurrence = Weekly | Monthly | MonthlyWeekday | Chosen


def check_recurrence(recurrence: Recurrence) -> Recurrence:
    """The recurrence, if it can be. Refusals: weeks_out_of_range(limit), month_day_out_of_range, no_days,
    too_many_days(limit)."""
    if isinstance(recurrence, Weekly) and not 1 <= recurrence.every_weeks <= MAX_WEEKS:
        raise Refusal("weeks_out_of_range", limit=MAX_WEEKS)
    if isinstance(recurrence, Monthly) and not 1 <= recurrence.day <= 31:
        raise Refusal("month_day_out_of_range")
    if isinstance(recurrence, MonthlyWeekday) and not (
        recurrence.place in (1, 2, 3, 4, LAST) and 0 <= recurrence.weekday <= 6
    ):
        raise Refusal("month_day_out_of_range")
    if isinstance(recurrence, Chosen) and not recurrence.days:
        raise Refusal("no_days")
    if isinstance(recurrence, Chosen) and len(recurrence.days) > MAX_CHOSEN:
        raise Refusal("too_many_days", limit=MAX_CHOSEN)
    return recurrence


def days_from(recurrence: Recurrence, since: date) -> Iterator[date]:
    """The days of a series from one day on (itself included), each later than the one before."""
    if isinstance(recurrence, Chosen):
        yield from (day for day in sorted(set(recurrence.days)) if day >= since)
    elif isinstance(recurrence, Weekly):
        yield from _weekly(recurrence, max(since, recurrence.starts_on))
    else:
        yield from _monthly(recurrence, max(since, recurrence.starts_on))


def _weekly(recurrence: Weekly, since: date) -> Iterator[date]:
    step = timedelta(weeks=recurrence.every_weeks)
    day = recurrence.starts_on + step * -(-(since - recurrence.starts_on) // step)
    while day.year < MAXYEAR:
        yield day
        day += step


def _monthly(recurrence: Monthly | MonthlyWeekday, since: date) -> Iterator[date]:
    year, month = since.year, since.month
    while year < MAXYEAR:
        day = _in_month(recurrence, year, month)
        if day >= since:
            yield day
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _in_month(recurrence: Monthly | MonthlyWeekday, year: int, month: int) -> date:
    first_weekday, days = monthrange(year, month)
    if isinstance(recurrence, Monthly):
        return date(year, month, min(recurrence.day, days))
    first = 1 + (recurrence.weekday - first_weekday) % 7
    if recurrence.place != LAST:
        return date(year, month, first + 7 * (recurrence.place - 1))
    return date(year, month, first + 7 * ((days - first) // 7))
