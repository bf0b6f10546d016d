"""A supplier who leaves a purchase order unanswered is reminded once; after the same time again the coordinators hear
of it, once, so that they call. Neither happens at night. A new revision starts anew.

Whoever got the order is reminded, or else the oldest contact that messages reach; where there is none, the
coordinators hear at once. An answer locks the round first, and so does this: one of them comes before the other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
from sqlmodel import col, func, select

from models import Enterprise, Person, PurchaseOrder, Round
from rules.night import after_night
from rules.phases import PurchaseOrderPhase
from services.due_rounds import RETRY_AFTER
from services.send_purchase_orders import reachable_contacts
from services.tell_status import tell_status
from services.work import Lane, Work

KIND = "purchase_order_reminder"
_UNANSWERED = (
    col(PurchaseOrder.phase) == PurchaseOrderPhase.SENT,
    col(PurchaseOrder.value_minor) > 0,
    col(PurchaseOrder.reminds_at).is_not(None),
)


def due_reminders(work: Work) -> Sequence[int]:
    """Purchase orders whose time to answer, or to answer the reminder, is up."""
    due = select(col(PurchaseOrder.id)).where(*_UNANSWERED, col(PurchaseOrder.reminds_at) <= work.now)
    return [row for row in work.session.exec(due.order_by(col(PurchaseOrder.id))) if row is not None]


def next_reminder(work: Work) -> datetime | None:
    """When the next time to answer is up."""
    return work.session.exec(select(func.min(PurchaseOrder.reminds_at)).where(*_UNANSWERED)).one()


def rest_reminder(work: Work, purchase_order_id: int) -> None:
    """One failed: leave it alone for a minute."""
    _claim(work, purchase_order_id, reminds_at=work.now + RETRY_AFTER)


def remind_supplier(work: Work, purchase_order_id: int) -> bool:
    """Remind, or tell the coordinators where that was done before; False where nothing is due (any more), or it is
    night."""
    row = work.session.get(PurchaseOrder, purchase_order_id)
    if row is None:
        return False
    found = work.session.get_one(Round, row.round_id)
    work.session.refresh(found, with_for_update=True)
    work.session.refresh(row)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    morning = after_night(work.now, enterprise.zone)
    if morning > work.now:
        _claim(work, purchase_order_id, reminds_at=morning)
        return False
    if not enterprise.answer_hours:  # switched off meanwhile
        _claim(work, purchase_order_id, reminds_at=None)
        return False
    if row.reminded_at is not None:
        return _claim(work, purchase_order_id, reminds_at=None) and _give_up(work, row)
    again_at = after_night(work.now + timedelta(hours=enterprise.answer_hours), enterprise.zone)
    return _claim(work, purchase_order_id, reminded_at=work.now, reminds_at=again_at) and _remind(work, row)


def _claim(work: Work, purchase_order_id: int, **values: datetime | None) -> bool:
    """Whether it is still due; then it is so no more."""
    due = (col(PurchaseOrder.id) == purchase_order_id, *_UNANSWERED, col(PurchaseOrder.reminds_at) <= work.now)
    done = work.session.execute(update(PurchaseOrder).where(*due).values(**values))
    assert isinstance(done, CursorResult)
    return bool(done.rowcount)


def _remind(work: Work, row: PurchaseOrder) -> bool:
    work.session.refresh(row)
    person = _whom(work, row)
    if person is None:
        row.reminds_at = row.reminded_at = None
        return _give_up(work, row)
    enterprise_id = work.session.get_one(Round, row.round_id).enterprise_id
    work.notify(
        f"{KIND}:{row.id}:{row.revision}:{person.id}", KIND, Lane.INTERACTIVE, person=person,
        enterprise_id=enterprise_id, must_arrive=False, purchase_order_id=row.id, revision=row.revision,
    )  # fmt: skip
    work.journal(
        "purchase_order_reminded", enterprise_id=enterprise_id, round_id=row.round_id, purchase_order_id=row.id,
        revision=row.revision,
    )  # fmt: skip
    return True


def _whom(work: Work, row: PurchaseOrder) -> Person | None:
    reached = reachable_contacts(work, row.supplier_id)
    return next((one for one in reached if one.id == row.delivered_to), reached[0] if reached else None)


def _give_up(work: Work, row: PurchaseOrder) -> bool:
    row.given_up_at = work.now
    tell_status(work, row, "unanswered")
    work.journal(
        "purchase_order_unanswered", enterprise_id=work.session.get_one(Round, row.round_id).enterprise_id,
        round_id=row.round_id, purchase_order_id=row.id, revision=row.revision,
    )  # fmt: skip
    return True


def remind_another(work: Work, purchase_order_id: int, revision: int, person_id: int | None) -> None:
    """The reminder does not reach this person: the next contact gets it; where nobody is left the coordinators hear.

    Nothing where only its answer was lost: then it may have arrived, and is not repeated.
    """
    row = work.session.get_one(PurchaseOrder, purchase_order_id)
    work.session.refresh(work.session.get_one(Round, row.round_id), with_for_update=True)
    work.session.refresh(row, with_for_update=True)
    unanswered = row.phase == PurchaseOrderPhase.SENT and row.revision == revision and row.reminds_at is not None
    if unanswered and all(one.id != person_id for one in reachable_contacts(work, row.supplier_id)):
        _remind(work, row)
