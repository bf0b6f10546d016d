"""A round's totals for its coordinator: live while it is open, final once it is closed."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import BigInteger, cast
from sqlmodel import col, func, select

from models import (
    Allotment,
    Enterprise,
    Member,
    Offer,
    Order,
    OrderLine,
    Person,
    PurchaseOrder,
    Round,
    RoundSupplier,
    Supplier,
)
from rules.consolidate import least_order, missing_units
from services.access import round_for_coordinator
from services.decide_round import offer_terms, tiers_of
from services.draft_rules import Rules, rules_of
from services.read_answers import OpenChange, open_changes
from services.read_purchase_order import PurchaseOrderView, round_purchase_orders
from services.rehearse import rehearse_round
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
    missing: int = 0
    """Units that would meet the minimum, or complete the last case."""
    tiers: tuple[tuple[int, int], ...] = ()
    """From so many units on, a unit costs so much."""
    house: bool = False
    """The enterprise fills the last case."""


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
    rules: Rules
    completing: bool = False
    """Only missing units can be ordered now."""
    house: int = 0
    """What the enterprise bears itself, or would bear as things stand."""
    changes: tuple[OpenChange, ...] = ()
    """Changes that members are being asked about."""

    @property
    def decided(self) -> bool:
        """Whether it is closed and waits for no answer."""
        return self.phase in ("closed", "settled") and self.held_until is None

    @property
    def correctable(self) -> bool:
        """Whether any supplier's part can still be corrected: what one has shipped or delivered stays as it is."""
        shipped = {view.supplier_id for view in self.purchase_orders if view.shipped}
        return self.decided and any(offer.supplier_id not in shipped for offer in self.offers)

    @property
    def freight(self) -> int:
        """Freight of all purchase orders."""
        return sum(view.freight for view in self.purchase_orders if view.phase != "declined")

    @property
    def value(self) -> int:
        """Value of all wishes."""
        return sum(offer.value for offer in self.offers)

    @property
    def ordered_value(self) -> int:
        """Value of all purchase orders that stand."""
        return sum(view.value for view in self.purchase_orders if view.phase != "declined")

    @property
    def ordered(self) -> tuple[Who, ...]:
        """Members with an order."""
        return tuple(who for who in self.members if who.value)


def read_totals(work: Work, round_id: int) -> Totals:
    """The totals of a round that the actor coordinates."""
    found, _ = round_for_coordinator(work, round_id)
    totals = round_totals(work, found)
    return totals if totals.decided else replace(totals, house=_would_bear(work, found))


def _would_bear(work: Work, found: Round) -> int:
    """What the enterprise would bear; only where an offer's last case is the house's, since it is all decided."""
    house = select(Offer.id).where(Offer.round_id == found.id, Offer.case_policy == "house")
    return rehearse_round(work, found).paid_by_house if work.session.exec(house).first() else 0


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
        purchase_orders=tuple(round_purchase_orders(work, found.id or 0)), rules=rules_of(found, enterprise),
        house=house_cost(work, found), completing=found.phase == "open" and found.completing_since is not None,
        changes=open_changes(work, found) if found.phase == "open" else (),
    )  # fmt: skip


def house_cost(work: Work, found: Round) -> int:
    """What the enterprise bears itself of a closed round's purchase orders, in minor units."""
    borne = select(func.coalesce(func.sum(PurchaseOrder.house_minor), 0)).where(
        PurchaseOrder.round_id == found.id, PurchaseOrder.phase != "declined"
    )
    return int(work.session.exec(borne).one())


def _offers(work: Work, found: Round) -> tuple[OfferTotal, ...]:
    rows = work.session.exec(
        select(
            Offer,
            func.coalesce(func.sum(OrderLine.firm), 0),
            func.coalesce(func.sum(cast(OrderLine.firm, BigInteger) * OrderLine.price_minor), 0),
            func.coalesce(func.sum(Allotment.units), 0),
        )
        .outerjoin(OrderLine, col(OrderLine.offer_id) == Offer.id)
        .outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(Offer.round_id == found.id)
        .group_by(col(Offer.id))
        .order_by(col(Offer.position))
    )
    tolerances = dict(
        work.session.exec(
            select(OrderLine.offer_id, func.sum(OrderLine.tolerance))
            .join(Offer, col(Offer.id) == OrderLine.offer_id)
            .where(Offer.round_id == found.id)
            .group_by(col(OrderLine.offer_id))
        ).all()
    )
    return tuple(
        OfferTotal(
            offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, offer.supplier_id, int(units),
            least_order(offer_terms(offer)), offer.case_size, int(value), int(allotted), offer.id or 0,
            missing_units(offer_terms(offer), int(units), int(tolerances.get(offer.id or 0, 0))),
            tuple((tier.from_units, tier.price) for tier in tiers_of(offer.tiers)),
            offer.case_size > 1 and offer.case_policy == "house",
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
            select(Order.member_id, func.sum(cast(OrderLine.firm, BigInteger) * OrderLine.price_minor))
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
