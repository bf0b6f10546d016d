"""Moments and days as people type them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.refusal import Refusal
from rules.times import MAX_AHEAD, check_window, parse_day, parse_moment
from tests.rules.strategies import ANY_TEXT

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # Wednesday, 10:00 in Chongqing
ZONES = st.sampled_from([ZONE, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def read(text: str, locale: str = "zh_CN", zone: str = ZONE, now: datetime = NOW, after: datetime | None = None) -> str:
    """The local moment read, or the refusal's code."""
    try:
        moment = parse_moment(text, now, zone, locale, after=after)
    except Refusal as no:
        return no.code
    return moment.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天18点", "03-04 18:00"), ("今天１８：３０", "03-04 18:30"), ("明天下午6点半", "03-05 18:30"),
        ("后天 9:00", "03-06 09:00"), ("大后天上午十点", "03-07 10:00"), ("周五18:00", "03-06 18:00"),
        ("星期五 6pm", "03-06 18:00"), ("周5 18:00", "03-06 18:00"), ("周三9点", "03-11 09:00"),
        ("下周一上午9点", "03-09 09:00"), ("下下周三中午12点", "03-18 12:00"), ("本周日20点", "03-08 20:00"),
        ("今晚8点", "03-04 20:00"), ("明晚八点半", "03-05 20:30"), ("明早8点", "03-05 08:00"),
        ("晚上12点", "03-05 00:00"), ("晚上1点", "03-05 01:00"), ("24:00", "03-05 00:00"), ("凌晨2点", "03-05 02:00"),
        ("十点一刻", "03-04 10:15"), ("18点30分", "03-04 18:30"), ("截止周五18点前", "03-06 18:00"),
        ("12月25日18点", "12-25 18:00"), ("2026-12-25 18:00", "12-25 18:00"), ("2026年12月25日18点", "12-25 18:00"),
        ("25号18点", "03-25 18:00"), ("3号18点", "04-03 18:00"), ("3天后18点", "03-07 18:00"),
        ("Fri 18:00", "03-06 18:00"), ("friday 6pm", "03-06 18:00"), ("next wed 6pm", "03-11 18:00"),
        ("tomorrow 18:00", "03-05 18:00"), ("tomorrow noon", "03-05 12:00"), ("tonight at 8pm", "03-04 20:00"),
        ("tomorrow at 6 o'clock in the evening", "03-05 18:00"), ("25 Dec 18:00", "12-25 18:00"),
        ("25/12 18:00", "12-25 18:00"), ("25.12 18:00", "12-25 18:00"), ("25/12/2026 18:00", "12-25 18:00"),
        ("18:00", "03-04 18:00"), ("9:00", "03-05 09:00"), ("12am", "03-05 00:00"), ("12pm", "03-04 12:00"),
        ("in 2 hours", "03-04 12:00"), ("2小时后", "03-04 12:00"), ("30分钟后", "03-04 10:30"), ("+90m", "03-04 11:30"),
        ("半小时后", "03-04 10:30"), ("half an hour", "03-04 10:30"), ("in an hour", "03-04 11:00"),
        ("两个小时后", "03-04 12:00"), ("in 3 days", "03-07 10:00"), ("10:00", "03-05 10:00"), ("18:59", "03-04 18:59"),
        ("早上12点", "03-04 12:00"), ("凌晨12点", "03-05 00:00"), ("明天凌晨12点", "03-05 00:00"), ("上午11点", "03-04 11:00"),
        ("中午12点半", "03-04 12:30"), ("中午1点", "03-04 13:00"), ("中午2点", "03-04 14:00"), ("中午11点", "03-04 11:00"),
        ("明天中午10点", "03-05 10:00"), ("明天晚上1点", "03-06 01:00"), ("晚上5点", "03-04 17:00"),
        ("Dec 25 18:00", "12-25 18:00"), ("mon 6pm", "03-09 18:00"), ("next fri 6pm", "03-06 18:00"),
        ("wed 9am", "03-11 09:00"), ("wed 11am", "03-04 11:00"), ("周天18:00", "03-08 18:00"), ("周7 18:00", "03-08 18:00"),
    ],
)  # fmt: skip
def test_what_people_type(text: str, expected: str) -> None:
    assert read(text) == read(text, "en") == expected


