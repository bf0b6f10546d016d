"""Reopening a closed round, until a supplier has accepted: allotments go, suppliers and members are told.

Cancelling a closed round is reopening and cancelling it in one transaction, so that members hear of it once.
"""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlmodel import col

from models import Allotment, Offer, Order, OrderLine, PurchaseOrder, Round, RoundSupplier
from rules.phases import PurchaseOrderPhase, reopen_round
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.asked_substitutes import forget_substitutes
from services.offer_substitute import take_substitutes_back
from services.refresh_cards import refresh_cards
from services.send_purchase_orders import send_purchase_orders
from services.tell_closing import refresh_group
from services.tell_members import tell_members
from services.work import Lane, Work
from services.write_decision import begin_revision

REOPENED_HOURS = 24


def reopen(work: Work, round_id: int) -> Round:
    """Open a closed round again for a day. Refusals: wrong_phase, accepted_already(number)."""
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase == "open":
        return found
    open_again(work, found)
    tell_members(work, found, "round_reopened", Lane.BROADCAST, f"{work.now.timestamp():.0f}")
    refresh_cards(work, found)
    refresh_group(work, found)
    return found


def open_again(work: Work, found: Round) -> None:
    """A closed round, locked by the caller, is open and undecided; suppliers who were told get a cancellation.

    Refusals: wrong_phase, accepted_already(number).
    """
    found.phase = str(reopen_round(found.phase))
    withdraw_decision(work, found)
    found.closed_at = found.held_until = found.completing_since = None
    found.closes_at = work.now + timedelta(hours=REOPENED_HOURS)
    work.session.flush()
    work.journal("round_reopened", enterprise_id=found.enterprise_id, round_id=found.id)


def withdraw_decision(work: Work, found: Round) -> None:
    """Take back allotments and purchase orders: a supplier who was told gets a revision that orders nothing, but not
    one who has declined."""
    rows = work.session.execute(
        select(PurchaseOrder).where(col(PurchaseOrder.round_id) == found.id).with_for_update()
    ).scalars()
    for row in rows.all():
        if row.accepted_revision or row.phase in (PurchaseOrderPhase.SHIPPED, PurchaseOrderPhase.RECEIVED):
            raise Refusal("accepted_already", number=row.number)
        if row.value_minor:
            begin_revision(row)
            row.value_minor = row.freight_minor = row.house_minor = 0
            work.session.add(row)
            work.session.flush()
            send_purchase_orders(work, [row])
    lines = (
        select(col(OrderLine.id))
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(col(Order.round_id) == found.id)
    )
    work.session.execute(delete(Allotment).where(col(Allotment.line_id).in_(lines)))
    work.session.execute(update(Order).where(col(Order.round_id) == found.id).values(first_charge_minor=None))
    work.session.execute(
        update(Offer).where(col(Offer.round_id) == found.id).values(supplied_units=None, minimum_waived=False)
    )
    work.session.execute(
        update(RoundSupplier).where(col(RoundSupplier.round_id) == found.id).values(minimum_waived=False)
    )
    forget_substitutes(work, found.id or 0)
    take_substitutes_back(work, found)
