"""How often and when, as coordinators type it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.recurrence import LAST, Chosen, Monthly, MonthlyWeekday, Recurrence, Weekly, check_recurrence, days_from
from rules.recurrence_text import parse_closing, parse_opening, parse_recurrence
from rules.refusal import Refusal
from rules.series_phases import SeriesPhase, series_phase
from tests.rules.strategies import ANY_TEXT

TODAY = date(2026, 3, 2)  # a Monday
THURSDAY, FRIDAY = date(2026, 3, 5), date(2026, 3, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every week", Weekly(TODAY)), ("weekly", Weekly(TODAY)), ("每周", Weekly(TODAY)), ("每星期一次", Weekly(TODAY)),
        ("every 2 weeks", Weekly(TODAY, 2)), ("Fortnightly", Weekly(TODAY, 2)), ("隔周", Weekly(TODAY, 2)),
        ("每两周", Weekly(TODAY, 2)), ("每３周", Weekly(TODAY, 3)), ("every other Friday", Weekly(FRIDAY, 2)),
        ("every Friday", Weekly(FRIDAY)), ("每周四", Weekly(THURSDAY)), ("每 周 四", Weekly(THURSDAY)),
        ("每两周周四", Weekly(THURSDAY, 2)), ("fortnightly on Thursdays", Weekly(THURSDAY, 2)), ("每四周", Weekly(TODAY, 4)),
        ("monthly on 31", Monthly(TODAY, 31)), ("the 15th of every month", Monthly(TODAY, 15)),
        ("每月31号", Monthly(TODAY, 31)), ("每月 15 日", Monthly(TODAY, 15)), ("每个月十五号", Monthly(TODAY, 15)),
        ("last Friday", MonthlyWeekday(TODAY, LAST, 4)), ("every month on the second Tuesday", MonthlyWeekday(TODAY, 2, 1)),
        ("每月最后一个周五", MonthlyWeekday(TODAY, LAST, 4)), ("每月第二个星期天", MonthlyWeekday(TODAY, 2, 6)),
        ("3月5日，3月19日、2026-04-02", Chosen((THURSDAY, date(2026, 3, 19), date(2026, 4, 2)))), ("明天", Chosen((date(2026, 3, 3),))),
    ],
)  # fmt: skip
def test_understood(text: str, expected: Recurrence) -> None:
    assert parse_recurrence(text, TODAY, TODAY, "zh_CN") == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("every 0 weeks", "weeks_out_of_range"), ("每0周", "weeks_out_of_range"), ("every -2 weeks", "weeks_out_of_range"),
        ("every 99 weeks", "weeks_out_of_range"), ("monthly on 0", "month_day_out_of_range"),
        ("每月32号", "month_day_out_of_range"), ("31 February", "recurrence_not_understood"),
        ("2月31日", "recurrence_not_understood"), ("🎃", "recurrence_not_understood"), ("", "no_days"), (" , ", "no_days"),
        ("2020-01-01", "day_in_past"), ("2029-01-01", "moment_too_far"), ("3月5日，foo", "recurrence_not_understood"),
        ("x" * 500, "recurrence_not_understood"), ("last week", "recurrence_not_understood"),
    ],
)  # fmt: skip
def test_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_recurrence(text, TODAY, TODAY, "en")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("every Monday", date(2026, 3, 9)),
        ("每周四", date(2026, 3, 12)),
        ("every Friday", FRIDAY),
        ("每周日", date(2026, 3, 8)),
    ],
)
def test_a_series_begins_with_the_next_such_weekday(text: str, first: date) -> None:
    assert parse_recurrence(text, FRIDAY, TODAY, "en") == Weekly(first)


def test_which_of_two_numbers_is_the_day_depends_on_the_language() -> None:
    days = Chosen((THURSDAY, date(2026, 4, 5)))
    assert parse_recurrence("5/3, 5/4", TODAY, TODAY, "en") == days
    assert parse_recurrence("3/5，4/5", TODAY, TODAY, "zh_CN") == days


@pytest.mark.parametrize(
    ("recurrence", "first"),
    [
        (Weekly(FRIDAY, 2), FRIDAY), (Monthly(FRIDAY, 6), FRIDAY), (Monthly(FRIDAY, 5), date(2026, 4, 5)),
        (MonthlyWeekday(FRIDAY, 1, 0), date(2026, 4, 6)), (Chosen((THURSDAY,)), THURSDAY),
        (Chosen((THURSDAY, FRIDAY)), THURSDAY),
    ],
)  # fmt: skip
def test_the_first_day_of_a_series(recurrence: Recurrence, first: date) -> None:
    assert next(days_from(recurrence, TODAY)) == first


@given(ANY_TEXT | st.text("每周月号日一两三1230最后第个everywkmonthlast ,", max_size=20))
def test_any_text_is_a_recurrence_with_days_or_a_refusal(text: str) -> None:
    try:
        found = parse_recurrence(text, TODAY, TODAY, "zh_CN")
    except Refusal:
        return
    assert check_recurrence(found) == found
    assert next(days_from(found, TODAY)) >= TODAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2天后18:00", (2, 1080)), ("两天后下午6点", (2, 1080)), ("当天18点", (0, 1080)), ("次日中午", (1, 720)),
        ("2 days later 18:00", (2, 1080)), ("same day 6pm", (0, 1080)), ("the next day at noon", (1, 720)),
        ("２天后 18：00", (2, 1080)), ("2天后晚上12点", (3, 0)), ("at  6 pm the  same day", (0, 1080)),
        ("18:00 five days  later", (5, 1080)), ("18:01 in 1 day", (1, 1081)), ("0天后 0:00", (0, 0)),
    ],
)  # fmt: skip
def test_closings(text: str, expected: tuple[int, int]) -> None:
    assert repr(parse_closing(text)) == repr(expected), "whole days and minutes"


@pytest.mark.parametrize("text", ["3天后", "18:00", "🎃", "", "-1天后18:00", "2天后25:00", "when it suits"])
def test_a_closing_needs_its_hour(text: str) -> None:
    """GASdotto #251: there was no closing hour; here a closing without one is refused."""
    with pytest.raises(Refusal) as caught:
        parse_closing(text)
    assert caught.value.code == "closing_not_understood"


@pytest.mark.parametrize(
    ("text", "minute"),
    [("9:30", 570), ("早上9点", 540), ("9am", 540), ("０９：３０", 570), ("noon", 720), ("at  9 am", 540), ("23:59", 1439), ("9:30" + " at" * 132, 570)],
)  # fmt: skip
def test_openings(text: str, minute: int) -> None:
    assert repr(parse_opening(text)) == repr(minute), "whole minutes"


@pytest.mark.parametrize(
    "text", ["25:00", "晚上12点", "tomorrow 9:00", "🎃", "", "9" * 500, "24:00", "9:30" + " at" * 133]
)
def test_an_opening_is_a_time_of_day(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_opening(text)
    assert caught.value.code == "hour_not_understood"


WAYS = {
    ("draft", "running"), ("draft", "ended"), ("running", "paused"), ("running", "ended"), ("paused", "running"),
    ("paused", "ended"),
}  # fmt: skip


@pytest.mark.parametrize("phase", list(SeriesPhase))
@pytest.mark.parametrize("wanted", [*SeriesPhase, "nonsense"])
def test_the_ways_between_phases(phase: str, wanted: str) -> None:
    if (phase, wanted) in WAYS:
        assert series_phase(phase, wanted) == wanted
        return
    with pytest.raises(Refusal) as caught:
        series_phase(phase, wanted)
    assert caught.value.code == ("series_ended" if phase == "ended" else "button_stale")
