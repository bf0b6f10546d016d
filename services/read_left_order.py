"""An order whose member has left: what is in it, where and when it is collected, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from models import Allotment, Enterprise, Member, Offer, Order, OrderLine, PickupPoint, Round
from services.work import Work


@dataclass(frozen=True, slots=True)
class LeftLine:
    """What there is to collect of one offer, in units."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    units: int


@dataclass(frozen=True, slots=True)
class LeftOrder:
    """An order of a member who has left; `collector` is empty while nobody collects it."""

    order_id: int
    round_id: int
    title: str
    number: int
    enterprise: str
    phase: str
    member: str
    lines: tuple[LeftLine, ...]
    closes_at: datetime | None
    delivers_on: date | None
    zone: str
    point_zh: str
    point_en: str
    awaits_collector: bool
    collector_id: int | None
    collector: str


def read_left_order(work: Work, order_id: int) -> LeftOrder | None:
    """The order as it stands; None where there is no such order. The caller has checked who asks."""
    order = work.session.get(Order, order_id)
    if order is None:
        return None
    found = work.session.get_one(Round, order.round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    point = work.session.get(PickupPoint, order.pickup_point_id) if order.pickup_point_id else None
    collector = work.session.get(Member, order.collector_id) if order.collector_id else None
    return LeftOrder(
        order_id, order.round_id, found.title, found.number, enterprise.name, found.phase,
        work.session.get_one(Member, order.member_id).name, _lines(work, order_id), found.closes_at,
        found.delivers_on, enterprise.zone, point.name_zh if point else "", point.name_en if point else "",
        order.awaits_collector, order.collector_id, collector.name if collector else "",
    )  # fmt: skip


def _lines(work: Work, order_id: int) -> tuple[LeftLine, ...]:
    rows = work.session.exec(
        select(Offer, OrderLine.firm, Allotment.units)
        .join(OrderLine, col(OrderLine.offer_id) == Offer.id)
        .outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(OrderLine.order_id == order_id, OrderLine.firm > 0)
        .order_by(col(Offer.position))
    )
    lines = ((offer, firm if allotted is None else allotted) for offer, firm, allotted in rows)
    return tuple(LeftLine(o.name_zh, o.name_en, o.unit_zh, o.unit_en, units) for o, units in lines if units)
