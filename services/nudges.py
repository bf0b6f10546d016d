"""Before closing: members whose units sit in an incomplete case or below a missed minimum, and what would fix it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from models import Enterprise, Offer, Order, OrderLine, Round
from services.decide_closing import decide_for_order
from services.decide_round import decide_round
from services.missing_units import missing_in_round
from services.work import Work


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One line that would lose units if the round closed now."""

    offer_id: int
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    would_get: int
    missing: int
    """Units that would fix it."""
    missing_value: int
    """What the supplier's whole order lacks, where that is the reason; in minor units."""
    tolerance: int
    cap: int | None


@dataclass(frozen=True, slots=True)
class Nudge:
    """What one member would lose."""

    round_id: int
    title: str
    number: int
    closes_at: datetime
    now: datetime
    zone: str
    currency: str
    lines: tuple[AtRisk, ...]


def members_at_risk(work: Work, found: Round) -> list[int]:
    """The members with such a line."""
    decision = decide_round(work, found)
    orders = dict(work.session.exec(select(Order.id, Order.member_id).where(Order.round_id == found.id)).all())
    risky = {line.order_id for offer in decision.offers for line in offer.lines if _loses(line.reason)}
    return sorted(orders[order_id] for order_id in risky)


def _loses(reason: str) -> bool:
    return reason in ("case_dropped", "minimum_missed")


def read_nudge(work: Work, found: Round, member_id: int) -> Nudge | None:
    """What a member would lose if the round closed now; None if nothing."""
    order = work.session.exec(select(Order).where(Order.round_id == found.id, Order.member_id == member_id)).first()
    if order is None or found.closes_at is None:
        return None
    decision = decide_for_order(work, found, order.id or 0)
    missing = missing_in_round(work, found.id or 0)
    values = {supplier.supplier_id: supplier.missing_value for supplier in decision.suppliers}
    lines = []
    for decided in decision.offers:
        for line in decided.lines:
            if line.order_id != order.id or not _loses(line.reason):
                continue
            offer = work.session.get_one(Offer, decided.offer_id)
            wished, tolerance = _wish(work, line.line_id)
            lines.append(
                AtRisk(
                    decided.offer_id, offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, wished, line.units,
                    missing.get(decided.offer_id, 0), values.get(decided.supplier_id, 0), tolerance, offer.member_cap,
                )
            )  # fmt: skip
    if not lines:
        return None
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    return Nudge(
        found.id or 0, found.title, found.number, found.closes_at, work.now, enterprise.zone, enterprise.currency,
        tuple(lines),
    )  # fmt: skip


def _wish(work: Work, line_id: int) -> tuple[int, int]:
    line = work.session.get_one(OrderLine, line_id)
    return line.firm, line.tolerance