def test_an_ambiguous_date_follows_the_language() -> None:
    assert read("5/4 18:00", "zh_CN") == "05-04 18:00"
    assert read("5/4 18:00", "en") == "04-05 18:00"
    assert parse_moment("5/4 18:00", NOW, ZONE) == datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "moment_not_understood"), ("soon", "moment_not_understood"), ("18", "moment_not_understood"),
        ("明天", "moment_not_understood"), ("明天18:00 foo", "moment_not_understood"),
        ("明天 18:00 19:00", "moment_not_understood"), ("2026-02-30 10:00", "moment_not_understood"),
        ("31/2 10:00", "moment_not_understood"), ("25:00", "moment_not_understood"),
        ("18:60", "moment_not_understood"), ("18:00 am", "moment_not_understood"),
        ("明天18:00" * 20, "moment_not_understood"),
        ("今天9点", "moment_in_past"), ("本周一9点", "moment_in_past"), ("2020-01-01 10:00", "moment_in_past"),
        ("上午13点", "moment_not_understood"), ("13am", "moment_not_understood"), ("24:30", "moment_not_understood"),
        ("中午3点", "moment_not_understood"), ("中午9点", "moment_not_understood"), ("中午15点", "moment_not_understood"),
        ("6pm pm", "moment_not_understood"), ("早上上午9点", "moment_not_understood"),
        ("十十点", "moment_not_understood"), ("8点十十分", "moment_not_understood"),
        ("十十天后18点", "moment_not_understood"), ("十十分钟后", "moment_not_understood"),
        ("2099-01-01 10:00", "moment_too_far"), ("9999天后", "moment_too_far"), ("in 0 minutes", "moment_in_past"),
    ],
)  # fmt: skip
def test_gasdotto_188_an_invalid_moment_is_refused_and_never_stored(text: str, code: str) -> None:
    """There, an invalid date silently never opened."""
    assert read(text) == code


def test_gasdotto_251_an_hour_can_be_given_for_closing() -> None:
    """There, a round had a closing day and no closing hour."""
    assert parse_moment("今天18点", NOW, ZONE) - parse_moment("今天17点30分", NOW, ZONE) == timedelta(minutes=30)


def test_open_food_network_6108_a_time_of_day_is_the_enterprises_own() -> None:
    """There, the server's time zone closed shops hours early."""
    assert parse_moment("18:00", NOW, "Asia/Shanghai") == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    assert parse_moment("18:00", NOW, "Europe/Berlin") == datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    before = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert read("2:30", zone="Europe/Berlin", now=before) == "moment_in_clock_change"
    assert read("3:00", zone="Europe/Berlin", now=before) == "03-29 03:00"
    after = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
    assert read("2:30", zone="Europe/Berlin", now=after) == "03-30 02:30"


def test_in_the_hour_that_the_clocks_repeat_the_next_such_time_is_meant() -> None:
    first, second = (datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1))  # both 2:15 in Berlin
    assert parse_moment("2:45", first, "Europe/Berlin") == first + timedelta(minutes=30)
    assert parse_moment("2:45", second, "Europe/Berlin") == second + timedelta(minutes=30)
    at_the_first = first + timedelta(minutes=30)
    assert parse_moment("2026-10-25 2:45", at_the_first, "Europe/Berlin") == at_the_first + timedelta(hours=1)


def test_a_closing_comes_after_its_opening() -> None:
    opening = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)  # Friday, 19:00
    assert read("18:00", after=opening) == "03-07 18:00"
    assert read("周五18:00", after=opening) == "03-13 18:00"
    assert read("明天18:00", after=opening) == "moment_in_past"


@given(st.integers(0, 23), st.integers(0, 59), ZONES, MOMENTS)
def test_a_bare_time_is_the_next_such_time(hour: int, minute: int, zone: str, now: datetime) -> None:
    for text in (f"{hour}:{minute:02}", f"{hour}点{minute}分"):
        try:
            moment = parse_moment(text, now, zone)
        except Refusal as no:
            assert no.code == "moment_in_clock_change"  # noqa: PT017
            continue
        local = moment.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (hour, minute)
        assert now < moment <= now + timedelta(hours=26)


@given(MOMENTS, MOMENTS, ZONES, st.sampled_from(["zh_CN", "en"]))
def test_a_full_date_is_read_back_exactly(wanted: datetime, now: datetime, zone: str, locale: str) -> None:
    wanted = wanted.replace(second=0, microsecond=0)
    text = wanted.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    if now < wanted <= now + MAX_AHEAD and wanted.astimezone(ZoneInfo(zone)).fold == 0:
        assert parse_moment(text, now, zone, locale) == wanted


@given(st.sampled_from("一二三四五六日"), st.integers(0, 23), MOMENTS)
def test_a_weekday_is_the_next_such_day(weekday: str, hour: int, now: datetime) -> None:
    moment = parse_moment(f"周{weekday}{hour}点", now, ZONE)
    local = moment.astimezone(ZoneInfo(ZONE))
    assert ("一二三四五六日"[local.weekday()], local.hour) == (weekday, hour)
    assert now < moment <= now + timedelta(days=7)


