"""A series as its rows say it: its recurrence, its next dates, and when its next round is to be made.

Each round is made a day before it opens. `next_day` and `next_at` are the schedule; whatever changes a running
series first makes what is due and then schedules anew, so that nothing falls between.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from models import Enterprise, Round, Series, SeriesOccurrence
from rules.recurrence import Chosen, Monthly, MonthlyWeekday, Recurrence, Weekly
from rules.refusal import Refusal
from rules.series_dates import MAX_MOVED_DAYS, Decision, Planned, Times, planned
from services.access import coordinator
from services.calendars import calendar_of
from services.work import Work

LEAD = timedelta(days=1)
PREVIEW_DATES = 6


def own_series(work: Work, series_id: int) -> Series:
    """A series of an enterprise that the actor coordinates, locked; or a Refusal."""
    series = work.session.get(Series, series_id, with_for_update=True)
    if series is None:
        raise Refusal("not_found")
    coordinator(work, series.enterprise_id)
    return series


def series_of_round(work: Work, round_id: int) -> Series | None:
    """The series that a round belongs to."""
    return work.session.exec(
        select(Series)
        .join(SeriesOccurrence, col(SeriesOccurrence.series_id) == Series.id)
        .where(SeriesOccurrence.round_id == round_id)
    ).first()


def newest_round(work: Work, series: Series) -> Round | None:
    """The newest round of a series."""
    return work.session.exec(
        select(Round)
        .join(SeriesOccurrence, col(SeriesOccurrence.round_id) == Round.id)
        .where(SeriesOccurrence.series_id == series.id)
        .order_by(col(SeriesOccurrence.day).desc())
    ).first()


def recurrence_of(series: Series) -> Recurrence:
    """On which days it has a round."""
    if series.kind == "weekly":
        return Weekly(series.starts_on, series.every_weeks)
    if series.kind == "monthly":
        return Monthly(series.starts_on, series.month_day)
    if series.kind == "monthly_weekday":
        return MonthlyWeekday(series.starts_on, series.month_place, series.weekday)
    return Chosen(tuple(date.fromisoformat(day) for day in series.days))


def set_recurrence(series: Series, recurrence: Recurrence) -> None:
    """Have a round on these days from now on."""
    if isinstance(recurrence, Chosen):
        series.kind, series.days = "chosen", [day.isoformat() for day in recurrence.days]
        return
    series.starts_on = recurrence.starts_on
    if isinstance(recurrence, Weekly):
        series.kind, series.every_weeks = "weekly", recurrence.every_weeks
    elif isinstance(recurrence, Monthly):
        series.kind, series.month_day = "monthly", recurrence.day
    else:
        series.kind, series.month_place, series.weekday = "monthly_weekday", recurrence.place, recurrence.weekday


def times_of(series: Series) -> Times:
    """When its rounds open, close, deliver and remind."""
    return Times(
        series.opens_minute, series.closes_days, series.closes_minute, series.delivers_days, series.reminder_minutes
    )


def planned_rounds(work: Work, series: Series, since: date) -> Iterator[Planned]:
    """Its rounds from a regular day on, skipped ones included."""
    enterprise = work.session.get_one(Enterprise, series.enterprise_id)
    rows = work.session.exec(
        select(col(SeriesOccurrence.day), col(SeriesOccurrence.decision)).where(
            SeriesOccurrence.series_id == series.id, SeriesOccurrence.decision != ""
        )
    )
    decided = {day: Decision(decision) for day, decision in rows}
    return planned(
        recurrence_of(series), times_of(series), enterprise.zone, calendar_of(enterprise), decided.get, since
    )


def upcoming(work: Work, series: Series) -> Iterator[Planned]:
    """Its rounds that are still to be made and to open, skipped ones included."""
    enterprise = work.session.get_one(Enterprise, series.enterprise_id)
    today = work.now.astimezone(ZoneInfo(enterprise.zone)).date()
    newest = work.session.exec(
        select(func.max(SeriesOccurrence.day)).where(
            SeriesOccurrence.series_id == series.id, SeriesOccurrence.state != "planned"
        )
    ).one()
    since = today - timedelta(days=MAX_MOVED_DAYS)
    if newest is not None:
        since = max(since, newest + timedelta(days=1))
    return (plan for plan in planned_rounds(work, series, since) if plan.opens_at > work.now)


def next_dates(work: Work, series: Series, count: int = PREVIEW_DATES) -> tuple[Planned, ...]:
    """The preview: its next dates."""
    return tuple(islice(upcoming(work, series), count))


def schedule_anew(work: Work, series: Series) -> None:
    """What is next after something has changed: the first date that opens after now. Not for what is due already."""
    work.session.flush()
    schedule(series, upcoming(work, series) if series.phase == "running" else iter(()))


def schedule(series: Series, plans: Iterator[Planned]) -> None:
    """The next round to make is the first of these that is not skipped."""
    plan = next((plan for plan in plans if not plan.skipped), None)
    series.next_day = plan.day if plan else None
    series.next_at = plan.opens_at - LEAD if plan else None
    series.retry_at = None


def next_making(work: Work) -> datetime | None:
    """When the next round of any series is to be made, for the alarm clock."""
    due = func.min(func.coalesce(Series.retry_at, Series.next_at))
    return work.session.exec(select(due).where(Series.phase == "running", col(Series.next_at).is_not(None))).one()
