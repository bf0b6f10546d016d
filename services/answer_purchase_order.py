"""The supplier's answer to one revision of a purchase order. A repeat changes nothing; an old revision is refused.

An answer locks the round before anything else, as a correction does, so that the two never wait for each other.

Accepting, accepting with less, declining, and changing the delivery date reach the coordinators at once, and the
members concerned with the consequence for them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models import Allotment, Enterprise, Offer, Order, OrderLine, PurchaseOrder, Round
from rules.phases import PurchaseOrderPhase, accept, decline, ship
from rules.refusal import Refusal
from rules.short_text import MAX_ADDRESS_CHARACTERS, short_text
from rules.times import check_day_ahead
from services.access import contact_of
from services.asked_substitutes import check_nobody_is_asked, forget_substitutes
from services.decide_again import decide_again, tell_changed
from services.drafts import draft, drop_draft
from services.tell_status import tell_status
from services.work import Work
from services.write_decision import revision_lines

DRAFT_KIND = "decline"
"""Remembers which purchase order a typed reason is for."""


def accept_purchase_order(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """The supplier will deliver this revision, or has seen that it is cancelled.

    Refusals: not_found, already_answered, revision_old, substitute_open.
    """
    row = _current(work, purchase_order_id, revision)
    if row.phase == PurchaseOrderPhase.ACCEPTED:
        return row
    check_nobody_is_asked(work, _round_of(work, row), supplier_id=row.supplier_id)
    _accept(work, row, "accepted" if row.value_minor else "understood")
    return row


def accept_with_less(work: Work, purchase_order_id: int, revision: int, units: Mapping[int, int]) -> PurchaseOrder:
    """The supplier will deliver so many units of these offers, and all of the others.

    Refusals: not_found, already_answered, revision_old, more_than_ordered(ordered), nothing_left, substitute_open.
    """
    row = answerable(work, purchase_order_id, revision)
    if row.phase == PurchaseOrderPhase.ACCEPTED:
        raise Refusal("already_answered", phase=row.phase)
    found = _round_of(work, row)
    check_nobody_is_asked(work, found, supplier_id=row.supplier_id)
    less = _less(ordered_units(work, row), units)
    for offer_id, some in less.items():
        work.session.get_one(Offer, offer_id, with_for_update=True).supplied_units = some
    _accept(work, row, "accepted_less" if less else "accepted")
    if less:
        decide_again(work, found, "less", row.supplier_id, agreed=True)
    return row


def _less(ordered: Mapping[int, int], units: Mapping[int, int]) -> dict[int, int]:
    """What falls short of the order; Refusals where that is more than was ordered, or everything."""
    for offer_id, some in units.items():
        if offer_id not in ordered:
            raise Refusal("not_found")
        if not 0 <= some <= ordered[offer_id]:
            raise Refusal("more_than_ordered", ordered=ordered[offer_id])
    if not any({**ordered, **units}.values()):
        raise Refusal("nothing_left")
    return {offer_id: some for offer_id, some in units.items() if some < ordered[offer_id]}


def _accept(work: Work, row: PurchaseOrder, status: str) -> None:
    _answer(work, row, str(accept(PurchaseOrderPhase.SENT)))
    row.accepted_revision = row.revision if row.value_minor else 0
    work.session.flush()
    tell_status(work, row, status)


def decline_purchase_order(work: Work, purchase_order_id: int, revision: int, reason: str) -> PurchaseOrder:
    """The supplier cannot deliver; the members whose lines fall away hear it. `reason` is a code or typed."""
    row = _own(work, purchase_order_id)
    if row.phase == PurchaseOrderPhase.DECLINED:
        return row
    row = answerable(work, purchase_order_id, revision)
    if row.phase == PurchaseOrderPhase.ACCEPTED:
        raise Refusal("already_answered", phase=row.phase)
    row.decline_reason, row.accepted_revision = short_text(reason, MAX_ADDRESS_CHARACTERS), 0
    _answer(work, row, str(decline(PurchaseOrderPhase.SENT)))
    tell_status(work, row, "declined")
    forget_substitutes(work, row.round_id, row.supplier_id)
    offers = select(Offer).where(Offer.round_id == row.round_id, Offer.supplier_id == row.supplier_id)
    for offer in work.session.exec(offers).all():
        offer.supplied_before, offer.supplied_units = offer.supplied_units, 0
    decide_again(work, _round_of(work, row), "declined", row.supplier_id)
    return row


def decline_in_words(work: Work, reason: str) -> PurchaseOrder:
    """Decline, with a typed reason, the purchase order that the actor was asked about."""
    row = draft(work, DRAFT_KIND)
    if row is None:
        raise Refusal("button_stale")
    declined = decline_purchase_order(work, int(row.facts["purchase_order_id"]), int(row.facts["revision"]), reason)
    drop_draft(work, DRAFT_KIND)
    return declined


def change_delivery_day(work: Work, purchase_order_id: int, revision: int, day: date) -> PurchaseOrder:
    """The supplier delivers on another day: coordinators and the members concerned are told.

    Refusals: not_found, revision_old, already_answered, order_cancelled, day_in_past, moment_too_far.
    """
    row = answerable(work, purchase_order_id, revision)
    found = _round_of(work, row)
    check_day_ahead(day, today(work, found))
    if day == (row.delivers_on or found.delivers_on):
        return row
    row.delivers_on = day
    _, supplier = contact_of(work, row.supplier_id)
    work.journal(
        "delivery_day_changed", enterprise_id=supplier.enterprise_id, round_id=row.round_id,
        purchase_order_id=row.id, day=day.isoformat(),
    )  # fmt: skip
    tell_status(work, row, f"day:{day.isoformat()}", again=True)
    tell_changed(work, found, _orders_of(work, row), "day", row.supplier_id)
    return row


def mark_shipped(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """The goods are on their way: nothing can be corrected any more.

    Refusals: not_found, revision_old, order_cancelled, substitute_open, wrong_phase unless it is accepted.
    """
    row = _own(work, purchase_order_id)
    if row.phase == PurchaseOrderPhase.SHIPPED:
        return row
    row = answerable(work, purchase_order_id, revision)
    found = _round_of(work, row)
    check_nobody_is_asked(work, found, supplier_id=row.supplier_id)
    row.phase = str(ship(row.phase))
    _, supplier = contact_of(work, row.supplier_id)
    work.journal(
        "purchase_order_shipped", enterprise_id=supplier.enterprise_id, round_id=row.round_id, purchase_order_id=row.id
    )
    tell_status(work, row, "shipped")
    tell_changed(work, found, _orders_of(work, row), "shipped", row.supplier_id)
    return row


def answerable(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """A purchase order in the revision that the actor saw, which orders something, still to be answered or accepted.

    Refusals: not_found, revision_old(number, revision), already_answered, order_cancelled(number).
    """
    row = _current(work, purchase_order_id, revision)
    if not row.value_minor:
        raise Refusal("order_cancelled", number=row.number)
    return row


_OPEN = (PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT, PurchaseOrderPhase.ACCEPTED)
"""A tap may arrive before the sending is noted, so `sending` may be answered as well."""


def _current(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    row = _own(work, purchase_order_id)
    if row.phase not in _OPEN:
        raise Refusal("already_answered", phase=row.phase)
    if revision != row.revision and row.accepted_revision == row.revision:
        raise Refusal("already_answered", phase=row.phase)
    if revision != row.revision:
        raise Refusal("revision_old", number=row.number, revision=row.revision)
    return row


def ordered_units(work: Work, row: PurchaseOrder) -> dict[int, int]:
    """Units by offer in the newest revision."""
    units: dict[int, int] = {}
    for line in revision_lines(work, row.id or 0, row.revision):
        units[line.offer_id] = units.get(line.offer_id, 0) + line.units
    return units


def today(work: Work, found: Round) -> date:
    """The local day of a round's enterprise."""
    zone = ZoneInfo(work.session.get_one(Enterprise, found.enterprise_id).zone)
    moment: datetime = work.now.astimezone(zone)
    return moment.date()


