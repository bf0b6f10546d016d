"""What a correction of a closed round would do, before it is done."""

from dataclasses import dataclass

from sqlmodel import select

from models import Enterprise, PurchaseOrder, Round
from rules.allot import AllotmentReason
from rules.decide import Decision
from services.correct_round import MemberLine, apply_correction, closed_round, existing_offer, member_lines, order_of
from services.decide_round import decide_round
from services.shortfall import offer_sums
from services.work import Work

OTHERS_BY_HAND = "others_by_hand"
"""No case is dropped, but others were given their units by hand, and that leaves too few."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction would do, before it is done; money in minor units. Nothing is `changed` where it is so now."""

    line: MemberLine
    member_id: int
    member: str
    round_id: int
    wish: bool
    units: int
    gets: int
    reason: str
    """The reason that its allotment would have, or `OTHERS_BY_HAND`."""
    members: int
    """How many other members would get or pay something else."""
    revised: tuple[str, ...]
    """Numbers of the purchase orders that would be revised."""
    house: int
    """What the enterprise would bear itself, where that is more than now."""
    currency: str
    changed: bool


def preview_correction(work: Work, offer_id: int, member_id: int, wish: bool, units: int) -> Correction:
    """What it would do: everything is tried and taken back."""
    found = closed_round(work, existing_offer(work, offer_id).round_id)
    before = decide_round(work, found)
    with work.trial():
        changed = apply_correction(work, found, offer_id, member_id, wish, units)
        after = decide_round(work, found)
        order_id = order_of(work, found, member_id)
        gets, reason = _share(work, found, after, offer_id, order_id)
    lines = member_lines(work, found.id or 0, member_id)
    line = next(one for one in lines.lines if one.offer_id == offer_id)
    return Correction(
        line, member_id, lines.member, found.id or 0, wish, units, gets, reason,
        len(_changed_orders(before, after) - {order_id}), _revised(work, found, before, after),
        after.house_cost if after.house_cost > before.house_cost else 0,
        work.session.get_one(Enterprise, found.enterprise_id).currency, changed,
    )  # fmt: skip


def _share(work: Work, found: Round, after: Decision, offer_id: int, order_id: int | None) -> tuple[int, str]:
    """What an order's line would get, and why; a line that wishes nothing gets all of that."""
    lines = next(offer.lines for offer in after.offers if offer.offer_id == offer_id)
    line = next((line for line in lines if line.order_id == order_id), None)
    if line is None:
        return 0, str(AllotmentReason.FULL)
    if line.reason == AllotmentReason.CASE_DROPPED and not _drops_units(work, found, offer_id):
        return line.units, OTHERS_BY_HAND
    return line.units, str(line.reason)


def _drops_units(work: Work, found: Round, offer_id: int) -> bool:
    own = next(one for one in offer_sums(work, found.id or 0, withdrawn=True) if one.row["id"] == offer_id)
    return own.units < own.firm


def _changed_orders(before: Decision, after: Decision) -> set[int | None]:
    def by_order(decision: Decision) -> dict[int, list[tuple[int, int, int]]]:
        lines: dict[int, list[tuple[int, int, int]]] = {}
        for offer in decision.offers:
            for line in offer.lines:
                lines.setdefault(line.order_id, []).append((line.line_id, line.units, line.charge + line.freight))
        return lines

    old, new = by_order(before), by_order(after)
    return {order_id for order_id in old.keys() | new.keys() if old.get(order_id) != new.get(order_id)}


def _revised(work: Work, found: Round, before: Decision, after: Decision) -> tuple[str, ...]:
    def units(decision: Decision) -> dict[int, list[tuple[int, int, int]]]:
        sums: dict[int, list[tuple[int, int, int]]] = {}
        for offer in decision.offers:
            sums.setdefault(offer.supplier_id, []).append((offer.offer_id, offer.units, offer.price))
        return sums

    old, new = units(before), units(after)
    changed = {supplier_id for supplier_id in new if old.get(supplier_id) != new[supplier_id]}
    rows = work.session.exec(select(PurchaseOrder).where(PurchaseOrder.round_id == found.id))
    return tuple(row.number for row in rows if row.supplier_id in changed)
