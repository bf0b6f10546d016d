"""Reminds suppliers of purchase orders that they have not answered."""

from models import PurchaseOrder
from rules.phases import PurchaseOrderPhase
from services.read_purchase_order import purchase_order_view
from services.remind_suppliers import KIND, remind_another
from services.work import Work
from views.notice import Delivery, NoticeKind, declare
from views.screens.purchase_order_reminder import Unanswered, reminder_screen


def _read(work: Work, delivery: Delivery) -> Unanswered | None:
    """Nothing where it was answered meanwhile, or where a newer revision is on its way."""
    row = work.session.get(PurchaseOrder, delivery.facts["purchase_order_id"])
    if row is None or row.phase != PurchaseOrderPhase.SENT or row.revision != delivery.facts["revision"]:
        return None
    theirs = row.delivered_to == delivery.person_id
    return Unanswered(purchase_order_view(work, row), row.message_id if theirs else None)


def _failed(work: Work, delivery: Delivery, _reason: str) -> None:
    remind_another(work, delivery.facts["purchase_order_id"], delivery.facts["revision"], delivery.person_id)


declare(KIND, NoticeKind(_read, reminder_screen, failed=_failed))
