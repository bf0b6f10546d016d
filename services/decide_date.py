"""A coordinator decides about one date of a series: keep it, move it to a free day beside it, or skip it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import select

from models import Enterprise, Round, Series, SeriesOccurrence
from rules.phases import RoundPhase
from rules.refusal import Refusal
from rules.series_dates import Decision, Planned
from services.access import round_for_coordinator
from services.calendars import HolidayCalendar, calendar_of
from services.change_round import cancel
from services.draft_round import own_draft
from services.due_series import make_what_is_due
from services.open_round import publish_round
from services.series import own_series, planned_rounds, schedule_anew
from services.work import Work

MAX_AWAY = timedelta(days=800)
"""Further away than any date that was ever shown."""


@dataclass(frozen=True, slots=True)
class DateView:
    """One date of a series with what may be decided about it."""

    series_id: int
    title: str
    plan: Planned
    calendar: HolidayCalendar
    zone: str


def read_date(work: Work, series_id: int, day: date) -> DateView:
    """A date that is still to come, or Refusal("date_passed")."""
    return _view(work, own_series(work, series_id), day)


def _view(work: Work, series: Series, day: date) -> DateView:
    enterprise = work.session.get_one(Enterprise, series.enterprise_id)
    if series.phase == "ended":
        raise Refusal("series_ended")
    near = abs(day - work.now.date()) <= MAX_AWAY
    plan = next(planned_rounds(work, series, day), None) if near else None
    if plan is None or plan.day != day:
        raise Refusal("button_stale")
    if plan.opens_at <= work.now or _done(work, series, day):
        raise Refusal("date_passed")
    return DateView(series.id or 0, series.title, plan, calendar_of(enterprise), enterprise.zone)


def _done(work: Work, series: Series, day: date) -> bool:
    row = _row(work, series, day)
    return row is not None and row.state != "planned"


def _row(work: Work, series: Series, day: date) -> SeriesOccurrence | None:
    return work.session.exec(
        select(SeriesOccurrence).where(SeriesOccurrence.series_id == series.id, SeriesOccurrence.day == day)
    ).first()


def decide_date(work: Work, series_id: int, day: date, wanted: str) -> DateView:
    """Decide about a date whose round does not exist yet; a later decision replaces an earlier one.

    Refusals: date_passed, moment_in_past (it would be moved before now), no_free_day, series_ended, button_stale.
    """
    series = own_series(work, series_id)
    make_what_is_due(work, series)
    before = _view(work, series, day)
    if wanted not in list(Decision):
        raise Refusal("button_stale")
    if wanted in (Decision.EARLIER, Decision.LATER) and getattr(before.plan, wanted) is None:
        raise Refusal("no_free_day")
    row = {"series_id": series.id, "day": day, "decision": "", "state": "planned"}
    work.insert_once(SeriesOccurrence, row)
    occurrence = _row(work, series, day)
    assert occurrence is not None
    occurrence.decision = wanted
    work.session.flush()
    after = next(planned_rounds(work, series, day))
    if after.opens_at <= work.now:
        raise Refusal("moment_in_past")
    schedule_anew(work, series)
    work.journal(
        "series_date_decided", enterprise_id=series.enterprise_id, series_id=series_id, day=day.isoformat(),
        decision=wanted,
    )  # fmt: skip
    return _view(work, series, day)


def open_now(work: Work, round_id: int) -> Round:
    """Open a round that waits for its time at once. Refusals of `publish_round`."""
    found = own_draft(work, round_id)
    found.opens_at = None
    work.session.flush()
    return publish_round(work, round_id)


def skip_round(work: Work, round_id: int) -> Round:
    """Drop a round that has been made and not opened yet; nobody has heard of it. Refusal("draft_published")."""
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase not in (RoundPhase.DRAFT, RoundPhase.CANCELLED):
        raise Refusal("draft_published")
    return cancel(work, round_id)
