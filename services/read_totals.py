"""A round's totals for its coordinator: live while it is open, final once it is closed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, func, select

from models import (
    Allotment,
    Enterprise,
    Member,
    Offer,
    Order,
    OrderLine,
    Person,
    Round,
    RoundSupplier,
    Supplier,
)
from services.access import round_for_coordinator
from services.read_answers import OpenChange, open_changes
from services.read_purchase_order import PurchaseOrderView, round_purchase_orders
from services.work import Work


@dataclass(frozen=True, slots=True)
class OfferTotal:
    """What is wished of an offer, and what became of it; money in minor units."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    supplier_id: int
    units: int
    minimum: int
    case_size: int
    value: int
    allotted: int
    offer_id: int = 0


@dataclass(frozen=True, slots=True)
class SupplierTotal:
    """A supplier's part of a round."""

    name_zh: str
    name_en: str
    value: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Who:
    """A member in the list of who ordered."""

    name: str
    department: str
    value: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """All of a round."""

    round_id: int
    number: int
    title: str
    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    scheduled: bool
    delivers_on: date | None
    now: datetime
    zone: str
    currency: str
    offers: tuple[OfferTotal, ...]
    suppliers: tuple[SupplierTotal, ...]
    members: tuple[Who, ...]
    held_until: datetime | None
    purchase_orders: tuple[PurchaseOrderView, ...]
    changes: tuple[OpenChange, ...] = ()
    """Changes that members are being asked about."""

    @property
    def value(self) -> int:
        """Value of all wishes."""
        return sum(offer.value for offer in self.offers)

    @property
    def ordered_value(self) -> int:
        """Value of all purchase orders."""
        return sum(view.value for view in self.purchase_orders)

    @property
    def ordered(self) -> tuple[Who, ...]:
        """Members with an order."""
        return tuple(who for who in self.members if who.value)


def read_totals(work: Work, round_id: int) -> Totals:
    """The totals of a round that the actor coordinates."""
    found, _ = round_for_coordinator(work, round_id)
    return round_totals(work, found)


def latest_rounds(work: Work, limit: int = 6) -> list[Round]:
    """The newest rounds of the enterprise worn now, drafts included."""
    rows = work.session.exec(
        select(Round)
        .where(Round.enterprise_id == work.someone.enterprise_id)
        .order_by(col(Round.id).desc())
        .limit(limit)
    )
    return list(rows)


def round_totals(work: Work, found: Round) -> Totals:
    """The totals of a round; the caller has checked who asks."""
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    offers = _offers(work, found)
    return Totals(
        round_id=found.id or 0, number=found.number, title=found.title, phase=found.phase,
        opens_at=found.opens_at, closes_at=found.closes_at, scheduled=found.scheduled_at is not None,
        delivers_on=found.delivers_on, now=work.now, zone=enterprise.zone, currency=enterprise.currency,
        offers=offers, suppliers=_suppliers(work, found, offers), members=_members(work, found),
        held_until=found.held_until,
        purchase_orders=tuple(round_purchase_orders(work, found.id or 0)),
        changes=open_changes(work, found) if found.phase == "open" else (),
    )  # fmt: skip


def _offers(work: Work, found: Round) -> tuple[OfferTotal, ...]:
    rows = work.session.exec(
        select(
            Offer,
            func.coalesce(func.sum(OrderLine.firm), 0),
            func.coalesce(func.sum(OrderLine.firm * OrderLine.price_minor), 0),
            func.coalesce(func.sum(Allotment.units), 0),
        )
        .outerjoin(OrderLine, col(OrderLine.offer_id) == Offer.id)
        .outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(Offer.round_id == found.id)
        .group_by(col(Offer.id))
        .order_by(col(Offer.position))
    )
    return tuple(
        OfferTotal(
            offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, offer.supplier_id,
            int(units), offer.minimum_units, offer.case_size, int(value), int(allotted), offer.id or 0,
        )
        for offer, units, value, allotted in rows
    )  # fmt: skip


def _suppliers(work: Work, found: Round, offers: tuple[OfferTotal, ...]) -> tuple[SupplierTotal, ...]:
    minimums = dict(
        work.session.exec(
            select(RoundSupplier.supplier_id, RoundSupplier.minimum_value_minor).where(
                RoundSupplier.round_id == found.id
            )
        ).all()
    )
    ids = list(dict.fromkeys(offer.supplier_id for offer in offers))
    rows = {row.id: row for row in work.session.exec(select(Supplier).where(col(Supplier.id).in_(ids)))}
    return tuple(
        SupplierTotal(
            rows[supplier_id].name_zh, rows[supplier_id].name_en,
            sum(offer.value for offer in offers if offer.supplier_id == supplier_id), minimums.get(supplier_id, 0),
        )
        for supplier_id in ids
    )  # fmt: skip


def _members(work: Work, found: Round) -> tuple[Who, ...]:
    values = dict(
        work.session.exec(
            select(Order.member_id, func.sum(OrderLine.firm * OrderLine.price_minor))
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .where(Order.round_id == found.id, OrderLine.firm > 0)
            .group_by(col(Order.member_id))
        ).all()
    )
    rows = work.session.exec(
        select(Member, Person)
        .join(Person, col(Person.id) == Member.person_id)
        .where(Member.enterprise_id == found.enterprise_id)
        .order_by(col(Member.department), col(Member.name))
    )
    return tuple(
        Who(member.name, member.department, int(values.get(member.id or 0, 0)), person.unreachable_since is None)
        for member, person in rows
        if member.left_at is None or member.id in values
    )
