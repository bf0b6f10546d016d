"""The day in a typed text: `明天`, `下周一`, `friday`, `25/12`, `12月25日`, `2026-12-25`, `25号`, `3天后`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.quantities import CHINESE_NUMBER, parse_number

_WORDS = {
    "大后天": (3, ""), "后天": (2, ""), "明天": (1, ""), "明日": (1, ""), "明晚": (1, "晚上"), "明早": (1, "早上"),
    "今天": (0, ""), "今日": (0, ""), "今晚": (0, "晚上"), "今早": (0, "早上"),
    "the day after tomorrow": (2, ""), "day after tomorrow": (2, ""), "tomorrow": (1, ""), "today": (0, ""),
    "tonight": (0, "晚上"),
}  # fmt: skip
"""Days ahead, and what the word says about the time of day."""
WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tues": 1, "tue": 1, "wednesday": 2, "wed": 2, "thursday": 3,
    "thurs": 3, "thu": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
_CHINESE_WEEKDAYS = {c: i % 7 for i, c in enumerate("一二三四五六日1234567")} | {"天": 6}
_WEEKS_AHEAD = {"下": 1, "下下": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = re.compile("|".join(_WORDS))
_IN_DAYS = re.compile(rf"(?:in\s+)?(\d{{1,3}}|{CHINESE_NUMBER})\s*(?:天|days?\b)(?:后|以后|之后)?")
_CHINESE_WEEKDAY = re.compile(r"(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天]|[1-7](?![\d:点]))")
_ENGLISH_WEEKDAY = re.compile(rf"\b(?:(next|this)\s+)?({'|'.join(WEEKDAYS)})\b")
_ISO = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?:[日号]|t(?=\d)|(?!\d))")
_CHINESE_DATE = re.compile(r"(\d{1,2})月(\d{1,2})(?:[日号]|(?!\d))")
_SLASH_DATE = re.compile(r"(?<![\d:])(\d{1,2})[/.-](\d{1,2})(?:[/.-](20\d\d))?(?![\d:])")
_ENGLISH_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({'|'.join(_MONTHS)})[a-z]*\b"
    rf"|\b({'|'.join(_MONTHS)})[a-z]*\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
)
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})[号日]")
_DAYS_AHEAD = range(62)
"""Two months in a row never both lack a day of the month."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day read from a text, and the text without it.

    `again_after_days` is 7 for a weekday: where its hour has passed today, next week's is meant.
    """

    day: date
    rest: str
    again_after_days: int = 0


def take_day(text: str, today: date, locale: str) -> Day | None:
    """The day in a text (half width, lower case), today or later unless a year says otherwise; None if none."""
    for take in (_take_word, _take_date, _take_weekday, _take_in_days, _take_day_of_month):
        found = take(text, today, locale)
        if found is not None:
            return found
    return None


def _without(found: re.Match[str], instead: str = "") -> str:
    return f"{found.string[: found.start()]} {instead} {found.string[found.end() :]}"


def _take_word(text: str, today: date, _locale: str) -> Day | None:
    found = _WORD.search(text)
    if found is None:
        return None
    days, time_of_day = _WORDS[found[0]]
    return Day(today + timedelta(days=days), _without(found, time_of_day))


def _take_in_days(text: str, today: date, _locale: str) -> Day | None:
    found = _IN_DAYS.search(text)
    days = parse_number(found[1]) if found else None
    return Day(today + timedelta(days=days), _without(found)) if found and days is not None else None


def _take_weekday(text: str, today: date, _locale: str) -> Day | None:
    chinese = _CHINESE_WEEKDAY.search(text)
    if chinese:
        return _chinese_weekday(chinese, _CHINESE_WEEKDAYS[chinese[2]], today)
    english = _ENGLISH_WEEKDAY.search(text)
    if english is None:
        return None
    ahead = (WEEKDAYS[english[2]] - today.weekday()) % 7
    if ahead == 0 and english[1] == "next":
        ahead = 7
    return Day(today + timedelta(days=ahead), _without(english), 7)


def _chinese_weekday(found: re.Match[str], weekday: int, today: date) -> Day:
    """`下周一` counts weeks from Monday; a bare `周一` is the next one."""
    day = today + timedelta(days=weekday - today.weekday(), weeks=_WEEKS_AHEAD.get(found[1], 0))
    if found[1]:
        return Day(day, _without(found))
    return Day(day if day >= today else day + timedelta(weeks=1), _without(found), 7)


def _take_date(text: str, today: date, locale: str) -> Day | None:
    if found := _ISO.search(text):
        return _dated(found, today, [(int(found[1]), int(found[2]), int(found[3]))])
    if found := _CHINESE_DATE.search(text):
        return _dated(found, today, [(0, int(found[1]), int(found[2]))])
    if found := _ENGLISH_DATE.search(text):
        return _dated(found, today, [(0, _MONTHS.index(found[2] or found[3]) + 1, int(found[1] or found[4]))])
    if found := _SLASH_DATE.search(text):
        one, other, year = int(found[1]), int(found[2]), int(found[3] or 0)
        month_first, day_first = (year, one, other), (year, other, one)
        return _dated(found, today, [month_first, day_first] if locale.startswith("zh") else [day_first, month_first])
    return None


def _dated(found: re.Match[str], today: date, readings: Iterable[tuple[int, int, int]]) -> Day | None:
    """The first reading that is a date; without a year (0) the next one to come."""
    for year, month, day in readings:
        for candidate in (year,) if year else (today.year, today.year + 1):
            read = _date(candidate, month, day)
            if read is not None and (year or read >= today):
                return Day(read, _without(found))
    return None


def _take_day_of_month(text: str, today: date, _locale: str) -> Day | None:
    found = _DAY_OF_MONTH.search(text)
    if found is None:
        return None
    ahead = (today + timedelta(days=days) for days in _DAYS_AHEAD)
    return next((Day(day, _without(found)) for day in ahead if day.day == int(found[1])), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
