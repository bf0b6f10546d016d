"""Dates of a series as moments: clock changes, holidays, decisions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.recurrence import Chosen, Monthly, Recurrence, Weekly
from rules.refusal import Refusal
from rules.series_dates import (
    MAX_CLOSES_DAYS,
    MAX_MOVED_DAYS,
    Clash,
    Decision,
    Planned,
    Times,
    check_times,
    local_moment,
    planned,
)
from tests.rules.test_recurrence import RECURRENCES

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
TIMES = Times(540, 1, 1080, 3, 120)


@dataclass(frozen=True)
class Calendar:
    """Weekends and some holidays."""

    holidays: frozenset[date] = frozenset()

    def holiday(self, day: date) -> bool:
        """One of them."""
        return day in self.holidays

    def working(self, day: date) -> bool:
        """Monday to Friday, no holiday."""
        return day.weekday() < 5 and day not in self.holidays


def plans(
    recurrence: Recurrence, since: date, *, zone: str = "Europe/Berlin", times: Times = TIMES,
    holidays: frozenset[date] = frozenset(), decided: dict[date, Decision] | None = None, count: int = 12,
) -> list[Planned]:  # fmt: skip
    """The first of them."""
    given_by = planned(recurrence, times, zone, Calendar(holidays), (decided or {}).get, since)
    return list(islice(given_by, count))


@given(RECURRENCES, st.sampled_from(ZONES), st.integers(0, 1439), st.integers(0, 1439))
def test_the_local_time_of_day_is_kept_across_clock_changes(
    recurrence: Recurrence, zone: str, opens: int, closes: int
) -> None:
    """Foodsoft #436 and Open Food Network #6108: the server's zone closed shops hours early."""
    times = Times(opens, 1, closes)
    for plan in plans(recurrence, date(2026, 1, 1), zone=zone, times=times):
        for moment, minute, day in (
            (plan.opens_at, opens, plan.on),
            (plan.closes_at, closes, plan.on + timedelta(days=1)),
        ):
            local = moment.astimezone(ZoneInfo(zone))
            wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
            clash = {clash.why for clash in plan.clashes if clash.day == day}
            assert local.replace(tzinfo=None) == wanted or "no_such_time" in clash
            assert moment.tzinfo is UTC


@given(RECURRENCES, st.sampled_from(ZONES), st.data())
def test_openings_increase_whatever_is_decided(recurrence: Recurrence, zone: str, data: st.DataObject) -> None:
    since = date(2026, 1, 1)
    regular = [plan.day for plan in plans(recurrence, since)]
    holidays = frozenset(data.draw(st.sets(st.sampled_from(regular)))) if regular else frozenset()
    decided = {day: data.draw(st.sampled_from(list(Decision))) for day in holidays}
    found = plans(recurrence, since, zone=zone, holidays=holidays, decided=decided)
    assert [plan.day for plan in found] == regular
    assert all(one.on < other.on for one, other in pairwise(found))
    assert all(abs((plan.on - plan.day).days) <= MAX_MOVED_DAYS for plan in found)


@given(RECURRENCES, st.sampled_from(ZONES), st.integers(0, 11), st.data())
def test_a_date_is_the_same_wherever_one_begins_to_look(
    recurrence: Recurrence, zone: str, place: int, data: st.DataObject
) -> None:
    """What the preview shows is what is created later, one by one."""
    preview = plans(recurrence, date(2026, 1, 1), zone=zone)
    if not preview:
        return
    holidays = frozenset(plan.day for plan in preview[::2])
    decided = {plan.day: data.draw(st.sampled_from(list(Decision))) for plan in preview[::3]}
    preview = plans(recurrence, date(2026, 1, 1), zone=zone, holidays=holidays, decided=decided)
    plan = preview[min(place, len(preview) - 1)]
    assert plans(recurrence, plan.day, zone=zone, holidays=holidays, decided=decided, count=1) == [plan]


