"""Moments and days as people type them, read in the enterprise's zone and given in UTC."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.quantities import CHINESE_NUMBER, parse_number
from rules.refusal import Refusal

MAX_AHEAD = timedelta(days=366)
_DAY_WORDS = {
    "大后天": 3, "后天": 2, "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "今天": 0, "今日": 0, "今晚": 0,
    "day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0,
}  # fmt: skip
_WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tues": 1, "tue": 1, "wednesday": 2, "wed": 2, "thursday": 3,
    "thurs": 3, "thu": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
_CHINESE_WEEKDAY = re.compile(r"(下下|下|这|本)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_ENGLISH_WEEKDAY = re.compile(rf"\b(next\s+|this\s+)?({'|'.join(_WEEKDAYS)})\b")
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_CHINESE_DATE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_SLASH_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})(?![\d:])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DATE = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)})[a-z]*|({'|'.join(_MONTHS)})[a-z]*\s+(\d{{1,2}})"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\s*(am|pm)?")
_HOUR_AMPM = re.compile(r"\b(\d{1,2})\s*(am|pm)\b")
_CHINESE_HOUR = re.compile(rf"(\d{{1,2}}|{CHINESE_NUMBER})[点时](半|一刻|三刻|整|(\d{{1,2}})分?)?")
_AFTER = re.compile(
    r"(?:in\s+|\+)?(\d{1,4})\s*(minutes?|mins?|m|分钟|hours?|hrs?|h|个?小时|个?钟头|days?|d|天)(?:后|以后|之后|later)?"
)
_AFTERNOON = ("下午", "晚上", "今晚", "明晚", "傍晚", "tonight", "evening")
_NOON = ("中午", "noon")


def parse_moment(text: str, now: datetime, zone: str, locale: str = "zh_CN") -> datetime:
    """The future moment meant, in UTC.

    `25/12` is day first in English; in Chinese whichever reading is a date, month first if both are.
    Refusals: moment_not_understood(text), moment_in_past(at), moment_too_far, moment_in_clock_change.
    """
    plain = _plain(text)
    after = _AFTER.fullmatch(plain)
    if after:
        return _ahead(now + _span(int(after[1]), after[2]), now)
    here = now.astimezone(ZoneInfo(zone))
    rest, day, floats = _take_day(plain, here.date(), locale)
    clock = _clock(rest)
    if clock is None or (day is None and not _only_clock(rest)):
        raise Refusal("moment_not_understood", text=text)
    moment = _in_zone(day or here.date(), clock, zone)
    if moment <= now and day is None:
        moment = _in_zone(here.date() + timedelta(days=1), clock, zone)
    elif moment <= now and floats and day is not None:
        moment = _in_zone(day + timedelta(days=floats), clock, zone)
    return _ahead(moment, now)


def parse_day(text: str, today: date, locale: str = "zh_CN") -> date:
    """The day meant, today or later. Refusals: moment_not_understood(text), day_in_past, moment_too_far."""
    plain = _plain(text)
    _, day, _ = _take_day(plain, today, locale)
    after = _AFTER.fullmatch(plain)
    if after and after[2] in ("d", "day", "days", "天"):
        day = today + timedelta(days=int(after[1]))
    if day is None:
        raise Refusal("moment_not_understood", text=text)
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
    return " ".join(unicodedata.normalize("NFKC", text[:100]).casefold().replace("：", ":").split())


def _span(number: int, word: str) -> timedelta:
    if word.startswith(("d", "天")):
        return timedelta(days=number)
    if word.startswith(("h", "小", "个", "钟")):
        return timedelta(hours=number)
    return timedelta(minutes=number)


def _ahead(moment: datetime, now: datetime) -> datetime:
    if moment <= now:
        raise Refusal("moment_in_past", at=moment)
    if moment - now > MAX_AHEAD:
        raise Refusal("moment_too_far")
    return moment.astimezone(UTC)


def _take_day(text: str, today: date, locale: str) -> tuple[str, date | None, int]:
    """The text without its day, the day, and by how many days the day may move on if it is past."""
    for word, days in _DAY_WORDS.items():
        if word in text:
            rest = text.replace(word, _kept_part_of_day(word), 1)
            return rest, today + timedelta(days=days), 0
    for take in (_take_weekday, _take_date):
        found = take(text, today, locale)
        if found is not None:
            return found
    return text, None, 0


def _kept_part_of_day(word: str) -> str:
    return " 晚上 " if word in ("今晚", "明晚", "tonight") else " "


def _take_weekday(text: str, today: date, _locale: str) -> tuple[str, date, int] | None:
    chinese = _CHINESE_WEEKDAY.search(text)
    if chinese:
        weekday = "一二三四五六日".find(chinese[2].replace("天", "日"))
        monday = today - timedelta(days=today.weekday())
        weeks = {"下": 1, "下下": 2}.get(chinese[1] or "", 0)
        day = monday + timedelta(weeks=weeks, days=weekday)
        if not chinese[1] and day < today:
            day += timedelta(weeks=1)
        return _CHINESE_WEEKDAY.sub(" ", text, count=1), day, 0 if chinese[1] else 7
    english = _ENGLISH_WEEKDAY.search(text)
    if english:
        ahead = (_WEEKDAYS[english[2]] - today.weekday()) % 7
        if ahead == 0 and (english[1] or "").startswith("next"):
            ahead = 7
        return _ENGLISH_WEEKDAY.sub(" ", text, count=1), today + timedelta(days=ahead), 7
    return None


def _take_date(text: str, today: date, locale: str) -> tuple[str, date, int] | None:
    iso = _ISO.search(text)
    if iso:
        return _dated(text, iso, [(int(iso[1]), int(iso[2]), int(iso[3]))], today)
    chinese = _CHINESE_DATE.search(text)
    if chinese:
        return _dated(text, chinese, [(0, int(chinese[1]), int(chinese[2]))], today)
    english = _ENGLISH_DATE.search(text)
    if english:
        month = _MONTHS.index(english[2] or english[3]) + 1
        return _dated(text, english, [(0, month, int(english[1] or english[4]))], today)
    slash = _SLASH_DATE.search(text)
    if slash:
        first, second = int(slash[1]), int(slash[2])
        readings = [(0, first, second), (0, second, first)]
        return _dated(text, slash, readings if locale == "zh_CN" else readings[::-1], today)
    return None


def _dated(
    text: str, found: re.Match[str], readings: list[tuple[int, int, int]], today: date
) -> tuple[str, date, int] | None:
    for year, month, day in readings:
        try:
            read = date(year or today.year, month, day)
            if not year and read < today:
                read = date(today.year + 1, month, day)
        except ValueError:
            continue
        return text[: found.start()] + " " + text[found.end() :], read, 0
    return None


def _clock(text: str) -> time | None:
    try:
        return _read_clock(text)
    except ValueError:
        return None


def _read_clock(text: str) -> time | None:
    clock = _CLOCK.search(text)
    if clock:
        return _of_day(int(clock[1]), int(clock[2]), text, clock[3])
    hour = _HOUR_AMPM.search(text)
    if hour:
        return _of_day(int(hour[1]), 0, text, hour[2])
    chinese = _CHINESE_HOUR.search(text)
    if chinese:
        minutes = {"半": 30, "一刻": 15, "三刻": 45}.get(chinese[2] or "", int(chinese[3] or 0))
        return _of_day(parse_number(chinese[1]) or 0, minutes, text, None)
    if any(word in text for word in _NOON):
        return time(12)
    return None


def _of_day(hour: int, minute: int, text: str, half: str | None) -> time:
    later = half == "pm" or any(word in text for word in _AFTERNOON)
    if later and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    if any(word in text for word in _NOON) and hour < 3:
        hour += 12
    return time(hour, minute)


def _only_clock(text: str) -> bool:
    """Whether nothing but a time of day stands there, so that a stray number is not taken for one."""
    rest = text
    for pattern in (_CLOCK, _HOUR_AMPM, _CHINESE_HOUR):
        rest = pattern.sub(" ", rest, count=1)
    for word in (*_AFTERNOON, *_NOON, "上午", "早上", "at", "点"):
        rest = rest.replace(word, " ")
    return not rest.strip()


def _in_zone(day: date, clock: time, zone: str) -> datetime:
    local = datetime.combine(day, clock, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refusal("moment_in_clock_change")
    return moment
