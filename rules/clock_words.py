"""The time of day in a typed text: `18:00`, `6pm`, `下午6点半`, `晚上12点`, `noon`."""

import re
from datetime import timedelta

from rules.quantities import CHINESE_NUMBER, parse_number

_CLOCK = re.compile(
    rf"(?<!\d)(?P<hour>\d{{1,2}}|{CHINESE_NUMBER})(?:"
    rf":(?P<minute>\d{{2}})(?!\d)"
    rf"|[点时]钟?(?:(?P<part>半|一刻|三刻|整)|(?P<said>\d{{1,2}}|{CHINESE_NUMBER})分?)?"
    rf"|(?=\s*[ap]\.?m\b)|\s*o'clock)"
)
_HALF = re.compile(r"(?<![a-z])(?P<half>[ap])\.?m\b\.?")
_SMALL_HOURS = re.compile("凌晨")
_MORNING = re.compile("上午|早上|早晨|清晨|早|in the morning|morning")
_AFTERNOON = re.compile("下午|傍晚|in the afternoon|afternoon")
_EVENING = re.compile("晚上|夜里|晚|in the evening|evening|at night")
_NOON = re.compile("中午|正午|at noon|noon")
_FILLERS = re.compile(r"\b(?:at|on|by|until|till|before)\b|之前|以前|前|截止|截单|开始|的|到|[,。，]")
_PARTS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_NOON_HOURS = range(10, 15)
_LATE_HOURS = range(1, 5)
"""`晚上1点` is after midnight."""


def read_clock(text: str) -> timedelta | None:
    """Time since the day's midnight if the text (half width, lower case) says a time of day and nothing else."""
    clock = _CLOCK.search(text)
    rest = text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}"
    said, rest = _take_part_of_day(rest)
    if _FILLERS.sub(" ", rest).strip():
        return None
    if clock is None:
        return timedelta(hours=12) if said == "noon" else None
    hour, minute = parse_number(clock["hour"]), _minute(clock)
    if hour is None or minute is None or hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    placed = _hour_of_day(hour, said)
    return None if placed is None else timedelta(hours=placed, minutes=minute)


def only_fillers(text: str) -> bool:
    """Whether nothing of meaning is left in a text."""
    return not _FILLERS.sub(" ", text).strip()


def _minute(clock: re.Match[str]) -> int | None:
    if clock["part"]:
        return _PARTS[clock["part"]]
    return parse_number(clock["minute"] or clock["said"] or "0")


def _take_part_of_day(text: str) -> tuple[str, str]:
    """`am`, `pm`, `morning`, `afternoon`, `evening`, `noon` or nothing, and the text without any such word."""
    half = _HALF.search(text)
    said = f"{half['half']}m" if half else ""
    rest = _HALF.sub(" ", text, count=1)
    words = {"am": _SMALL_HOURS, "morning": _MORNING, "afternoon": _AFTERNOON, "evening": _EVENING, "noon": _NOON}
    for name, pattern in words.items():
        if pattern.search(rest):
            said = said or name
            rest = pattern.sub(" ", rest, count=1)
    return said, rest


def _hour_of_day(hour: int, said: str) -> int | None:
    """The hour on the 24-hour clock, counted on past midnight; None where the words contradict the number."""
    if said in ("am", "morning"):
        return None if hour > 12 else hour % 12 if said == "am" or hour < 12 else 12
    if said == "noon":
        return next((read for read in (hour, hour + 12) if read in _NOON_HOURS), None)
    if said == "evening" and (hour == 12 or hour in _LATE_HOURS):
        return 24 if hour == 12 else hour + 24
    if said in ("pm", "afternoon", "evening") and hour < 12:
        return hour + 12
    return hour
