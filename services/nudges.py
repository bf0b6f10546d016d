"""What lacks, as one member is told: before closing the lines that would lose units, and in an extension or a
completion phase everything that is missing; with what would fix it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Enterprise, Offer, Order, OrderLine, Round, RoundSupplier, Supplier
from services.access import round_for_member
from services.decide_closing import decide_for_order
from services.decide_round import decide_round
from services.shortfall import OfferSums, offer_sums, shortfall_of
from services.work import Work

MAX_FOR_A_SUPPLIER = 2
"""How many of its offers are proposed to reach a supplier's minimum."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One line that would lose units if the round closed now, or an offer of which some are missing."""

    offer_id: int
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    tolerance: int
    would_get: int
    missing: int
    """Units that would fix it."""
    missing_value: int
    """What the supplier's whole order lacks, where that is the reason; in minor units."""
    room: int | None
    """How many more this member may wish: their cap and what is left; None for no bound."""

    @property
    def fixable(self) -> bool:
        """Whether this member alone can fix it."""
        return bool(self.missing) and (self.room is None or self.missing <= self.room)


@dataclass(frozen=True, slots=True)
class LackingSupplier:
    """A supplier whose order lacks something to its minimum, in minor units."""

    name_zh: str
    name_en: str
    missing: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Nudge:
    """What lacks in a round for one member; with `call`, for everybody."""

    round_id: int
    title: str
    number: int
    open: bool
    completing: bool
    call: bool
    closes_at: datetime
    now: datetime
    zone: str
    currency: str
    lines: tuple[AtRisk, ...]
    suppliers: tuple[LackingSupplier, ...] = ()


def members_at_risk(work: Work, found: Round) -> list[int]:
    """The members with a line that would lose units."""
    decision = decide_round(work, found)
    orders = dict(work.session.exec(select(Order.id, Order.member_id).where(Order.round_id == found.id)).all())
    risky = {line.order_id for offer in decision.offers for line in offer.lines if _loses(line.reason)}
    return sorted(orders[order_id] for order_id in risky)


def _loses(reason: str) -> bool:
    return reason in ("case_dropped", "minimum_missed")


def read_nudge(work: Work, found: Round, member_id: int) -> Nudge | None:
    """What a member would lose if the round closed now; None if nothing."""
    nudge = _nudge(work, found, member_id)
    return nudge if nudge.lines else None


def read_call(work: Work, found: Round, member_id: int) -> Nudge | None:
    """What is missing in a round, with what this member wishes already; None if nothing."""
    nudge = _call(work, found, member_id)
    return nudge if nudge.lines or nudge.suppliers else None


def read_fixed(work: Work, offer_id: int, call: bool) -> Nudge:
    """What lacks in an offer's round for the actor after a press; Refusal("not_found")."""
    offer = work.session.get(Offer, offer_id)
    found, member = round_for_member(work, offer.round_id if offer else 0)
    return _call(work, found, member.id or 0) if call else _nudge(work, found, member.id or 0)


def _nudge(work: Work, found: Round, member_id: int) -> Nudge:
    own = _own_lines(work, found, member_id)
    if not own or not _is_open(work, found):
        return _made(work, found, (), call=False)
    every = offer_sums(work, found.id or 0)
    lacking, sums = shortfall_of(work, found.id or 0, every), {one.row["id"]: one for one in every}
    (order_id,) = {line.order_id for line in own.values()}
    would_get = {
        offer.offer_id: line.units
        for offer in decide_for_order(work, found, order_id).offers
        for line in offer.lines
        if offer.offer_id in own and line.line_id == own[offer.offer_id].id and _loses(line.reason)
    }
    lines = [
        _at_risk(
            sums[offer_id], own[offer_id], units, lacking.may_add(offer_id),
            lacking.values.get(sums[offer_id].row["supplier_id"], 0),
        )
        for offer_id, units in would_get.items()
    ]  # fmt: skip
    return _made(work, found, lines, call=False)


def _call(work: Work, found: Round, member_id: int) -> Nudge:
    if not _is_open(work, found):
        return _made(work, found, (), call=True)
    own = _own_lines(work, found, member_id)
    every = offer_sums(work, found.id or 0)
    lacking = shortfall_of(work, found.id or 0, every)
    proposed: dict[int, int] = {}
    lines = []
    for one in every:
        offer_id, supplier_id = one.row["id"], one.row["supplier_id"]
        value = 0 if offer_id in lacking.units else lacking.values.get(supplier_id, 0)
        proposed[supplier_id] = proposed.get(supplier_id, 0) + bool(value)
        if offer_id in lacking.units or (value and proposed[supplier_id] <= MAX_FOR_A_SUPPLIER):
            lines.append(_at_risk(one, own.get(offer_id), 0, lacking.may_add(offer_id), value))
    return _made(work, found, lines, call=True, suppliers=_suppliers(work, found, lacking.values))


def _is_open(work: Work, found: Round) -> bool:
    return found.phase == "open" and found.closes_at is not None and work.now < found.closes_at


def _own_lines(work: Work, found: Round, member_id: int) -> dict[int, OrderLine]:
    rows = work.session.exec(
        select(OrderLine)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id, Order.member_id == member_id, OrderLine.firm > 0)
    )
    return {line.offer_id: line for line in rows}


def _at_risk(one: OfferSums, line: OrderLine | None, would_get: int, missing: int, missing_value: int) -> AtRisk:
    row, (firm, tolerance) = one.row, (line.firm, line.tolerance) if line else (0, 0)
    cap = None if row["member_cap"] is None else row["member_cap"] - firm - tolerance
    left = None if row["stock_units"] is None else row["stock_units"] - one.firm - one.tolerance
    bounds = [bound for bound in (cap, left) if bound is not None]
    return AtRisk(
        row["id"], row["name_zh"], row["name_en"], row["unit_zh"], row["unit_en"], firm, tolerance, would_get, missing,
        missing_value, max(0, min(bounds)) if bounds else None,
    )  # fmt: skip


def _suppliers(work: Work, found: Round, values: Mapping[int, int]) -> tuple[LackingSupplier, ...]:
    rows = work.session.exec(
        select(Supplier, RoundSupplier.minimum_value_minor)
        .join(RoundSupplier, col(RoundSupplier.supplier_id) == Supplier.id)
        .where(RoundSupplier.round_id == found.id, col(Supplier.id).in_(values))
        .order_by(col(Supplier.id))
    )
    return tuple(LackingSupplier(row.name_zh, row.name_en, values[row.id or 0], minimum) for row, minimum in rows)


def _made(
    work: Work, found: Round, lines: Sequence[AtRisk], *, call: bool, suppliers: tuple[LackingSupplier, ...] = ()
) -> Nudge:
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    return Nudge(
        found.id or 0, found.title, found.number, _is_open(work, found), found.completing_since is not None, call,
        found.closes_at or work.now, work.now, enterprise.zone, enterprise.currency, tuple(lines), suppliers,
    )  # fmt: skip