@given(ANY_TEXT, ZONES, MOMENTS, st.sampled_from(["zh_CN", "en"]))
def test_any_text_is_a_moment_to_come_or_a_refusal(text: str, zone: str, now: datetime, locale: str) -> None:
    try:
        moment = parse_moment(text, now, zone, locale)
    except Refusal:
        return
    assert now < moment <= now + MAX_AHEAD
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周五", date(2026, 3, 6)), ("周三", date(2026, 3, 4)), ("明天", date(2026, 3, 5)), ("today", date(2026, 3, 4)),
        ("on Friday", date(2026, 3, 6)), ("the day after tomorrow", date(2026, 3, 6)), ("2天后", date(2026, 3, 6)),
        ("25 dec", date(2026, 12, 25)), ("1月2日", date(2027, 1, 2)), ("2026-04-01", date(2026, 4, 1)),
        ("5/4", date(2026, 5, 4)), ("31号", date(2026, 3, 31)), ("4号", date(2026, 3, 4)), ("周一", date(2026, 3, 9)),
        ("Dec 25", date(2026, 12, 25)), ("next wed", date(2026, 3, 11)), ("wed", date(2026, 3, 4)),
        ("sunday", date(2026, 3, 8)), ("下周二", date(2026, 3, 10)),
    ],
)  # fmt: skip
def test_days(text: str, expected: date) -> None:
    assert parse_day(text, date(2026, 3, 4)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("周五 foo", "moment_not_understood"), ("18:00", "moment_not_understood"), ("", "moment_not_understood"),
        ("2020-01-01", "day_in_past"), ("2099-01-01", "moment_too_far"), ("2026-02-30", "moment_not_understood"),
    ],
)  # fmt: skip
def test_what_is_no_day(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_day(text, date(2026, 3, 4))
    assert caught.value.code == code


@given(ANY_TEXT, st.dates(date(2024, 1, 1), date(2035, 1, 1)), st.sampled_from(["zh_CN", "en"]))
def test_any_text_is_a_day_or_a_refusal(text: str, today: date, locale: str) -> None:
    try:
        day = parse_day(text, today, locale)
    except Refusal:
        return
    assert today <= day <= today + MAX_AHEAD


@given(st.dates(date(2024, 1, 1), date(2034, 1, 1)), st.integers(0, 360))
def test_a_day_without_a_year_is_the_next_one(today: date, ahead: int) -> None:
    wanted = today + timedelta(days=ahead)
    if (wanted.month, wanted.day) != (2, 29):
        assert parse_day(f"{wanted.month}月{wanted.day}日", today) == wanted
        assert parse_day(f"{wanted.day}/{wanted.month}/{wanted.year}", today, "en") == wanted


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (None, -1, "closes_in_past"),
        (None, 0, "closes_in_past"),
        (5, 5, "closes_before_opening"),
        (5, 3, "closes_before_opening"),
    ],
)
def test_a_round_that_could_never_be_open_is_refused(opens: int | None, closes: int, code: str) -> None:
    opens_at = None if opens is None else NOW + timedelta(hours=opens)
    with pytest.raises(Refusal) as caught:
        check_window(opens_at, NOW + timedelta(hours=closes), NOW)
    assert caught.value.code == code


def test_a_round_that_opens_at_once_and_closes_later_is_fine() -> None:
    check_window(None, NOW + timedelta(seconds=1), NOW)
    check_window(NOW + timedelta(hours=1), NOW + timedelta(hours=2), NOW)


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("30号", date(2026, 1, 31), date(2026, 3, 30)),
        ("29号", date(2026, 1, 30), date(2026, 3, 29)),
        ("3号", date(2026, 12, 20), date(2027, 1, 3)),
        ("31号", date(2026, 12, 31), date(2026, 12, 31)),
        ("30号", date(2026, 12, 31), date(2027, 1, 30)),
    ],
)
def test_a_day_of_the_month_is_the_next_one_that_there_is(text: str, today: date, expected: date) -> None:
    assert parse_day(text, today) == expected


def test_no_month_has_a_32nd() -> None:
    with pytest.raises(Refusal, match="moment_not_understood"):
        parse_day("32号", date(2026, 3, 4))


@pytest.mark.parametrize(("zone", "expected"), [("Pacific/Kiritimati", 6), ("Pacific/Honolulu", 5)])
def test_tomorrow_is_the_enterprises_own(zone: str, expected: int) -> None:
    """A day apart at any moment, so that at most one of them can be the server's."""
    moment = parse_moment("明天12点", datetime(2026, 3, 4, 12, 0, tzinfo=UTC), zone)
    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime(2026, 3, expected, 12, 0)  # noqa: DTZ001
    assert moment.tzinfo is UTC


def test_an_english_weekday_is_the_next_such_day() -> None:
    """Each English weekday, full and short, on each day of a week."""
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    for today in (date(2026, 3, 2) + timedelta(days=n) for n in range(7)):
        for weekday, name in enumerate(names):
            expected = today + timedelta(days=(weekday - today.weekday()) % 7)
            assert parse_day(name, today) == parse_day(name[:3], today) == expected
