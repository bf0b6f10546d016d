"""Telegram has said that a purchase order's message was delivered: which message it is, and when an answer is due."""

from datetime import timedelta

from models import Enterprise, PurchaseOrder, Round
from rules.night import after_night
from rules.phases import PurchaseOrderPhase, mark_sent
from services.send_purchase_orders import send_purchase_orders
from services.tell_status import tell_status
from services.work import Work


def note_delivery(
    work: Work, purchase_order_id: int, revision: int | None, person_id: int | None, message_id: int
) -> None:
    """A revision (None is the newest one) has reached a person by a message. The coordinators hear it.

    Where it was revised while that message was on its way, the newer revision is owed.
    """
    row = work.session.get_one(PurchaseOrder, purchase_order_id)
    found = work.session.get_one(Round, row.round_id)
    work.session.refresh(found, with_for_update=True)
    work.session.refresh(row, with_for_update=True)  # the supplier may be accepting it at this very moment
    row.sent_at = row.sent_at or work.now
    if revision is not None and revision != row.revision:
        row.known_revision = row.accepted_revision or max(row.known_revision, revision)
        send_purchase_orders(work, [row], again=True)
        return
    row.delivered_revision, row.delivered_at = row.revision, work.now
    row.delivered_to, row.message_id = person_id, message_id
    if row.phase == PurchaseOrderPhase.SENDING:
        row.phase = str(mark_sent(row.phase))
        _await_answer(work, row, work.session.get_one(Enterprise, found.enterprise_id))
        work.journal("purchase_order_sent", round_id=row.round_id, purchase_order_id=row.id)
    tell_status(work, row, "sent")


def _await_answer(work: Work, row: PurchaseOrder, enterprise: Enterprise) -> None:
    """A cancellation needs no answer."""
    if enterprise.answer_hours and row.value_minor:
        row.reminds_at = after_night(work.now + timedelta(hours=enterprise.answer_hours), enterprise.zone)
