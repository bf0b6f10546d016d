"""A coordinator settles a closed round: everything has arrived and is paid, and nothing about it changes any more.

Each supplier has accepted by then, or delivers nothing. What they have not called shipped themselves has arrived all
the same, so the purchase orders go through the phases that are left.
"""

from sqlmodel import col, select

from models import PurchaseOrder, Round
from rules.phases import PurchaseOrderPhase, receive, settle_round, ship
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.asked_substitutes import check_nobody_is_asked
from services.work import Work

UNANSWERED = (PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT)


def settle(work: Work, round_id: int) -> Round:
    """Settle a round; a second press changes nothing.

    Refusals: wrong_phase, also while it is held, order_unanswered(number), substitute_open.
    """
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase == "settled":
        return found
    phase = settle_round(found.phase)
    if found.held_until is not None:
        raise Refusal("wrong_phase", phase=found.phase, wanted="closed")
    check_nobody_is_asked(work, found)
    orders = select(PurchaseOrder).where(PurchaseOrder.round_id == round_id).order_by(col(PurchaseOrder.id))
    for row in work.session.exec(orders.with_for_update()).all():
        _receive(work, found, row)
    found.phase = str(phase)
    work.session.add(found)
    work.session.flush()
    work.journal("round_settled", enterprise_id=found.enterprise_id, round_id=round_id)
    return found


def _receive(work: Work, found: Round, row: PurchaseOrder) -> None:
    """What was ordered has arrived; what was cancelled or declined has nothing to arrive."""
    if row.value_minor and row.phase in UNANSWERED:
        raise Refusal("order_unanswered", number=row.number)
    if not row.value_minor or row.phase == PurchaseOrderPhase.DECLINED:
        return
    for phase, go_on in ((PurchaseOrderPhase.ACCEPTED, ship), (PurchaseOrderPhase.SHIPPED, receive)):
        if row.phase == phase:
            row.phase = str(go_on(row.phase))
            work.session.add(row)
            work.journal(
                f"purchase_order_{row.phase}", enterprise_id=found.enterprise_id, round_id=found.id,
                purchase_order_id=row.id,
            )  # fmt: skip
