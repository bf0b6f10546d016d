"""What lacks, as one member is told: before closing the lines that would lose units, and in an extension or a
completion phase everything that is missing; with what would fix it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Enterprise, Offer, Order, Round, RoundSupplier, Supplier
from rules.consolidate import units_that_help
from services.access import round_for_member
from services.decide_closing import decide_for_order
from services.decide_round import decide_round, terms_of
from services.own_order import OwnOrder, read_own_order
from services.shortfall import OfferSums, offer_sums, shortfall
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
    may_add: int
    """How many of the missing units this member may add, as far as those help."""
    case_only: bool = False
    """Only a case is not full; a minimum, if there is one, is reached."""


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
    own = read_own_order(work, found, member_id)
    wishes = own.wishes
    if not wishes or not _is_open(work, found):
        return _made(work, found, (), call=False)
    read = offer_sums(work, found.id or 0)
    lacking = shortfall(work, found.id or 0, read)
    sums = {one.row["id"]: one for one in read}
    (order_id,) = {line.order_id for line in wishes.values()}
    would_get = {
        offer.offer_id: line
        for offer in decide_for_order(work, found, order_id).offers
        for line in offer.lines
        if offer.offer_id in wishes and line.order_id == order_id and _loses(line.reason)
    }
    lines = [
        _at_risk(
            sums[offer_id], own, line.units, lacking.may_add(offer_id),
            lacking.values.get(sums[offer_id].row["supplier_id"], 0), case_only=line.reason == "case_dropped",
        )
        for offer_id, line in would_get.items()
    ]  # fmt: skip
    return _made(work, found, lines, call=False)


def _call(work: Work, found: Round, member_id: int) -> Nudge:
    if not _is_open(work, found):
        return _made(work, found, (), call=True)
    own = read_own_order(work, found, member_id)
    read = offer_sums(work, found.id or 0)
    lacking = shortfall(work, found.id or 0, read)
    proposed: dict[int, int] = {}
    lines = []
    for one in read:
        offer_id, supplier_id = one.row["id"], one.row["supplier_id"]
        value = 0 if offer_id in lacking.units else lacking.values.get(supplier_id, 0)
        line = _at_risk(one, own, 0, lacking.may_add(offer_id), value)
        proposed[supplier_id] = proposed.get(supplier_id, 0) + bool(value and line.may_add)
        if offer_id in lacking.units or (value and line.may_add and proposed[supplier_id] <= MAX_FOR_A_SUPPLIER):
            lines.append(line)
    return _made(work, found, lines, call=True, suppliers=_suppliers(work, found, lacking.values))


def _is_open(work: Work, found: Round) -> bool:
    return found.phase == "open" and found.closes_at is not None and work.now < found.closes_at


def _at_risk(
    one: OfferSums, own: OwnOrder, would_get: int, missing: int, missing_value: int, *, case_only: bool = False
) -> AtRisk:
    row, line = one.row, own.lines.get(one.row["id"])
    firm, tolerance = (line.firm, line.tolerance) if line else (0, 0)
    return AtRisk(
        row["id"], row["name_zh"], row["name_en"], row["unit_zh"], row["unit_en"], firm, tolerance, would_get, missing,
        missing_value, _may_add(one, own, missing), case_only,
    )  # fmt: skip


def _may_add(one: OfferSums, own: OwnOrder, missing: int) -> int:
    """All that is missing where the member may add it, or else as many units as still help."""
    room = own.room(one, missing)
    return room if room == missing else units_that_help(terms_of(one.row), one.firm, one.tolerance, room)


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
