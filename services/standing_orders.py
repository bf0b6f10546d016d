"""A member's standing order: "the same every time" for a series. It is placed whenever a round of it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select

from models import (
    Enterprise,
    Member,
    Offer,
    Order,
    OrderLine,
    Product,
    Round,
    Series,
    SeriesOccurrence,
    SeriesOffer,
    StandingLine,
    StandingOrder,
)
from rules.quantities import MAX_QUANTITY
from rules.refusal import Refusal
from services.access import acting_member, membership, round_for_member
from services.series import next_dates, series_of_round
from services.work import Work


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One product of it; prices in minor units. `offered` is False where the series has it no longer."""

    product_id: int
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    units: int
    agreed: int
    price: int
    cap: int | None
    offered: bool


@dataclass(frozen=True, slots=True)
class StandingView:
    """A standing order as its member sees it; `opens_at` is when the next round opens, None where none is known."""

    series_id: int
    title: str
    phase: str
    rows: tuple[StandingRow, ...]
    skips_next: bool
    opens_at: datetime | None
    zone: str
    currency: str


def keep_every_time(work: Work, round_id: int) -> StandingView:
    """Order every time what the actor's order in a round holds now. Refusals: not_in_series, nothing_ordered."""
    found, member = round_for_member(work, round_id)
    series = series_of_round(work, round_id)
    if series is None or series.phase in ("draft", "ended"):
        raise Refusal("not_in_series")
    lines = _lines(work, found, member)
    if not lines:
        raise Refusal("nothing_ordered")
    order = _order(work, series, member)
    work.session.exec(delete(StandingLine).where(col(StandingLine.standing_order_id) == order.id))
    for product_id, units, price in lines:
        row = StandingLine(standing_order_id=order.id or 0, product_id=product_id, units=units, agreed_minor=price)
        work.session.add(row)
    work.session.flush()
    work.journal(
        "standing_order_set", enterprise_id=series.enterprise_id, round_id=round_id, series_id=series.id,
        member_id=member.id, lines=[[product_id, units] for product_id, units, _ in lines],
    )  # fmt: skip
    return _view(work, series, order)


def _lines(work: Work, found: Round, member: Member) -> Sequence[tuple[int, int, int]]:
    return work.session.exec(
        select(Offer.product_id, OrderLine.firm, OrderLine.price_minor)
        .join(OrderLine, col(OrderLine.offer_id) == Offer.id)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id, Order.member_id == member.id, OrderLine.firm > 0)
        .order_by(col(Offer.position))
    ).all()


def _order(work: Work, series: Series, member: Member) -> StandingOrder:
    row = {"series_id": series.id, "member_id": member.id, "skips_next": False, "created_at": work.now}
    work.insert_once(StandingOrder, row)
    return work.session.exec(
        select(StandingOrder).where(StandingOrder.series_id == series.id, StandingOrder.member_id == member.id)
    ).one()


def own_standing(work: Work, series_id: int) -> tuple[Series, StandingOrder]:
    """The actor's standing order for a series, or Refusal("no_standing_order")."""
    series = work.session.get(Series, series_id)
    if series is None:
        raise Refusal("not_found")
    member = membership(work, series.enterprise_id)
    order = work.session.exec(
        select(StandingOrder).where(StandingOrder.series_id == series_id, StandingOrder.member_id == member.id)
    ).first()
    if order is None:
        raise Refusal("no_standing_order")
    return series, order


def read_standing(work: Work, series_id: int) -> StandingView:
    """The actor's standing order for a series."""
    return _view(work, *own_standing(work, series_id))


def standing_told(work: Work, series_id: int, member_id: int, phase: str) -> StandingView | None:
    """The standing order of a member who is told of a series' phase; None once that phase or the order is over."""
    series = work.session.get_one(Series, series_id)
    order = work.session.exec(
        select(StandingOrder).where(StandingOrder.series_id == series_id, StandingOrder.member_id == member_id)
    ).first()
    if order is None or series.phase != phase or work.session.get_one(Member, member_id).left_at is not None:
        return None
    return _view(work, series, order)


def own_standing_orders(work: Work) -> tuple[StandingView, ...]:
    """The actor's standing orders in the enterprise worn now."""
    member, _ = acting_member(work)
    rows = work.session.exec(
        select(Series, StandingOrder)
        .join(StandingOrder, col(StandingOrder.series_id) == Series.id)
        .where(StandingOrder.member_id == member.id)
        .order_by(col(Series.id))
    ).all()
    views = [_view(work, series, order) for series, order in rows]
    return tuple(view for view in views if view.phase != "ended" or view.opens_at is not None)


def _view(work: Work, series: Series, order: StandingOrder) -> StandingView:
    enterprise = work.session.get_one(Enterprise, series.enterprise_id)
    rows = work.session.exec(
        select(StandingLine, Product, SeriesOffer)
        .join(Product, col(Product.id) == StandingLine.product_id)
        .outerjoin(SeriesOffer, (col(SeriesOffer.product_id) == Product.id) & (col(SeriesOffer.series_id) == series.id))
        .where(StandingLine.standing_order_id == order.id)
        .order_by(col(StandingLine.id))
    )
    return StandingView(
        series.id or 0, series.title, series.phase, tuple(_row(*row) for row in rows), order.skips_next,
        _next_opening(work, series), enterprise.zone, enterprise.currency,
    )  # fmt: skip


