"""Moments and days as people type them, read in the enterprise's zone and given in UTC."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.clock_words import only_fillers, read_clock
from rules.day_words import take_day
from rules.half_width import half_width
from rules.quantities import CHINESE_NUMBER, parse_number
from rules.refusal import Refusal

MAX_AHEAD = timedelta(days=366)
MAX_TEXT_CHARACTERS = 60
_AFTER = re.compile(
    rf"(?:in\s+|\+\s*)?(?P<number>\d{{1,4}}|半|half\s+an?|{CHINESE_NUMBER}|an?)\s*"
    r"(?P<unit>minutes?|mins?|m|分钟|分|hours?|hrs?|h|个?小时|个?钟头|days?|d|天)\s*(?:后|以后|之后|later)?"
)
_UNITS = {"m": 1, "分": 1, "h": 60, "小": 60, "个": 60, "钟": 60, "d": 1440, "天": 1440}
"""Minutes, by the first letter of the unit."""


def parse_moment(
    text: str, now: datetime, zone: str, locale: str = "zh_CN", *, after: datetime | None = None
) -> datetime:
    """The moment meant, in UTC as `now` is: after now, and after `after` (an opening) where given.

    `25/12` is day first in English; in Chinese whichever reading is a date, month first if both are. Weekdays
    and bare times mean the next such moment.
    Refusals: moment_not_understood(text), moment_in_past(at), moment_too_far, moment_in_clock_change.
    """
    plain = _plain(text)
    reference = now if after is None else max(now, after)
    span = _span(plain)
    if span is not None:
        return _ahead(now + span, reference)
    return _ahead(_read(text, plain, now, ZoneInfo(zone), locale, reference), reference)


def _read(text: str, plain: str, now: datetime, zone: ZoneInfo, locale: str, reference: datetime) -> datetime:
    taken = take_day(plain, now.astimezone(zone).date(), locale)
    clock = read_clock(taken.rest if taken else plain)
    if clock is None:
        raise Refusal("moment_not_understood", text=text)
    here = reference.astimezone(zone).replace(tzinfo=None)
    again = timedelta(days=taken.again_after_days if taken else 1)
    local = datetime.combine(taken.day if taken else here.date(), datetime.min.time()) + clock
    while again and local <= here:
        local += again
    return _in_zone(local, zone, reference)


def parse_day(text: str, today: date, locale: str = "zh_CN") -> date:
    """The day meant, today or later. Refusals: moment_not_understood(text), day_in_past, moment_too_far."""
    taken = take_day(_plain(text), today, locale)
    if taken is None or not only_fillers(taken.rest):
        raise Refusal("moment_not_understood", text=text)
    return check_day_ahead(taken.day, today)


def check_day_ahead(day: date, today: date) -> date:
    """The day, if it is today or later within a year. Refusals: day_in_past, moment_too_far."""
    if day < today:
        raise Refusal("day_in_past")
    if day - today > MAX_AHEAD:
        raise Refusal("moment_too_far")
    return day


def check_window(opens_at: datetime | None, closes_at: datetime, now: datetime) -> None:
    """Refusal("closes_in_past") or ("closes_before_opening") for a round that could never be open."""
    if closes_at <= now:
        raise Refusal("closes_in_past", at=closes_at)
    if opens_at is not None and closes_at <= opens_at:
        raise Refusal("closes_before_opening", at=closes_at)


def _plain(text: str) -> str:
    if len(text) > MAX_TEXT_CHARACTERS:
        raise Refusal("moment_not_understood", text=text)
    return " ".join(half_width(text).casefold().split())


def _span(plain: str) -> timedelta | None:
    """`in 2 hours`, `30分钟后`, `半小时后`, `+90m`."""
    found = _AFTER.fullmatch(plain)
    if found is None:
        return None
    minutes = _UNITS[found["unit"][0]]
    if found["number"] == "半" or found["number"].startswith("half"):
        return timedelta(minutes=minutes / 2)
    number = parse_number(found["number"])
    return None if number is None else timedelta(minutes=number * minutes)


def _ahead(moment: datetime, reference: datetime) -> datetime:
    if moment <= reference:
        raise Refusal("moment_in_past", at=moment)
    if moment - reference > MAX_AHEAD:
        raise Refusal("moment_too_far")
    return moment


def _in_zone(local: datetime, zone: ZoneInfo, reference: datetime) -> datetime:
    """The moment of a local time: never one that the clocks skip, and of an hour that they repeat the next one."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:  # where the clocks skip, the two readings change places
        raise Refusal("moment_in_clock_change")
    return first if first > reference else second
