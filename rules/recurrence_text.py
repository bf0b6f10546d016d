"""How often, as a coordinator types it: `every 2 weeks`, `每两周`, `每月31号`, `last Friday`, `5/3, 19/3`."""

import re
from datetime import date, timedelta

from rules.clock_words import read_clock
from rules.day_words import WEEKDAYS
from rules.half_width import half_width
from rules.quantities import CHINESE_NUMBER, parse_number
from rules.recurrence import LAST, Chosen, Monthly, MonthlyWeekday, Recurrence, Weekly, check_recurrence
from rules.refusal import Refusal
from rules.times import parse_day

MAX_TEXT_CHARACTERS = 400
_NUMBER = rf"-?\d{{1,4}}|{CHINESE_NUMBER}|two|three|four"
_ENGLISH_WEEKDAYS = "|".join(WEEKDAYS)
_CHINESE_WEEKDAYS = "一二三四五六日天"
_WEEKS = re.compile(
    rf"(?:every|each)\s+(?:(?P<other>other|second)\s+|(?P<number>{_NUMBER})\s*)?"
    rf"(?:weeks?(?:\s+on\s+(?P<on>{_ENGLISH_WEEKDAYS})s?)?|(?P<weekday>{_ENGLISH_WEEKDAYS})s?)"
    rf"|(?:weekly|(?P<fortnight>fortnightly|biweekly))(?:\s+on\s+(?P<ly_on>{_ENGLISH_WEEKDAYS})s?)?"
    rf"|每?(?P<zh>隔|{_NUMBER})?个?(?:周|星期|礼拜)(?:的?(?:周|星期|礼拜)?(?P<zh_weekday>[{_CHINESE_WEEKDAYS}]))?(?:一次)?"
)
_MONTH_DAY = re.compile(
    rf"(?:monthly|every month)\s+(?:on\s+)?(?:the\s+)?(?P<day>\d{{1,3}})(?:st|nd|rd|th)?"
    rf"|(?:on\s+)?the\s+(?P<the>\d{{1,3}})(?:st|nd|rd|th)(?:\s+of\s+(?:every|each)\s+month)?"
    rf"|每个?月(?P<zh>\d{{1,3}}|{CHINESE_NUMBER})[号日]?"
)
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST, "一": 1, "二": 2, "三": 3, "四": 4}
_PLACED = re.compile(
    rf"(?:monthly\s+|every\s+month\s+)?(?:on\s+)?(?:the\s+)?(?P<place>first|second|third|fourth|last)\s+"
    rf"(?P<weekday>{_ENGLISH_WEEKDAYS})(?:\s+of\s+(?:every|each|the)\s+month)?"
    r"|每个?月的?(?P<zh>最后一|第[一二三四])个(?:周|星期|礼拜)(?P<zh_weekday>[一二三四五六日天])"
)
_SEPARATORS = re.compile(r"[,;、，；\n]+")
_CLOSING = re.compile(
    rf"(?:\+\s*|in\s+)?(?P<days>-?\d{{1,4}}|{CHINESE_NUMBER}|one|two|three|four|five)\s*(?:天|days?)(?:后|以后|之后|\s+later)?"
)
_SAME_DAY = re.compile(r"当天|同一天|(?:the\s+)?same\s+day")
_NEXT_DAY = re.compile(r"次日|第二天|(?:the\s+)?next\s+day")


def parse_recurrence(text: str, first: date, today: date, locale: str) -> Recurrence:
    """The recurrence meant; a weekly one begins on `first`, a monthly one is counted from there.

    Refusals: recurrence_not_understood(text), day_in_past, moment_too_far, and those of `check_recurrence`.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        raise Refusal("recurrence_not_understood", text=text[:MAX_TEXT_CHARACTERS])
    plain = " ".join(half_width(text).casefold().split())
    plain = plain if plain.isascii() else plain.replace(" ", "")
    found = _weeks(plain, first) or _month_day(plain, first) or _placed(plain, first)
    return check_recurrence(found or _chosen(text, today, locale))


def _weeks(plain: str, first: date) -> Recurrence | None:
    found = _WEEKS.fullmatch(plain)
    if found is None:
        return None
    first = _from_weekday(first, _weekday(found["on"] or found["weekday"] or found["ly_on"], found["zh_weekday"]))
    said = found["number"] or found["zh"] or "1"
    if found["other"] or found["fortnight"] or said == "隔":
        return Weekly(first, 2)
    return Weekly(first, _number(said))


def _weekday(english: str | None, chinese: str | None) -> int | None:
    if english:
        return WEEKDAYS[english]
    return _CHINESE_WEEKDAYS.index(chinese.replace("天", "日")) if chinese else None


def _from_weekday(first: date, weekday: int | None) -> date:
    return first if weekday is None else first + timedelta(days=(weekday - first.weekday()) % 7)


def _month_day(plain: str, first: date) -> Recurrence | None:
    found = _MONTH_DAY.fullmatch(plain)
    return Monthly(first, _number(found["day"] or found["the"] or found["zh"])) if found else None


def _number(said: str) -> int:
    """What was said; below zero stays out of every range."""
    number = parse_number(said)
    return -1 if number is None else number


def _placed(plain: str, first: date) -> Recurrence | None:
    found = _PLACED.fullmatch(plain)
    weekday = _weekday(found["weekday"], found["zh_weekday"]) if found else None
    if found is None or weekday is None:
        return None
    said = found["place"] or ("last" if found["zh"] == "最后一" else found["zh"][1])
    return MonthlyWeekday(first, _PLACES[said], weekday)


def _chosen(text: str, today: date, locale: str) -> Recurrence:
    """Days in a row; every one must be a day that exists and is not past (31 February is not read as another)."""
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    try:
        return Chosen(tuple(sorted({parse_day(part, today, locale) for part in parts})))
    except Refusal as no:
        if no.code == "moment_not_understood":
            raise Refusal("recurrence_not_understood", text=no.facts["text"]) from no
        raise


def parse_opening(text: str) -> int:
    """The local time of day of an opening, in minutes; Refusal("hour_not_understood", text)."""
    minute = _clock(" ".join(half_width(text).casefold().split()))
    if minute is None or minute >= 1440:
        raise Refusal("hour_not_understood", text=text)
    return minute


def parse_closing(text: str) -> tuple[int, int]:
    """Days after the opening and the local time of day in minutes: `2 days later 18:00`, `当天18点`, `次日中午`.

    An hour must be said: a closing without one is Refusal("closing_not_understood", text).
    """
    plain = " ".join(half_width(text).casefold().split())
    days, rest = _days(plain)
    minute = _clock(rest)
    if minute is None or days is None or days < 0:
        raise Refusal("closing_not_understood", text=text)
    return days + minute // 1440, minute % 1440


def _days(plain: str) -> tuple[int | None, str]:
    for pattern, days in ((_SAME_DAY, 0), (_NEXT_DAY, 1)):
        if found := pattern.search(plain):
            return days, plain[: found.start()] + " " + plain[found.end() :]
    found = _CLOSING.search(plain)
    if found is None:
        return None, plain
    return parse_number(found["days"]), plain[: found.start()] + " " + plain[found.end() :]


def _clock(plain: str) -> int | None:
    clock = read_clock(plain) if len(plain) <= MAX_TEXT_CHARACTERS else None
    return None if clock is None else int(clock.total_seconds()) // 60