@given(RECURRENCES, st.integers(0, 11))
def test_skipping_removes_exactly_one(recurrence: Recurrence, place: int) -> None:
    before = plans(recurrence, date(2026, 1, 1))
    if not before:
        return
    skipped = before[min(place, len(before) - 1)].day
    after = plans(recurrence, date(2026, 1, 1), decided={skipped: Decision.SKIP})
    assert [plan for plan in after if not plan.skipped] == [plan for plan in before if plan.day != skipped]


def test_a_weekly_round_does_not_lose_the_day_after_the_clocks_spring_forward() -> None:
    """APScheduler's CronTrigger(hour=0) skips 30 March 2026 in Berlin; a series of days loses none."""
    daily = Chosen(tuple(date(2026, 3, 27) + timedelta(days=n) for n in range(5)))
    found = plans(daily, date(2026, 3, 27), times=Times(0, 0, 1080))
    assert [plan.opens_at.isoformat() for plan in found] == [
        "2026-03-26T23:00:00+00:00", "2026-03-27T23:00:00+00:00", "2026-03-28T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00", "2026-03-30T22:00:00+00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "minute", "moment", "why"),
    [
        (date(2026, 3, 29), 150, "2026-03-29T01:00:00+00:00", "no_such_time"),
        (date(2026, 3, 29), 120, "2026-03-29T01:00:00+00:00", "no_such_time"),
        (date(2026, 3, 29), 180, "2026-03-29T01:00:00+00:00", ""),
        (date(2026, 3, 29), 119, "2026-03-29T00:59:00+00:00", ""),
        (date(2026, 10, 25), 150, "2026-10-25T00:30:00+00:00", "time_twice"),
        (date(2026, 10, 25), 180, "2026-10-25T02:00:00+00:00", ""),
        (date(2026, 6, 1), 1500, "2026-06-01T23:00:00+00:00", ""),
    ],
)
def test_what_the_clocks_do_in_berlin(day: date, minute: int, moment: str, why: str) -> None:
    at, said = local_moment(day, minute, "Europe/Berlin")
    assert (at.isoformat(), said) == (moment, why)


@pytest.mark.parametrize("minute", range(120, 180))
def test_every_time_that_the_clocks_skip_is_the_moment_they_jump_to(minute: int) -> None:
    at, _ = local_moment(date(2026, 3, 29), minute, "Europe/Berlin")
    assert at == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_clock_change_is_shown_and_can_be_avoided() -> None:
    monthly = Chosen((date(2026, 3, 29), date(2026, 10, 25)))
    spring, autumn = plans(monthly, date(2026, 1, 1), times=Times(150, 1, 150))
    assert spring.clashes == (Clash("opens", "no_such_time", date(2026, 3, 29)),)
    assert autumn.clashes == (Clash("opens", "time_twice", date(2026, 10, 25)),)
    assert (spring.earlier, spring.later) == (date(2026, 3, 27), date(2026, 3, 30))
    assert spring.open_question
    closing = plans(monthly, date(2026, 1, 1), times=Times(60, 0, 150))[0]
    assert closing.clashes == (Clash("closes", "no_such_time", date(2026, 3, 29)),)
    moved = plans(monthly, date(2026, 1, 1), times=Times(150, 1, 150), decided={spring.day: Decision.LATER})[0]
    assert (moved.on, moved.clashes, moved.opens_at.isoformat()) == (date(2026, 3, 30), (), "2026-03-30T00:30:00+00:00")


def test_a_round_that_the_clock_change_swallows_is_known_to_be_impossible() -> None:
    """GASdotto #188: an invalid date silently never opened; here it is known before."""
    (plan,) = plans(Chosen((date(2026, 3, 29),)), date(2026, 1, 1), times=Times(125, 0, 170))
    assert not plan.possible
    assert not plan.skipped


