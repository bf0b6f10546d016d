"""Public holidays: China with its substituted days, others, none; and how a country is found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Enterprise
from rules.refusal import Refusal
from services.calendars import HolidayCalendar, calendar_of, country_of_zone, parse_country
from tests.clock import Clock


@pytest.mark.parametrize(
    ("country", "day", "holiday", "working"),
    [
        ("CN", date(2026, 10, 1), True, False), ("CN", date(2026, 10, 4), True, False),  # a Sunday amid them
        ("CN", date(2026, 10, 7), True, False),  # a day off in exchange for 10 October
        ("CN", date(2026, 10, 10), False, True),  # a Saturday that is worked
        ("CN", date(2026, 10, 8), False, True), ("CN", date(2026, 3, 7), False, False),
        ("DE", date(2026, 4, 5), True, False),  # Easter Sunday, between two holidays
        ("DE", date(2026, 10, 3), True, False), ("DE", date(2026, 10, 5), False, True),
        ("", date(2026, 10, 1), False, True), ("", date(2026, 10, 3), False, False),
    ],
)  # fmt: skip
def test_holidays_and_working_days(country: str, day: date, holiday: bool, working: bool) -> None:
    calendar = HolidayCalendar(country)
    assert (calendar.holiday(day), calendar.working(day)) == (holiday, working)


def test_they_have_names_in_both_languages() -> None:
    assert HolidayCalendar("CN").name(date(2026, 10, 1), "zh_CN") == "国庆节"
    assert HolidayCalendar("CN").name(date(2026, 10, 1), "en") == "National Day"
    assert HolidayCalendar("DE").name(date(2026, 10, 3), "en") == "German Unity Day"
    assert HolidayCalendar("DE").name(date(2026, 10, 3), "zh_CN") == "German Unity Day", "better than German"
    assert HolidayCalendar("CN").name(date(2026, 10, 4), "zh_CN") == ""


def test_the_country_follows_from_the_zone_unless_it_is_set(clock: Clock) -> None:
    def calendar(zone: str, country: str | None) -> str:
        return calendar_of(Enterprise(name="x", zone=zone, country=country, created_at=clock())).country

    assert calendar("Asia/Shanghai", None) == "CN"
    assert calendar("Asia/Chongqing", None) == "CN", "an old name of the zone"
    assert calendar("Europe/Berlin", None) == "DE"
    assert calendar("Europe/Berlin", "FR") == "FR"
    assert calendar("Europe/Berlin", "") == ""
    assert country_of_zone("UTC") == ""


@pytest.mark.parametrize(
    ("text", "country"),
    [("中国", "CN"), ("germany", "DE"), (" DE ", "DE"), ("ｄｅ", "DE"), ("法国", "FR"), ("无", ""), ("none", "")],
)
def test_a_country_as_people_type_it(text: str, country: str) -> None:
    assert parse_country(text) == country


@given(st.text(max_size=80))
def test_any_other_text_is_refused(text: str) -> None:
    try:
        country = parse_country(text)
    except Refusal:
        return
    assert HolidayCalendar(country).working(date(2026, 3, 4)) or country


def test_what_is_no_country_is_refused() -> None:
    for text in ("火星", "🎃", "", "D", "Germany and France"):
        with pytest.raises(Refusal) as caught:
            parse_country(text)
        assert caught.value.code == "country_not_understood"
