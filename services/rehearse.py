"""A rehearsal: what closing now would send to whom, what each member would get and pay, and what fails.

Everything that closing does to wishes is done, decided, and taken back: nothing stays written, nothing is sent.
For a closed round it says what has been decided.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from models import Enterprise, Member, Offer, Order, OrderLine, Round, RoundSupplier, Supplier
from rules.decide import Decision
from services.access import round_for_coordinator
from services.close_round import settle_wishes
from services.decide_round import decide_round
from services.missing_units import (
    held_round,
    waive_minimums,
    wants_answer,
    wants_completion,
    wants_extension,
)
from services.shortfall import shortfall
from services.work import Work

FALLEN = "fallen"
"""The reason of a line that closing takes away: no answer to a change, or an order left behind."""


@dataclass(frozen=True, slots=True)
class Wished:
    """One line as it is wished now."""

    order_id: int
    offer_id: int
    firm: int


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
class Before:
    """What comes before the close. At most one of the moments is set."""

    completes_until: datetime | None = None
    """By the clock it would first stay open until then for the missing units."""
    extends_until: datetime | None = None
    """By the clock it would first stay open until then, once, because a minimum is missed."""
    asks: bool = False
    """It would wait for the coordinator's answer."""
    held_until: datetime | None = None
    """It waits for the coordinator's answer already, until then."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The whole round."""

    round_id: int
    title: str
    number: int
    phase: str
    zone: str
    currency: str
    before: Before
    suppliers: tuple[RehearsedSupplier, ...]
    members: tuple[RehearsedMember, ...]

    @property
    def failed(self) -> bool:
        """Whether some minimum is missed."""
        return any(one.missing_value or any(offer.failed for offer in one.offers) for one in self.suppliers)

    @property
    def fallen(self) -> int:
        """Lines that closing would take away first."""
        return sum(line.reason == FALLEN for member in self.members for line in member.lines)

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
    wishes = _wishes(work, found)
    if found.phase != "open":
        return _rehearsal(work, found, decide_round(work, found), wishes, Before(held_until=found.held_until))
    with work.trial():
        settle_wishes(work, found)
        decision = decide_round(work, found)
        return _rehearsal(work, found, decision, wishes, _before(work, found, decision))


def rehearse_anyway(work: Work, round_id: int) -> Rehearsal:
    """What ordering a held round although minimums were missed would come to. Refusal("not_held")."""
    found = held_round(work, round_id)
    with work.trial():
        waive_minimums(work, found)
        wishes = _wishes(work, found)
        return _rehearsal(work, found, decide_round(work, found), wishes, Before(held_until=found.held_until))


def _before(work: Work, found: Round, decision: Decision) -> Before:
    asks = wants_answer(found, decision)
    if wants_completion(work, found):
        return Before(completes_until=work.now + timedelta(hours=found.completion_hours), asks=asks)
    if wants_extension(found, decision):
        return Before(extends_until=work.now + timedelta(hours=found.extension_hours))
    return Before(asks=asks)


def _rehearsal(work: Work, found: Round, decision: Decision, wishes: dict[int, Wished], before: Before) -> Rehearsal:
    offers = {row.id or 0: row for row in work.session.exec(select(Offer).where(Offer.round_id == found.id))}
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    return Rehearsal(
        found.id or 0, found.title, found.number, found.phase, enterprise.zone, enterprise.currency, before,
        _suppliers(work, found, decision, offers, wishes), _members(work, found, decision, offers, wishes),
    )  # fmt: skip


def _wishes(work: Work, found: Round) -> dict[int, Wished]:
    rows = work.session.exec(
        select(OrderLine.id, OrderLine.order_id, OrderLine.offer_id, OrderLine.firm)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id, OrderLine.firm > 0)
        .order_by(col(OrderLine.id))
    )
    return {line_id or 0: Wished(order_id, offer_id, firm) for line_id, order_id, offer_id, firm in rows}


def _suppliers(
    work: Work, found: Round, decision: Decision, offers: dict[int, Offer], wishes: dict[int, Wished]
) -> tuple[RehearsedSupplier, ...]:
    missing = shortfall(work, found.id or 0).units
    minimums = {
        row.supplier_id: row.minimum_value_minor
        for row in work.session.exec(select(RoundSupplier).where(RoundSupplier.round_id == found.id))
    }
    rehearsed: defaultdict[int, list[RehearsedOffer]] = defaultdict(list)
    for decided in decision.offers:
        offer = offers[decided.offer_id]
        wished = sum(wishes[line.line_id].firm for line in decided.lines if line.line_id in wishes)
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
    work: Work, found: Round, decision: Decision, offers: dict[int, Offer], wishes: dict[int, Wished]
) -> tuple[RehearsedMember, ...]:
    lines: defaultdict[int, list[RehearsedLine]] = defaultdict(list)
    totals: defaultdict[int, int] = defaultdict(int)
    decided = {line.line_id: line for offer in decision.offers for line in offer.lines}
    for line in decided.values():
        totals[line.order_id] += line.charge + line.freight
    for line_id, wish in wishes.items():
        offer, got = offers[wish.offer_id], decided.get(line_id)
        units, reason, manual = (got.units, str(got.reason), got.manual) if got else (0, FALLEN, False)
        lines[wish.order_id].append(
            RehearsedLine(
                offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, wish.firm, units, reason, manual,
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
        if order_id in lines
    )
