"""The supplier's answer to a purchase order: accept or decline. The last word stands; a repeat changes nothing."""

from sqlmodel import col, select

from models import Allotment, Member, Offer, Order, OrderLine, Person, PurchaseOrder, Round
from rules.phases import PurchaseOrderPhase, accept, decline
from rules.refusal import Refusal
from rules.short_text import MAX_ADDRESS_CHARACTERS, short_text
from services.access import contact_of
from services.drafts import draft, drop_draft
from services.tell_status import tell_status
from services.work import Lane, Work

DRAFT_KIND = "decline"
"""Remembers which purchase order a typed reason is for."""


def accept_purchase_order(work: Work, purchase_order_id: int) -> PurchaseOrder:
    """The supplier will deliver. Refusal("not_found"), ("already_answered")."""
    purchase_order = _own(work, purchase_order_id)
    if purchase_order.phase == PurchaseOrderPhase.ACCEPTED:
        return purchase_order
    _check_waiting(purchase_order)
    _answer(work, purchase_order, str(accept(PurchaseOrderPhase.SENT)))
    tell_status(work, purchase_order, "accepted")
    return purchase_order


def decline_purchase_order(work: Work, purchase_order_id: int, reason: str) -> PurchaseOrder:
    """The supplier cannot deliver; the members whose lines fall away hear it. `reason` is a code or typed."""
    purchase_order = _own(work, purchase_order_id)
    if purchase_order.phase == PurchaseOrderPhase.DECLINED:
        return purchase_order
    _check_waiting(purchase_order)
    purchase_order.decline_reason = short_text(reason, MAX_ADDRESS_CHARACTERS)
    _answer(work, purchase_order, str(decline(PurchaseOrderPhase.SENT)))
    tell_status(work, purchase_order, "declined")
    _take_back(work, purchase_order)
    return purchase_order


def decline_in_words(work: Work, reason: str) -> PurchaseOrder:
    """Decline, with a typed reason, the purchase order that the actor was asked about."""
    row = draft(work, DRAFT_KIND)
    if row is None:
        raise Refusal("button_stale")
    declined = decline_purchase_order(work, int(row.facts["purchase_order_id"]), reason)
    drop_draft(work, DRAFT_KIND)
    return declined


def may_answer(work: Work, purchase_order_id: int) -> PurchaseOrder:
    """A purchase order that still waits for the actor's answer, or a Refusal."""
    purchase_order = _own(work, purchase_order_id)
    _check_waiting(purchase_order)
    return purchase_order


def _own(work: Work, purchase_order_id: int) -> PurchaseOrder:
    purchase_order = work.session.get(PurchaseOrder, purchase_order_id, with_for_update=True)
    if purchase_order is None:
        raise Refusal("not_found")
    contact_of(work, purchase_order.supplier_id)
    return purchase_order


def _check_waiting(purchase_order: PurchaseOrder) -> None:
    """A tap may arrive before the sending is noted, so `sending` may be answered as well."""
    if purchase_order.phase not in (PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT):
        raise Refusal("already_answered", phase=purchase_order.phase)


def _answer(work: Work, purchase_order: PurchaseOrder, phase: str) -> None:
    contact, supplier = contact_of(work, purchase_order.supplier_id)
    purchase_order.phase = phase
    purchase_order.sent_at = purchase_order.sent_at or work.now
    purchase_order.answered_at, purchase_order.answered_by = work.now, contact.id
    work.session.add(purchase_order)
    work.session.flush()
    work.journal(
        f"purchase_order_{phase}", enterprise_id=supplier.enterprise_id, round_id=purchase_order.round_id,
        purchase_order_id=purchase_order.id,
    )  # fmt: skip


def _take_back(work: Work, purchase_order: PurchaseOrder) -> None:
    """Declined: the allotments of the supplier's offers become nothing, and their members are told."""
    rows = work.session.exec(
        select(Allotment, Order.member_id)
        .join(OrderLine, col(OrderLine.id) == Allotment.line_id)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .where(
            Order.round_id == purchase_order.round_id,
            Offer.supplier_id == purchase_order.supplier_id,
            Allotment.units > 0,
        )
    ).all()
    for allotment, _ in rows:
        allotment.units, allotment.charge_minor, allotment.reason = 0, 0, "declined"
        work.session.add(allotment)
    found = work.session.get_one(Round, purchase_order.round_id)
    for member_id in sorted({member_id for _, member_id in rows}):
        person = work.session.get_one(Person, work.session.get_one(Member, member_id).person_id)
        work.notify(
            f"declined:{purchase_order.id}:{member_id}", "outcome_changed", Lane.OUTCOME, person=person,
            enterprise_id=found.enterprise_id, round_id=found.id, member_id=member_id,
            supplier_id=purchase_order.supplier_id,
        )  # fmt: skip