def test_a_holiday_clashes_with_opening_closing_and_delivery() -> None:
    holidays = frozenset({date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5)})
    (plan,) = plans(Monthly(date(2026, 10, 1), 1), date(2026, 10, 1), holidays=holidays, count=1)
    assert plan.clashes == (
        Clash("opens", "holiday", date(2026, 10, 1)), Clash("closes", "holiday", date(2026, 10, 2)),
        Clash("delivers", "holiday", date(2026, 10, 5)),
    )  # fmt: skip
    assert plan.earlier == date(2026, 9, 30) - timedelta(days=1), "on the 30th it would close on a holiday"


def test_a_decision_that_no_longer_fits_is_a_question_again() -> None:
    day = date(2026, 10, 1)
    (plan,) = plans(Weekly(day), day, holidays=frozenset({day}), decided={day: Decision.LATER}, count=1)
    assert plan.on == date(2026, 10, 2)
    week = frozenset(day + timedelta(days=n) for n in range(7))
    (plan,) = plans(Weekly(day), day, holidays=week, decided={day: Decision.LATER}, count=1)
    assert (plan.on, plan.decision, plan.open_question) == (day, None, True)


@pytest.mark.parametrize(
    ("holidays", "earlier", "later"),
    [
        ((2,), date(2026, 2, 27), date(2026, 3, 3)),
        ((-1, 2), None, date(2026, 3, 3)),  # the 26th of February would be nearer to the Monday before
        ((2, 3, 4), date(2026, 2, 27), date(2026, 3, 5)),
        ((2, 3, 4, 5), date(2026, 2, 27), None),  # on the 6th it would be as near to the next Monday
        ((), None, None),
    ],
)
def test_a_round_moves_up_to_halfway_to_its_neighbour(
    holidays: tuple[int, ...], earlier: date | None, later: date | None
) -> None:
    days = frozenset(date(2026, 2, 28) + timedelta(days=day) for day in holidays)
    (plan,) = plans(Weekly(date(2026, 2, 23)), date(2026, 3, 2), holidays=days, times=Times(540, 0, 1080), count=1)
    assert (plan.earlier, plan.later) == (earlier, later)


def test_a_round_has_its_own_room_on_either_side() -> None:
    """Six days towards the 16th of February, one towards the 5th of March; the weekend before is not worked."""
    monday = date(2026, 3, 2)
    days = Chosen((date(2026, 2, 16), monday, date(2026, 3, 5)))
    (plan,) = plans(days, monday, holidays=frozenset({monday}), times=Times(540, 0, 1080), count=1)
    assert (plan.earlier, plan.later) == (date(2026, 2, 27), date(2026, 3, 3))


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (Times(1440, 1, 0), "closes_before_opening"),
        (Times(540, 0, 540), "closes_before_opening"), (Times(540, 0, 539), "closes_before_opening"),
        (Times(540, -1, 1080), "too_many_days"), (Times(540, MAX_CLOSES_DAYS + 1, 0), "too_many_days"),
        (Times(540, 1, 0, MAX_CLOSES_DAYS + 1), "too_many_days"), (Times(540, 1, 0, -1), "too_many_days"),
    ],
)  # fmt: skip
def test_times_that_cannot_be(times: Times, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_times(times)
    assert caught.value.code == code


def test_times_that_can_be() -> None:
    for times in (
        Times(540, 0, 541),
        Times(540, 1, 0),
        Times(540, 1, 540, 0),
        Times(0, MAX_CLOSES_DAYS, 0, MAX_CLOSES_DAYS),
        TIMES,
    ):
        assert check_times(times) is times


def test_the_reminder_comes_before_the_closing() -> None:
    (plan,) = plans(Weekly(date(2026, 3, 2)), date(2026, 3, 2), count=1)
    assert plan.reminds_at == plan.closes_at - timedelta(hours=2)
    assert plan.delivers_on == date(2026, 3, 6)
