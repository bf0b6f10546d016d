"""The supplier's answer to one revision of a purchase order. A repeat changes nothing; an old revision is refused.

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
from services.access import contact_of
from services.decide_again import decide_again, tell_changed
from services.drafts import draft, drop_draft
from services.tell_status import tell_status
from services.work import Work
from services.write_decision import revision_lines

DRAFT_KIND = "decline"
"""Remembers which purchase order a typed reason is for."""


def accept_purchase_order(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """The supplier will deliver this revision. Refusals: not_found, already_answered, revision_old."""
    row = answerable(work, purchase_order_id, revision)
    if row.phase == PurchaseOrderPhase.ACCEPTED:
        return row
    _answer(work, row, str(accept(PurchaseOrderPhase.SENT)))
    row.accepted_revision = revision
    tell_status(work, row, "accepted")
    return row


def accept_with_less(work: Work, purchase_order_id: int, revision: int, units: Mapping[int, int]) -> PurchaseOrder:
    """The supplier will deliver so many units of these offers, and all of the others.

    Refusals: not_found, already_answered, revision_old, more_than_ordered(ordered), nothing_left.
    """
    row = answerable(work, purchase_order_id, revision)
    if row.phase == PurchaseOrderPhase.ACCEPTED:
        return row
    ordered = ordered_units(work, row)
    for offer_id, some in units.items():
        if offer_id not in ordered:
            raise Refusal("not_found")
        if not 0 <= some <= ordered[offer_id]:
            raise Refusal("more_than_ordered", ordered=ordered[offer_id])
        work.session.get_one(Offer, offer_id, with_for_update=True).supplied_units = some
    if not any((ordered | dict(units)).values()):
        raise Refusal("nothing_left")
    _answer(work, row, str(accept(PurchaseOrderPhase.SENT)))
    row.accepted_revision = revision
    work.session.flush()
    found = work.session.get_one(Round, row.round_id)
    decide_again(work, found, "less", row.supplier_id, agreed=True)
    tell_status(work, row, "accepted_less")
    return row


def decline_purchase_order(work: Work, purchase_order_id: int, revision: int, reason: str) -> PurchaseOrder:
    """The supplier cannot deliver; the members whose lines fall away hear it. `reason` is a code or typed."""
    row = _own(work, purchase_order_id)
    if row.phase == PurchaseOrderPhase.DECLINED:
        return row
    row = answerable(work, purchase_order_id, revision)
    if row.phase == PurchaseOrderPhase.ACCEPTED:
        raise Refusal("already_answered", phase=row.phase)
    row.decline_reason = short_text(reason, MAX_ADDRESS_CHARACTERS)
    _answer(work, row, str(decline(PurchaseOrderPhase.SENT)))
    tell_status(work, row, "declined")
    for offer in work.session.exec(
        select(Offer).where(Offer.round_id == row.round_id, Offer.supplier_id == row.supplier_id)
    ).all():
        offer.supplied_units = 0
    decide_again(work, work.session.get_one(Round, row.round_id), "declined", row.supplier_id)
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

    Refusals: not_found, revision_old, already_shipped, day_in_past.
    """
    row = _own(work, purchase_order_id)
    _check_revision(row, revision)
    if row.phase not in (PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT, PurchaseOrderPhase.ACCEPTED):
        raise Refusal("already_answered", phase=row.phase)
    found = work.session.get_one(Round, row.round_id)
    if day < today(work, found):
        raise Refusal("day_in_past")
    if day == (row.delivers_on or found.delivers_on):
        return row
    row.delivers_on = day
    _, supplier = contact_of(work, row.supplier_id)
    work.journal(
        "delivery_day_changed", enterprise_id=supplier.enterprise_id, round_id=row.round_id,
        purchase_order_id=row.id, day=day.isoformat(),
    )  # fmt: skip
    tell_status(work, row, f"day:{day.isoformat()}")
    tell_changed(work, found, _orders_of(work, row), "day", row.supplier_id)
    return row


def mark_shipped(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """The goods are on their way: nothing can be corrected any more."""
    row = _own(work, purchase_order_id)
    if row.phase == PurchaseOrderPhase.SHIPPED:
        return row
    _check_revision(row, revision)
    row.phase = str(ship(row.phase))
    _, supplier = contact_of(work, row.supplier_id)
    work.journal(
        "purchase_order_shipped", enterprise_id=supplier.enterprise_id, round_id=row.round_id, purchase_order_id=row.id
    )
    tell_status(work, row, "shipped")
    tell_changed(work, work.session.get_one(Round, row.round_id), _orders_of(work, row), "shipped", row.supplier_id)
    return row


def answerable(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """A purchase order in the revision that the actor saw, still to be answered or accepted; or a Refusal.

    A tap may arrive before the sending is noted, so `sending` may be answered as well.
    """
    row = _own(work, purchase_order_id)
    _check_revision(row, revision)
    if row.phase not in (PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT, PurchaseOrderPhase.ACCEPTED):
        raise Refusal("already_answered", phase=row.phase)
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


def _check_revision(row: PurchaseOrder, revision: int) -> None:
    if revision != row.revision:
        raise Refusal("revision_old", number=row.number, revision=row.revision)


def _own(work: Work, purchase_order_id: int) -> PurchaseOrder:
    row = work.session.get(PurchaseOrder, purchase_order_id, with_for_update=True)
    if row is None:
        raise Refusal("not_found")
    contact_of(work, row.supplier_id)
    return row


def _answer(work: Work, row: PurchaseOrder, phase: str) -> None:
    contact, supplier = contact_of(work, row.supplier_id)
    row.phase = phase
    row.sent_at = row.sent_at or work.now
    row.answered_at, row.answered_by = work.now, contact.id
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
