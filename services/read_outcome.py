"""What one member gets out of a closed round, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, or_, select

from models import Allotment, Enterprise, Member, Offer, Order, OrderLine, PickupPoint, PurchaseOrder, Round
from rules.refusal import Refusal
from services.access import round_for_member
from services.work import Work


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One line: what was wished, what is received and why, what it costs in minor units."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    supplier_id: int
    wished: int
    units: int
    reason: str
    charge: int
    minimum: int
    line_id: int = 0
    freight: int = 0
    tolerance: int = 0
    decided: bool = False
    manual: bool = False
    delivers_on: date | None = None
    """The supplier's own day where it differs from the round's."""


@dataclass(frozen=True, slots=True)
class GoneLine:
    """A line that a correction has removed, as it was before; money in minor units."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    units: int
    charge: int
    to_pay: int
    """What the whole order was to cost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One member's result of a round, or their order while it is open."""

    round_id: int
    number: int
    title: str
    enterprise: str
    phase: str
    closes_at: datetime | None
    delivers_on: date | None
    zone: str
    currency: str
    point_zh: str
    point_en: str
    address_zh: str
    address_en: str
    lines: tuple[OutcomeLine, ...]
    first_charge: int | None = None
    """What the closing said it costs; None while it is open."""
    collects_for: str = ""
    """The member who has left and whose order this is, where another collects it."""

    @property
    def total(self) -> int:
        """What it costs in all."""
        return sum(line.charge + line.freight for line in self.lines)

    @property
    def most(self) -> int:
        """What the produce costs at most while nothing is decided: all tolerance used."""
        return sum(line.charge + line.tolerance * (line.charge // line.wished) for line in self.lines)

    @property
    def freight(self) -> int:
        """The part of it that is freight."""
        return sum(line.freight for line in self.lines)

    @property
    def difference(self) -> int:
        """What is to pay more than the closing said; below zero: to return."""
        return self.total - self.first_charge if self.first_charge else 0

    @property
    def undecided(self) -> bool:
        """Whether the round has closed and waits for the coordinator's answer about a missed minimum."""
        return self.phase == "closed" and bool(self.lines) and not any(line.decided for line in self.lines)

    @property
    def gets_something(self) -> bool:
        """Whether there is anything to collect."""
        return any(line.units for line in self.lines)


def read_outcome(work: Work, round_id: int, member_id: int, *, gone: bool = False) -> Outcome | None:
    """The outcome of a member's order; None if they wished nothing, unless what is `gone` is asked for as well.

    The caller has checked who asks.
    """
    found = work.session.get_one(Round, round_id)
    order = work.session.exec(select(Order).where(Order.round_id == round_id, Order.member_id == member_id)).first()
    lines = _lines(work, order) if order else ()
    if order is None or not (lines or order.first_charge_minor or gone):
        return None
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    point = work.session.get(PickupPoint, order.pickup_point_id) if order.pickup_point_id else None
    return Outcome(
        round_id=round_id, number=found.number, title=found.title, enterprise=enterprise.name, phase=found.phase,
        closes_at=found.closes_at, delivers_on=found.delivers_on, zone=enterprise.zone, currency=enterprise.currency,
        point_zh=point.name_zh if point else "", point_en=point.name_en if point else "",
        address_zh=point.address_zh if point else "", address_en=point.address_en if point else "", lines=lines,
        first_charge=order.first_charge_minor if found.phase in ("closed", "settled") else None,
        collects_for=work.session.get_one(Member, member_id).name if order.collector_id else "",
    )  # fmt: skip


def read_gone(work: Work, member_id: int, facts: Mapping[str, Any]) -> GoneLine | None:
    """The line that the facts of a correction say was removed; None where there is none, or it is wished again."""
    offer = work.session.get(Offer, facts.get("gone") or 0)
    if offer is None:
        return None
    wished_again = select(OrderLine.id).join(Order, col(Order.id) == OrderLine.order_id)
    wished_again = wished_again.where(OrderLine.offer_id == offer.id, Order.member_id == member_id, OrderLine.firm > 0)
    if work.session.exec(wished_again).first() is not None:
        return None
    return GoneLine(
        offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, facts["wished"], facts["units"], facts["charge"],
        facts["to_pay"],
    )  # fmt: skip


def _lines(work: Work, order: Order) -> tuple[OutcomeLine, ...]:
    rows = work.session.exec(
        select(OrderLine, Offer, Allotment, col(PurchaseOrder.delivers_on))
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
        .outerjoin(
            PurchaseOrder,
            (col(PurchaseOrder.round_id) == Offer.round_id) & (col(PurchaseOrder.supplier_id) == Offer.supplier_id),
        )
        .where(OrderLine.order_id == order.id, OrderLine.firm > 0)
        .order_by(col(Offer.position))
    )
    return tuple(_line(*row) for row in rows)


def _line(line: OrderLine, offer: Offer, got: Allotment | None, delivers_on: date | None) -> OutcomeLine:
    return OutcomeLine(
        offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, offer.supplier_id, line.firm,
        got.units if got else line.firm, got.reason if got else "",
        got.charge_minor if got else line.firm * line.price_minor, offer.minimum_units, line_id=line.id or 0,
        freight=got.freight_minor if got else 0, tolerance=line.tolerance, decided=got is not None,
        manual=got.manual if got else False, delivers_on=delivers_on,
    )  # fmt: skip


def own_orders(work: Work, page: int, page_size: int = 3) -> tuple[list[Outcome], bool]:
    """The actor's orders in the enterprise worn now, newest first, and after their own of a round those that they
    collect for others; and whether older ones follow."""
    own = work.someone.member_id
    wished = select(OrderLine.id).where(OrderLine.order_id == Order.id, OrderLine.firm > 0)
    rows = work.session.exec(
        select(Order.round_id, Order.member_id)
        .where(
            or_(Order.member_id == own, Order.collector_id == own),
            or_(wished.exists(), col(Order.first_charge_minor) > 0),
        )
        .order_by(col(Order.round_id).desc(), col(Order.member_id) != own, col(Order.id))
        .offset(page * page_size)
        .limit(page_size + 1)
    ).all()
    found = [read_outcome(work, *row) for row in rows[:page_size]]
    return [outcome for outcome in found if outcome], len(rows) > page_size


def own_outcome(work: Work, round_id: int) -> Outcome:
    """The actor's order in a round. Refusal("not_found")."""
    found, member = round_for_member(work, round_id)
    outcome = read_outcome(work, found.id or 0, member.id or 0)
    if outcome is None:
        raise Refusal("not_found")
    return outcome
