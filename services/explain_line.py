"""Why a line receives what it receives: the facts from which one sentence is made."""

from dataclasses import dataclass

from sqlmodel import col, func, select

from models import Allotment, Member, Offer, Order, OrderLine, PurchaseOrder, PurchaseOrderLine, Round
from rules.refusal import Refusal
from services.work import Work


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line and the sums behind it, in units."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    tolerance: int
    units: int
    reason: str
    manual: bool
    wished_by_all: int
    delivered: int
    case_size: int
    minimum: int
    strategy: str


def explain_line(work: Work, line_id: int) -> Explanation:
    """The reason of a line in a closed round that is the actor's own, or that they collect. Refusal("not_found")."""
    row = work.session.exec(
        select(OrderLine, Offer, Allotment, Member, Round)  # type: ignore[call-overload]
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == func.coalesce(Order.collector_id, Order.member_id))
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .join(Round, col(Round.id) == Offer.round_id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(OrderLine.id == line_id)
    ).first()
    if row is None or row[3].person_id != work.someone.person_id:
        raise Refusal("not_found")
    line, offer, allotment, _, _ = row
    sums = select(func.coalesce(func.sum(OrderLine.firm), 0)).where(OrderLine.offer_id == offer.id)
    return Explanation(
        offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, line.firm, line.tolerance, allotment.units,
        allotment.reason, allotment.manual, int(work.session.exec(sums).one()), _delivered(work, offer),
        offer.case_size, offer.minimum_units, offer.strategy,
    )  # fmt: skip


def _delivered(work: Work, offer: Offer) -> int:
    """Units of the offer in the newest revision of its purchase order."""
    statement = (
        select(func.coalesce(func.sum(PurchaseOrderLine.units), 0))
        .join(PurchaseOrder, col(PurchaseOrder.id) == PurchaseOrderLine.purchase_order_id)
        .where(
            PurchaseOrder.round_id == offer.round_id,
            PurchaseOrder.phase != "declined",
            PurchaseOrderLine.revision == PurchaseOrder.revision,
            PurchaseOrderLine.offer_id == offer.id,
        )
    )
    return int(work.session.exec(statement).one())
