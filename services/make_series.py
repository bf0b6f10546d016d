"""A series begins as a draft made from a round, and starts when its coordinator has seen its dates.

The round is the template and counts as the first of the series. Days and times are guessed from it: every week on
its weekday, open for as long; everything can be changed before the start and after it, from then on.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models import Enterprise, Offer, Round, Series, SeriesOccurrence
from rules.recurrence import Weekly, days_from
from rules.refusal import Refusal
from rules.series_dates import MAX_CLOSES_DAYS
from rules.series_phases import SeriesPhase, series_phase
from services.access import acting_coordinator, round_for_coordinator
from services.due_series import make_what_is_due
from services.series import next_dates, own_series, schedule_anew, series_of_round
from services.series_template import sold, take_template, template_offers
from services.tell_standing import tell_standing
from services.work import Work

QUARTER_MINUTES = 15
TEMPLATES_SHOWN = 8


def possible_templates(work: Work) -> Sequence[Round]:
    """The newest rounds with products, of the enterprise worn now."""
    _, enterprise = acting_coordinator(work)
    return work.session.exec(
        select(Round)
        .where(Round.enterprise_id == enterprise.id, Round.phase != "cancelled")
        .where(col(Round.id).in_(select(Offer.round_id)))
        .order_by(col(Round.id).desc())
        .limit(TEMPLATES_SHOWN)
    ).all()


def make_series(work: Work, round_id: int) -> Series:
    """A draft of a series from a round, or the series that the round belongs to. Refusal("series_no_products")."""
    found, member = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    known = series_of_round(work, round_id)
    if known is not None and known.phase != SeriesPhase.ENDED:
        return known
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    opened = found.opens_at or found.opened_at or work.now
    series = _guess(work, found, enterprise, opened)
    series.coordinator_id = member.id or 0
    work.session.add(series)
    work.session.flush()
    take_template(work, series, found)
    if not template_offers(work, series):
        raise Refusal("series_no_products")
    _count_as_first(work, series, round_id, _day(opened, enterprise))
    work.journal("series_drafted", enterprise_id=enterprise.id, round_id=round_id, series_id=series.id)
    return series


def _count_as_first(work: Work, series: Series, round_id: int, day: date) -> None:
    """The round is one of the series'; where it was one of a series that has ended, it changes over."""
    row = work.session.exec(select(SeriesOccurrence).where(SeriesOccurrence.round_id == round_id)).first()
    if row is None:
        row = SeriesOccurrence(series_id=0, day=day, state="made", round_id=round_id)
    row.series_id, row.day = series.id or 0, day
    work.session.add(row)
    work.session.flush()


def _day(moment: datetime, enterprise: Enterprise) -> date:
    return moment.astimezone(ZoneInfo(enterprise.zone)).date()


def _guess(work: Work, found: Round, enterprise: Enterprise, opened: datetime) -> Series:
    zone = ZoneInfo(enterprise.zone)
    opens = opened.astimezone(zone)
    closes = (found.closes_at or opened + timedelta(days=1)).astimezone(zone)
    opens_minute = opens.hour * 60 + opens.minute
    opens_minute -= opens_minute % QUARTER_MINUTES
    delivers = (found.delivers_on - closes.date()).days if found.delivers_on else -1
    first = opens.date() + timedelta(weeks=1)
    remind = found.closes_at - found.reminds_at if found.closes_at and found.reminds_at else None
    return Series(
        enterprise_id=enterprise.id or 0, coordinator_id=0, title=found.title,
        starts_on=next(days_from(Weekly(first), max(first, _day(work.now, enterprise)))),
        weekday=opens.weekday(), month_day=opens.day,
        opens_minute=opens_minute, closes_days=min(MAX_CLOSES_DAYS, (closes.date() - opens.date()).days),
        closes_minute=closes.hour * 60 + closes.minute, delivers_days=delivers if delivers >= 0 else None,
        reminder_minutes=int(remind.total_seconds()) // 60 if remind else None, created_at=work.now,
    )  # fmt: skip


def set_series_phase(work: Work, series_id: int, wanted: str) -> Series:
    """Start, pause, go on or end; rounds that exist already stay. A second press changes nothing.

    Members with a standing order hear it.

    Refusals: series_ended, series_no_products, series_no_dates, button_stale.
    """
    series = own_series(work, series_id)
    if series.phase == wanted:
        return series
    make_what_is_due(work, series)
    phase = series_phase(series.phase, wanted)
    if phase is SeriesPhase.RUNNING:
        _check_can_run(work, series)
    series.phase = str(phase)
    schedule_anew(work, series)
    tell_standing(work, series)
    work.journal(f"series_{phase}", enterprise_id=series.enterprise_id, series_id=series_id)
    return series


def _check_can_run(work: Work, series: Series) -> None:
    if not any(sold(product, supplier) for _, product, supplier in template_offers(work, series)):
        raise Refusal("series_no_products")
    if not next_dates(work, series, 1):
        raise Refusal("series_no_dates")