def _row(line: StandingLine, product: Product, offer: SeriesOffer | None) -> StandingRow:
    offered = offer is not None and product.retired_at is None
    return StandingRow(
        product.id or 0, product.name_zh, product.name_en, product.unit_zh, product.unit_en, line.units,
        line.agreed_minor, product.price_minor, offer.member_cap if offer else None, offered,
    )  # fmt: skip


def _next_opening(work: Work, series: Series) -> datetime | None:
    """When the next round opens: one that waits already, else the next date of a series that runs."""
    waiting = work.session.exec(
        select(Round.opens_at)
        .join(SeriesOccurrence, col(SeriesOccurrence.round_id) == Round.id)
        .where(SeriesOccurrence.series_id == series.id, Round.phase == "draft", col(Round.scheduled_at).is_not(None))
        .order_by(col(Round.opens_at))
    ).first()
    if waiting is not None or series.phase != "running":
        return waiting
    return next((plan.opens_at for plan in next_dates(work, series) if not plan.skipped), None)


def set_standing_units(work: Work, series_id: int, product_id: int, units: int) -> StandingView:
    """Order so many every time; 0 takes the product out. Refusals: quantity_negative, quantity_too_large,
    over_member_cap, no_standing_order."""
    series, order = own_standing(work, series_id)
    line = _line(work, order, product_id)
    _check_units(units, line.units, _cap(work, series, product_id))
    if units:
        line.units = units
    else:
        work.session.delete(line)
    work.session.flush()
    _note(work, series, order, product_id=product_id, units=units)
    return _view(work, series, order)


def _line(work: Work, order: StandingOrder, product_id: int) -> StandingLine:
    line = work.session.exec(
        select(StandingLine).where(StandingLine.standing_order_id == order.id, StandingLine.product_id == product_id)
    ).first()
    if line is None:
        raise Refusal("not_found")
    return line


def _cap(work: Work, series: Series, product_id: int) -> int | None:
    return work.session.exec(
        select(SeriesOffer.member_cap).where(SeriesOffer.series_id == series.id, SeriesOffer.product_id == product_id)
    ).first()


def _check_units(units: int, before: int, cap: int | None) -> None:
    if units < 0:
        raise Refusal("quantity_negative")
    if units > MAX_QUANTITY:
        raise Refusal("quantity_too_large", limit=MAX_QUANTITY)
    if cap is not None and units > max(cap, before):
        raise Refusal("over_member_cap", cap=cap)


def agree_to_price(work: Work, series_id: int, product_id: int, price_minor: int) -> StandingView:
    """The member agrees to a risen price: from now on only what is above it is news."""
    series, order = own_standing(work, series_id)
    if price_minor <= 0:
        raise Refusal("not_found")
    line = _line(work, order, product_id)
    line.agreed_minor = price_minor
    _note(work, series, order, product_id=product_id, agreed=price_minor)
    return _view(work, series, order)


def skip_next(work: Work, series_id: int, skip: bool) -> StandingView:
    """Place nothing in the next round, or do place it; after that it goes on."""
    series, order = own_standing(work, series_id)
    if order.skips_next != skip:
        order.skips_next = skip
        _note(work, series, order, skips_next=skip)
    return _view(work, series, order)


def end_standing(work: Work, series_id: int) -> None:
    """No more of it; orders that were placed stay. Ending it twice is ending it once."""
    try:
        series, order = own_standing(work, series_id)
    except Refusal as no:
        if no.code == "no_standing_order":
            return
        raise
    _note(work, series, order, ended=True)
    _remove(work, order)


def end_all_standing(work: Work, member: Member) -> None:
    """A member leaves: nothing is placed for them any more."""
    orders = work.session.exec(select(StandingOrder).where(StandingOrder.member_id == member.id)).all()
    for order in orders:
        _remove(work, order)


def _remove(work: Work, order: StandingOrder) -> None:
    work.session.exec(delete(StandingLine).where(col(StandingLine.standing_order_id) == order.id))
    work.session.delete(order)
    work.session.flush()


def _note(work: Work, series: Series, order: StandingOrder, **facts: Any) -> None:
    work.journal(
        "standing_order_changed", enterprise_id=series.enterprise_id, series_id=series.id, member_id=order.member_id,
        **facts,
    )  # fmt: skip


def rounds_with_series(work: Work, round_ids: Sequence[int]) -> frozenset[int]:
    """Those of the rounds whose orders can be kept for every time."""
    rows = work.session.exec(
        select(SeriesOccurrence.round_id)
        .join(Series, col(Series.id) == SeriesOccurrence.series_id)
        .where(col(SeriesOccurrence.round_id).in_(round_ids), col(Series.phase).in_(("running", "paused")))
    )
    return frozenset(row for row in rows if row is not None)
