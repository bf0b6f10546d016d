"""Making the rounds of a series: each once, a day before it opens, however late and however often this runs.

A made round is an approved draft: it opens by itself, and the coordinators hear of it with buttons. One whose closing
has passed (nobody was running) is not opened late; the coordinators are told which were missed. The series' row is
locked, and a day's row in `series_occurrence` is claimed, so that two processes make one round.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import col, select, update

from models import (
    Member,
    Offer,
    Product,
    Round,
    RoundPickupPoint,
    Series,
    SeriesOccurrence,
    SeriesOffer,
    Supplier,
)
from rules.series_dates import Planned
from services.coordinators import coordinators
from services.draft_round import add_offer, next_number
from services.due_rounds import RETRY_AFTER
from services.series import planned_rounds, schedule
from services.series_template import TERMS, sold, template_offers, template_points
from services.work import Lane, Work

MAX_AT_ONCE = 400
"""Rounds that one look makes or finds missed: more than a year of weekly ones."""
Template = Sequence[tuple[SeriesOffer, Product, Supplier]]


def due_series(work: Work) -> Sequence[int]:
    """Series whose next round is to be made now."""
    rows = work.session.exec(
        select(col(Series.id))
        .where(Series.phase == "running", col(Series.next_at) <= work.now)
        .where(col(Series.retry_at).is_(None) | (col(Series.retry_at) <= work.now))
        .order_by(col(Series.id))
    )
    return [row for row in rows if row is not None]


def make_due_rounds(work: Work, series_id: int) -> bool:
    """Make what is due of a series; False if there was nothing to do."""
    series = work.session.get(Series, series_id, with_for_update=True, populate_existing=True)
    return series is not None and make_what_is_due(work, series)


def rest_series(work: Work, series_id: int) -> None:
    """A series failed: leave it alone for a minute, so that it does not hold up the others."""
    series = work.session.get(Series, series_id)
    if series is not None:
        series.retry_at = work.now + RETRY_AFTER


def make_what_is_due(work: Work, series: Series) -> bool:
    """Make what is due of a locked series, and schedule what comes after it."""
    missed: list[list[str]] = []
    done = 0
    while (plan := _due_round(work, series)) and done < MAX_AT_ONCE:
        why = _make(work, series, plan)
        if why:
            missed.append([plan.on.isoformat(), why])
        schedule(series, planned_rounds(work, series, plan.day + timedelta(days=1)))
        done += 1
    if missed:
        work.journal("series_missed", enterprise_id=series.enterprise_id, series_id=series.id, missed=missed)
        what = f"{series.id}:{missed[0][0]}"
        _tell(work, series, "series_missed", what, missed=missed)
    return done > 0


def _due_round(work: Work, series: Series) -> Planned | None:
    """The round to make now, if there is one; planned afresh, since a zone or a calendar may have changed."""
    if series.phase != "running" or series.next_day is None or series.next_at is None or series.next_at > work.now:
        return None
    schedule(series, planned_rounds(work, series, series.next_day))
    if series.next_day is None or series.next_at is None or series.next_at > work.now:
        return None
    return next(planned_rounds(work, series, series.next_day))


def _make(work: Work, series: Series, plan: Planned) -> str:
    """Make one round; or why there is none: late, impossible or no_products."""
    template = template_offers(work, series)
    on_sale = [row for row in template if sold(row[1], row[2])]
    why = "" if plan.possible else "impossible"
    why = why or ("late" if plan.closes_at <= work.now else "" if on_sale else "no_products")
    if not _claim(work, series, plan, "missed" if why else "made") or why:
        return why
    found = _round(work, series, plan)
    dearer = _offers(work, found, on_sale)
    occurrence = update(SeriesOccurrence).where(
        col(SeriesOccurrence.series_id) == series.id, col(SeriesOccurrence.day) == plan.day
    )
    work.session.exec(occurrence.values(round_id=found.id))
    work.journal("series_round_made", enterprise_id=series.enterprise_id, round_id=found.id, series_id=series.id)
    gone = [product.id for _, product, supplier in template if not sold(product, supplier)]
    _tell(work, series, "series_round", f"{found.id}", round_id=found.id, prices=dearer, gone=gone)
    return ""


def _tell(work: Work, series: Series, kind: str, what: str, **facts: Any) -> None:
    """Every coordinator hears, also one whose press has only brought it to light."""
    for person in coordinators(work, series.enterprise_id):
        work.notify(
            f"{kind}:{what}:{person.id}", kind, Lane.INTERACTIVE, person=person, enterprise_id=series.enterprise_id,
            series_id=series.id, **facts,
        )  # fmt: skip


def _claim(work: Work, series: Series, plan: Planned, state: str) -> bool:
    row: dict[str, Any] = {"series_id": series.id, "day": plan.day, "decision": "", "state": "planned"}
    work.insert_once(SeriesOccurrence, row)
    claim = update(SeriesOccurrence).where(
        col(SeriesOccurrence.series_id) == series.id,
        col(SeriesOccurrence.day) == plan.day,
        col(SeriesOccurrence.state) == "planned",
    )
    return bool(work.session.exec(claim.values(state=state)).rowcount)


def _round(work: Work, series: Series, plan: Planned) -> Round:
    late_reminder = plan.reminds_at is None or plan.reminds_at <= max(work.now, plan.opens_at)
    found = Round(
        enterprise_id=series.enterprise_id, number=next_number(work, series.enterprise_id), title=series.title,
        coordinator_id=_coordinator(work, series), opens_at=plan.opens_at, closes_at=plan.closes_at,
        reminds_at=None if late_reminder else plan.reminds_at, delivers_on=plan.delivers_on, scheduled_at=work.now,
        minimum_policy=series.minimum_policy, extension_hours=series.extension_hours,
        completion_hours=series.completion_hours,
    )  # fmt: skip
    work.session.add(found)
    work.session.flush()
    points = template_points(work, series)
    chosen = [point for point, there in points if there] or [point for point, _ in points]
    work.session.add_all(RoundPickupPoint(round_id=found.id or 0, pickup_point_id=point.id or 0) for point in chosen)
    return found


def _coordinator(work: Work, series: Series) -> int:
    """Whoever runs the series, or another coordinator where they have left or are none any more."""
    rows = work.session.exec(
        select(Member.id)
        .where(Member.enterprise_id == series.enterprise_id, Member.role == "coordinator")
        .where(col(Member.left_at).is_(None))
        .order_by(col(Member.id))
    ).all()
    return series.coordinator_id if series.coordinator_id in rows or not rows else rows[0] or 0


def _offers(work: Work, found: Round, template: Template) -> dict[str, int]:
    """Freeze the offers; the former price of those that cost something else now, by offer."""
    changed: dict[str, int] = {}
    for row, product, _ in template:
        offer: Offer = add_offer(work, found, product)
        for name in TERMS:
            setattr(offer, name, getattr(row, name))
        if row.price_minor != offer.price_minor:
            changed[str(offer.id)] = row.price_minor
            row.price_minor = offer.price_minor
    work.session.flush()
    return changed