def _own(work: Work, purchase_order_id: int) -> PurchaseOrder:
    row = work.session.get(PurchaseOrder, purchase_order_id)
    if row is None:
        raise Refusal("not_found")
    contact_of(work, row.supplier_id)
    work.session.refresh(_round_of(work, row), with_for_update=True)
    work.session.refresh(row, with_for_update=True)
    return row


def _round_of(work: Work, row: PurchaseOrder) -> Round:
    return work.session.get_one(Round, row.round_id)


def _answer(work: Work, row: PurchaseOrder, phase: str) -> None:
    contact, supplier = contact_of(work, row.supplier_id)
    row.phase = phase
    row.sent_at = row.sent_at or work.now
    row.answered_at, row.answered_by, row.reminds_at = work.now, contact.id, None
    work.session.add(row)
    work.session.flush()
    work.journal(
        f"purchase_order_{phase}", enterprise_id=supplier.enterprise_id, round_id=row.round_id,
        purchase_order_id=row.id, revision=row.revision,
    )  # fmt: skip


def _orders_of(work: Work, row: PurchaseOrder) -> list[int]:
    """The orders that receive something of this purchase order."""
    rows = work.session.exec(
        select(col(Order.id))
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .where(Order.round_id == row.round_id, Offer.supplier_id == row.supplier_id, Allotment.units > 0)
        .distinct()
    )
    return [order_id for order_id in rows if order_id is not None]
