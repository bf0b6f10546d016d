"""A rehearsal: what closing now would send to whom, what each member would get and pay, and what fails.

Nothing is written and nothing is sent. For a closed round it says what has been decided.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import col, select

from models import Enterprise, Member, Offer, Order, OrderLine, Round, RoundSupplier, Supplier
from rules.decide import Decision
from services.access import round_for_coordinator
from services.decide_round import decide_round
from services.missing_units import missing_in_round
from services.work import Work


@dataclass(frozen=True, slots=True)
class RehearsedOffer:
    """One offer of a supplier; money in minor units."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    units: int
    house_units: int
    price: int
    failed: bool
    missing: int


@dataclass(frozen=True, slots=True)
class RehearsedSupplier:
    """What would be sent to a supplier."""

    name_zh: str
    name_en: str
    value: int
    freight: int
    house_cost: int
    missing_value: int
    minimum: int
    offers: tuple[RehearsedOffer, ...]


@dataclass(frozen=True, slots=True)
class RehearsedLine:
    """What a member would get of one offer."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    units: int
    reason: str
    manual: bool


@dataclass(frozen=True, slots=True)
class RehearsedMember:
    """What a member would get and pay, freight included."""

    name: str
    total: int
    lines: tuple[RehearsedLine, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The whole round."""

    round_id: int
    title: str
    number: int
    phase: str
    currency: str
    suppliers: tuple[RehearsedSupplier, ...]
    members: tuple[RehearsedMember, ...]

    @property
    def paid_by_members(self) -> int:
        """What members pay together."""
        return sum(member.total for member in self.members)

    @property
    def paid_by_house(self) -> int:
        """What the enterprise pays itself."""
        return sum(supplier.house_cost for supplier in self.suppliers)

    @property
    def owed(self) -> int:
        """What suppliers are owed, freight included."""
        return sum(supplier.value + supplier.freight for supplier in self.suppliers)


def rehearse(work: Work, round_id: int) -> Rehearsal:
    """The rehearsal of a round that the actor coordinates."""
    found, _ = round_for_coordinator(work, round_id)
    return rehearse_round(work, found)


def rehearse_round(work: Work, found: Round) -> Rehearsal:
    """The rehearsal of a round; the caller has checked who asks."""
    decision = decide_round(work, found)
    offers = {row.id or 0: row for row in work.session.exec(select(Offer).where(Offer.round_id == found.id))}
    wishes = _wishes(work, found)
    return Rehearsal(
        found.id or 0, found.title, found.number, found.phase,
        work.session.get_one(Enterprise, found.enterprise_id).currency,
        _suppliers(work, found, decision, offers, wishes), _members(work, found, decision, offers, wishes),
    )  # fmt: skip


def _wishes(work: Work, found: Round) -> dict[int, int]:
    rows = work.session.exec(
        select(OrderLine.id, OrderLine.firm)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id)
    )
    return {line_id or 0: firm for line_id, firm in rows}


def _suppliers(
    work: Work, found: Round, decision: Decision, offers: dict[int, Offer], wishes: dict[int, int]
) -> tuple[RehearsedSupplier, ...]:
    missing = missing_in_round(work, found.id or 0)
    minimums = {
        row.supplier_id: row.minimum_value_minor
        for row in work.session.exec(select(RoundSupplier).where(RoundSupplier.round_id == found.id))
    }
    rehearsed: defaultdict[int, list[RehearsedOffer]] = defaultdict(list)
    for decided in decision.offers:
        offer = offers[decided.offer_id]
        wished = sum(wishes.get(line.line_id, 0) for line in decided.lines)
        if wished:
            rehearsed[offer.supplier_id].append(
                RehearsedOffer(
                    offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, wished, decided.units,
                    decided.house_units, decided.price, decided.consolidation.failed,
                    missing.get(decided.offer_id, 0),
                )
            )  # fmt: skip
    return tuple(
        RehearsedSupplier(
            row.name_zh, row.name_en, one.value, one.freight, one.house_cost, one.missing_value,
            minimums.get(one.supplier_id, 0), tuple(rehearsed[one.supplier_id]),
        )
        for one in decision.suppliers
        if one.supplier_id in rehearsed
        for row in (work.session.get_one(Supplier, one.supplier_id),)
    )  # fmt: skip


def _members(
    work: Work, found: Round, decision: Decision, offers: dict[int, Offer], wishes: dict[int, int]
) -> tuple[RehearsedMember, ...]:
    lines: defaultdict[int, list[RehearsedLine]] = defaultdict(list)
    totals: defaultdict[int, int] = defaultdict(int)
    for decided in decision.offers:
        offer = offers[decided.offer_id]
        for line in decided.lines:
            totals[line.order_id] += line.charge + line.freight
            lines[line.order_id].append(
                RehearsedLine(
                    offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, wishes.get(line.line_id, 0),
                    line.units, str(line.reason), line.manual,
                )
            )  # fmt: skip
    rows = work.session.exec(
        select(Order.id, Member.name)
        .join(Member, col(Member.id) == Order.member_id)
        .where(Order.round_id == found.id)
        .order_by(col(Member.department), col(Member.name), col(Member.id))
    )
    return tuple(
        RehearsedMember(name, totals[order_id or 0], tuple(lines[order_id or 0]))
        for order_id, name in rows
        if lines.get(order_id or 0)
    )
