"""A series as its coordinator sees it, and the list of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from models import Enterprise, PickupPoint, Product, Round, Series, SeriesOccurrence, SeriesOffer, StandingOrder
from rules.series_dates import Planned
from services.access import acting_coordinator
from services.calendars import HolidayCalendar, calendar_of
from services.series import next_dates, own_series
from services.series_template import sold, template_offers, template_points
from services.work import Work


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its template, its next dates and the rounds that wait for their opening."""

    series: Series
    products: tuple[tuple[SeriesOffer, Product, bool], ...]
    """Each with whether it is still sold."""
    points: tuple[tuple[PickupPoint, bool], ...]
    dates: tuple[Planned, ...]
    waiting: tuple[Round, ...]
    standing: int
    calendar: HolidayCalendar
    zone: str
    currency: str
    now: datetime


def read_series(work: Work, series_id: int) -> SeriesView:
    """A series of an enterprise that the actor coordinates."""
    return view_of(work, own_series(work, series_id))


def view_of(work: Work, series: Series) -> SeriesView:
    """The same for notices; the caller has checked who asks."""
    enterprise = work.session.get_one(Enterprise, series.enterprise_id)
    work.session.flush()
    products = [(row, product, sold(product, supplier)) for row, product, supplier in template_offers(work, series)]
    return SeriesView(
        series, tuple(products), template_points(work, series),
        next_dates(work, series) if series.phase != "ended" else (),
        tuple(_waiting(work, series)), standing_orders_of(work, series), calendar_of(enterprise), enterprise.zone,
        enterprise.currency, work.now,
    )  # fmt: skip


def _waiting(work: Work, series: Series) -> Sequence[Round]:
    return work.session.exec(
        select(Round)
        .join(SeriesOccurrence, col(SeriesOccurrence.round_id) == Round.id)
        .where(SeriesOccurrence.series_id == series.id, Round.phase == "draft", col(Round.scheduled_at).is_not(None))
        .order_by(col(Round.opens_at))
    ).all()


def standing_orders_of(work: Work, series: Series) -> int:
    """How many members order the same every time."""
    count = select(func.count(col(StandingOrder.id))).where(StandingOrder.series_id == series.id)
    return int(work.session.exec(count).one())


def list_series(work: Work) -> tuple[SeriesView, ...]:
    """The series of the enterprise worn now that have not ended."""
    _, enterprise = acting_coordinator(work)
    rows = work.session.exec(
        select(Series)
        .where(Series.enterprise_id == enterprise.id, Series.phase != "ended")
        .order_by(col(Series.id))
        .limit(20)
    ).all()
    return tuple(view_of(work, series) for series in rows)
