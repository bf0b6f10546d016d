"""A coordinator corrects a closed round: a line, a late line, a removal, or units given by hand.

Possible until the supplier's goods are on their way. Each correction decides the whole round again: the supplier
gets a revision where its order differs, and the members concerned hear what they get and pay now.
"""

from dataclasses import dataclass

from sqlmodel import col, func, select

from models import Allotment, Member, Offer, Order, OrderLine, PurchaseOrder, Round
from rules.ordering import Wish
from rules.phases import PurchaseOrderPhase
from rules.quantities import MAX_QUANTITY
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.asked_substitutes import check_nobody_is_asked
from services.decide_again import decide_again
from services.offer_rows import lock_and_read
from services.work import Work
from services.write_wish import Allowed, write_wishes


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One offer for one member: what is wished, and what is received of it."""

    offer_id: int
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    tolerance: int
    units: int
    manual: bool


@dataclass(frozen=True, slots=True)
class MemberLines:
    """A member in a closed round."""

    round_id: int
    title: str
    number: int
    member_id: int
    member: str
    lines: tuple[MemberLine, ...]


def correctable_members(work: Work, round_id: int) -> tuple[Round, list[tuple[int, str, bool]]]:
    """Every member, with whether they have an order; those with one first. Refusals of `closed_round`."""
    found = closed_round(work, round_id)
    ordering = set(
        work.session.exec(
            select(Order.member_id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .where(Order.round_id == round_id, OrderLine.firm > 0)
        )
    )
    rows = work.session.exec(
        select(Member).where(Member.enterprise_id == found.enterprise_id).order_by(col(Member.name), col(Member.id))
    )
    members = [(m.id or 0, m.name, m.id in ordering) for m in rows if m.left_at is None or m.id in ordering]
    return found, sorted(members, key=lambda one: (not one[2], one[1]))


def member_lines(work: Work, round_id: int, member_id: int) -> MemberLines:
    """All offers of a closed round for one member."""
    found = closed_round(work, round_id)
    member = _member(work, found, member_id)
    rows = work.session.exec(
        select(OrderLine, Allotment)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(Order.round_id == round_id, Order.member_id == member_id)
    )
    lines = {line.offer_id: (line, got) for line, got in rows}
    offers = work.session.exec(select(Offer).where(Offer.round_id == round_id).order_by(col(Offer.position)))
    return MemberLines(
        round_id, found.title, found.number, member_id, member.name,
        tuple(_member_line(offer, *lines.get(offer.id or 0, (None, None))) for offer in offers),
    )  # fmt: skip


def _member_line(offer: Offer, line: OrderLine | None, got: Allotment | None) -> MemberLine:
    return MemberLine(
        offer.id or 0, offer.name_zh, offer.name_en, offer.unit_zh, offer.unit_en, line.firm if line else 0,
        line.tolerance if line else 0, got.units if got else 0, got.manual if got else False,
    )  # fmt: skip


def correct_line(work: Work, offer_id: int, member_id: int, wish: bool, units: int) -> Round:
    """Set a member's wish (0 removes the line), or give units by hand; then everything is decided again.

    What is so already changes nothing. Refusals: not_found, wrong_phase, shipped_already(number), over_stock(left),
    offer_withdrawn, substitute_open(at), quantity_too_large, by_hand_too_many.
    """
    found = closed_round(work, existing_offer(work, offer_id).round_id)
    gone = _falling_away(work, found, offer_id, member_id) if wish and not units else {}
    if not apply_correction(work, found, offer_id, member_id, wish, units):
        return found
    work.journal(
        "line_corrected", enterprise_id=found.enterprise_id, round_id=found.id, offer_id=offer_id,
        member_id=member_id, wish=wish, units=units,
    )  # fmt: skip
    order_id = order_of(work, found, member_id)
    decide_again(work, found, "corrected", also={} if order_id is None else {order_id: gone})
    return found


def _falling_away(work: Work, found: Round, offer_id: int, member_id: int) -> dict[str, int]:
    """What is told of a line that is about to be removed: what it was, and what the whole order was to cost."""
    rows = work.session.exec(
        select(OrderLine, Allotment)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(Order.round_id == found.id, Order.member_id == member_id)
    ).all()
    to_pay = sum(got.charge_minor + got.freight_minor for _, got in rows)
    for line, got in rows:
        if line.offer_id == offer_id:
            before = {"wished": line.firm, "units": got.units, "charge": got.charge_minor, "to_pay": to_pay}
            return {"gone": offer_id, **before}
    return {}


def closed_round(work: Work, round_id: int) -> Round:
    """A closed round that the actor coordinates and that waits for nothing, locked; or a Refusal."""
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase != "closed" or found.held_until is not None:
        raise Refusal("wrong_phase", phase=found.phase, wanted="closed")
    return found


def apply_correction(work: Work, found: Round, offer_id: int, member_id: int, wish: bool, units: int) -> bool:
    """Change the line or its allotment and decide nothing yet; whether that makes a difference."""
    offer = existing_offer(work, offer_id)
    member = _member(work, found, member_id)
    _check_not_shipped(work, offer)
    if not 0 <= units <= MAX_QUANTITY:
        raise Refusal("quantity_too_large", limit=MAX_QUANTITY)
    changed = _set_wish(work, found, offer, member, units) if wish else _give_by_hand(work, offer, member, units)
    work.session.flush()
    return changed


def _set_wish(work: Work, found: Round, offer: Offer, member: Member, units: int) -> bool:
    key = offer.id or 0, member.person_id
    locked = lock_and_read(work, [key], left=True)[key]
    line = _line(work, offer, member)
    current = Wish(line.firm, line.tolerance) if line else Wish(0)
    allotment = work.session.get(Allotment, line.id) if line is not None else None
    by_hand = allotment is not None and allotment.manual
    if Wish(units) == current and not by_hand:
        return False
    if units > current.firm:
        _check_raise(work, found, offer, line, units)
    if Wish(units) != current:
        write_wishes(work, [Allowed(locked, current, Wish(units), work.actor, work.update_id)])
    if line is not None:
        work.session.refresh(line)
    if allotment is not None:
        allotment.manual, allotment.given_units = False, None  # a new wish is decided by the rules again
    return True


def _check_raise(work: Work, found: Round, offer: Offer, line: OrderLine | None, units: int) -> None:
    """More of an offer: as far as its stock reaches, while it can be had and no substitute for it is asked about."""
    if offer.withdrawn_at is not None:
        raise Refusal("offer_withdrawn")
    check_nobody_is_asked(work, found, offer_id=offer.id)
    if offer.stock_units is None:
        return
    wished = select(func.coalesce(func.sum(OrderLine.firm + OrderLine.tolerance), 0)).where(
        OrderLine.offer_id == offer.id
    )
    taken = int(work.session.exec(wished).one()) - (line.firm + line.tolerance if line else 0)
    if taken + units > offer.stock_units:
        raise Refusal("over_stock", left=max(0, offer.stock_units - taken))


def _give_by_hand(work: Work, offer: Offer, member: Member, units: int) -> bool:
    line = _line(work, offer, member)
    allotment = work.session.get(Allotment, line.id) if line is not None else None
    if line is None or allotment is None:
        raise Refusal("not_found")
    if units > line.firm + line.tolerance:
        raise Refusal("by_hand_too_many", wished=line.firm + line.tolerance)
    if allotment.manual and allotment.given_units == units:
        return False
    allotment.units, allotment.manual, allotment.given_units = units, True, units
    work.session.add(allotment)
    return True


def _line(work: Work, offer: Offer, member: Member) -> OrderLine | None:
    return work.session.exec(
        select(OrderLine)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(OrderLine.offer_id == offer.id, Order.member_id == member.id)
    ).first()


def _check_not_shipped(work: Work, offer: Offer) -> None:
    row = work.session.exec(
        select(PurchaseOrder).where(
            PurchaseOrder.round_id == offer.round_id, PurchaseOrder.supplier_id == offer.supplier_id
        )
    ).first()
    if row is not None and row.phase in (PurchaseOrderPhase.SHIPPED, PurchaseOrderPhase.RECEIVED):
        raise Refusal("shipped_already", number=row.number)


def existing_offer(work: Work, offer_id: int) -> Offer:
    """An offer, or Refusal("not_found")."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise Refusal("not_found")
    return offer


def _member(work: Work, found: Round, member_id: int) -> Member:
    member = work.session.get(Member, member_id)
    if member is None or member.enterprise_id != found.enterprise_id:
        raise Refusal("not_found")
    return member


def order_of(work: Work, found: Round, member_id: int) -> int | None:
    """The id of a member's order in a round; None where they have none."""
    return work.session.exec(select(Order.id).where(Order.round_id == found.id, Order.member_id == member_id)).first()
