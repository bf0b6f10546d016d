"""The statement of a closed round, as it is stored: what each supplier is owed, what each member and the enterprise
pay, and the difference of all of it to the closing. What members and the enterprise pay is what suppliers are owed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from models import Allotment, Enterprise, Member, Offer, Order, OrderLine, PurchaseOrder, Round, Supplier
from rules.refusal import Refusal
from services.access import contact_of, round_for_coordinator
from services.read_purchase_order import Both
from services.work import Work
from services.write_decision import revision_lines


@dataclass(frozen=True, slots=True)
class SupplierPart:
    """What one supplier is owed, in minor units: nothing where they declined or everything was cancelled."""

    supplier: Both
    number: str
    revision: int
    phase: str
    value: int
    freight: int
    first: int
    """What the closing said, freight included."""

    @property
    def owed(self) -> int:
        """Value and freight."""
        return self.value + self.freight

    @property
    def difference(self) -> int:
        """What is owed more than the closing said; below zero: less."""
        return self.owed - self.first


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What one member receives of one offer, and what it costs in minor units."""

    name: Both
    unit: Both
    wished: int
    units: int
    price: int
    charge: int
    freight: int
    reason: str
    manual: bool


@dataclass(frozen=True, slots=True)
class MemberPart:
    """What one member pays, in minor units."""

    name: str
    department: str
    first: int
    """What the closing said; nothing for an order that was added later."""
    lines: tuple[StatementLine, ...]

    @property
    def produce(self) -> int:
        """What the produce costs."""
        return sum(line.charge for line in self.lines)

    @property
    def freight(self) -> int:
        """The part of the freight."""
        return sum(line.freight for line in self.lines)

    @property
    def total(self) -> int:
        """What is to pay in all."""
        return self.produce + self.freight

    @property
    def difference(self) -> int:
        """What is to pay more than the closing said; below zero: to return."""
        return self.total - self.first


@dataclass(frozen=True, slots=True)
class Statement:
    """All of a closed round; money in minor units."""

    found: Round
    enterprise: str
    currency: str
    suppliers: tuple[SupplierPart, ...]
    members: tuple[MemberPart, ...]
    house: int
    """What the enterprise pays itself."""

    @property
    def owed(self) -> int:
        """What suppliers are owed together."""
        return sum(part.owed for part in self.suppliers)

    @property
    def paid(self) -> int:
        """What members pay together."""
        return sum(part.total for part in self.members)

    @property
    def first_owed(self) -> int:
        """What suppliers were owed at the closing."""
        return sum(part.first for part in self.suppliers)

    @property
    def first_house(self) -> int:
        """What the enterprise paid itself at the closing: what members did not."""
        return self.first_owed - sum(part.first for part in self.members)


def read_statement(work: Work, round_id: int) -> Statement:
    """The statement of a round that the actor coordinates. Refusal("wrong_phase") before it is closed and decided."""
    found, _ = round_for_coordinator(work, round_id)
    if found.phase not in ("closed", "settled") or found.held_until is not None:
        raise Refusal("wrong_phase", phase=found.phase, wanted="closed")
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    rows = work.session.exec(
        select(PurchaseOrder, Supplier)
        .join(Supplier, col(Supplier.id) == PurchaseOrder.supplier_id)
        .where(PurchaseOrder.round_id == round_id)
        .order_by(col(PurchaseOrder.id))
    ).all()
    suppliers = tuple(_supplier(row, supplier) for row, supplier in rows)
    house = sum(row.house_minor for row, _ in rows)
    return Statement(found, enterprise.name, enterprise.currency, suppliers, _members(work, found), house)


def _supplier(row: PurchaseOrder, supplier: Supplier) -> SupplierPart:
    return SupplierPart(
        Both(supplier.name_zh, supplier.name_en), row.number, row.revision, row.phase, row.value_minor,
        row.freight_minor, row.first_owed_minor or 0,
    )  # fmt: skip


def _members(work: Work, found: Round) -> tuple[MemberPart, ...]:
    lines = _lines(work, found)
    rows = work.session.exec(
        select(Order, Member)
        .join(Member, col(Member.id) == Order.member_id)
        .where(Order.round_id == found.id)
        .order_by(col(Member.department), col(Member.name), col(Member.id))
    )
    parts = (_member(order, member, lines[order.id or 0]) for order, member in rows)
    return tuple(part for part in parts if part.lines or part.first)


def _member(order: Order, member: Member, lines: Sequence[StatementLine]) -> MemberPart:
    """A first charge is only kept once something has changed it."""
    total = sum(line.charge + line.freight for line in lines)
    first = total if order.first_charge_minor is None else order.first_charge_minor
    return MemberPart(member.name, member.department, first, tuple(lines))


def _lines(work: Work, found: Round) -> defaultdict[int, list[StatementLine]]:
    """The lines of each order that received an allotment."""
    rows = work.session.exec(
        select(OrderLine, Offer, Allotment)
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(Offer.round_id == found.id)
        .order_by(col(Offer.position))
    )
    lines: defaultdict[int, list[StatementLine]] = defaultdict(list)
    for line, offer, got in rows:
        lines[line.order_id].append(
            StatementLine(
                Both(offer.name_zh, offer.name_en), Both(offer.unit_zh, offer.unit_en), line.firm, got.units,
                got.price_minor, got.charge_minor, got.freight_minor, got.reason, got.manual,
            )
        )  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """What one supplier is owed for one round, and the value of each revision on the way there."""

    part: SupplierPart
    purchase_order_id: int
    enterprise: str
    title: str
    round_number: int
    currency: str
    accepted_revision: int
    revisions: tuple[tuple[int, int], ...]
    """Number and value of each revision, the oldest first."""


def read_own_statement(work: Work, purchase_order_id: int) -> OwnStatement:
    """The statement of a purchase order of a supplier that the actor speaks for. Refusal("not_found")."""
    row = work.session.get(PurchaseOrder, purchase_order_id)
    if row is None:
        raise Refusal("not_found")
    _, supplier = contact_of(work, row.supplier_id)
    found = work.session.get_one(Round, row.round_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    return OwnStatement(
        _supplier(row, supplier), purchase_order_id, enterprise.name, found.title, found.number, enterprise.currency,
        row.accepted_revision, tuple(_revisions(work, row)),
    )  # fmt: skip


def _revisions(work: Work, row: PurchaseOrder) -> Sequence[tuple[int, int]]:
    return [
        (revision, sum(line.units * line.price_minor for line in revision_lines(work, row.id or 0, revision)))
        for revision in range(1, row.revision + 1)
    ]
