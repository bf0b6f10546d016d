"""All orders of a round, line by line, for the coordinator's spreadsheet."""

from dataclasses import dataclass

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Allotment, Enterprise, Member, Offer, Order, OrderLine, PickupPoint, Round
from services.access import round_for_coordinator
from services.read_totals import house_cost
from services.work import Work


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of one member; money in minor units."""

    department: str
    member: str
    point_zh: str
    point_en: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    units: int
    price: int
    charge: int
    reason: str
    freight: int
    manual: bool
    collector: str = ""
    """Who collects it, where its member has left."""

    @property
    def to_pay(self) -> int:
        """Produce and freight."""
        return self.charge + self.freight


@dataclass(frozen=True, slots=True)
class RoundOrders:
    """A round with all its lines."""

    found: Round
    enterprise: str
    currency: str
    closed: bool
    rows: tuple[OrderRow, ...]
    house: int
    """What the enterprise bears itself."""

    @property
    def to_pay(self) -> int:
        """What members pay together."""
        return sum(row.to_pay for row in self.rows)


def read_round_orders(work: Work, round_id: int) -> RoundOrders:
    """All lines of a round that the actor coordinates, by department, member and offer."""
    found, _ = round_for_coordinator(work, round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    collector = aliased(Member)
    rows = work.session.exec(
        select(OrderLine, Member, Offer, PickupPoint, Allotment, collector.name)  # type: ignore[call-overload]
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == Order.member_id)
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .outerjoin(PickupPoint, col(PickupPoint.id) == Order.pickup_point_id)
        .outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
        .outerjoin(collector, col(collector.id) == Order.collector_id)
        .where(Order.round_id == round_id, OrderLine.firm > 0)
        .order_by(col(Member.department), col(Member.name), col(Member.id), col(Offer.position))
    )
    closed = found.phase in ("closed", "settled")
    return RoundOrders(
        found, enterprise.name, enterprise.currency, closed, tuple(_row(*row) for row in rows), house_cost(work, found)
    )


def _row(
    line: OrderLine,
    member: Member,
    offer: Offer,
    point: PickupPoint | None,
    got: Allotment | None,
    collector: str | None,
) -> OrderRow:
    return OrderRow(
        department=member.department, member=member.name,
        point_zh=point.name_zh if point else "", point_en=point.name_en if point else "",
        name_zh=offer.name_zh, name_en=offer.name_en, unit_zh=offer.unit_zh, unit_en=offer.unit_en,
        wished=line.firm, units=got.units if got else line.firm, price=got.price_minor if got else line.price_minor,
        charge=got.charge_minor if got else line.firm * line.price_minor, reason=got.reason if got else "",
        freight=got.freight_minor if got else 0, manual=got.manual if got else False,
        collector=collector or "",
    )  # fmt: skip
