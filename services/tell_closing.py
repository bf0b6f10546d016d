"""Everybody whom a closing concerns is owed one message."""

from collections.abc import Sequence

from sqlmodel import col, func, select

from models import Card, Enterprise, Member, Order, OrderLine, Person, PurchaseOrder, Round
from services.coordinators import coordinators
from services.send_purchase_order import send_purchase_order
from services.work import Lane, Work


def tell_closing(work: Work, found: Round, purchase_orders: Sequence[PurchaseOrder]) -> None:
    """Purchase orders, outcomes, the coordinators' summary, fresh cards."""
    for purchase_order in purchase_orders:
        send_purchase_order(work, purchase_order)
    tell_outcomes(work, found)
    for person in coordinators(work, found.enterprise_id):
        work.notify(
            f"round_closed:{found.id}:{_when(found)}:{person.id}", "round_closed", Lane.OUTCOME,
            person=person, enterprise_id=found.enterprise_id, round_id=found.id,
        )  # fmt: skip
    refresh_cards(work, found, "closed")
    refresh_group(work, found)


def _when(found: Round) -> str:
    """A round that was reopened closes once more."""
    return f"{found.closed_at.timestamp():.0f}" if found.closed_at else ""


def tell_outcomes(work: Work, found: Round) -> None:
    """Every member with a wish hears what they get, or why not; whoever collects for another hears it for them."""
    rows = work.session.exec(
        select(Person, Order.member_id)
        .join(Member, col(Member.person_id) == Person.id)
        .join(Order, func.coalesce(Order.collector_id, Order.member_id) == Member.id)
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .where(Order.round_id == found.id, OrderLine.firm > 0)
        .distinct()
        .order_by(col(Order.member_id))
    )
    for person, member_id in rows:
        work.notify(
            f"outcome:{found.id}:{_when(found)}:{member_id}", "outcome", Lane.OUTCOME,
            person=person, enterprise_id=found.enterprise_id, round_id=found.id, member_id=member_id,
        )  # fmt: skip


def refresh_cards(work: Work, found: Round, why: str) -> None:
    """Every member's newest card shows how things stand now; `why` and the time make the notice unique."""
    rows = work.session.exec(
        select(Card, Person)
        .join(Member, col(Member.id) == Card.member_id)
        .join(Person, col(Person.id) == Member.person_id)
        .where(Card.round_id == found.id, col(Member.left_at).is_(None))
    )
    for card, person in rows:
        work.notify(
            f"card_refresh:{found.id}:{card.member_id}:{why}:{work.now.timestamp():.0f}", "card_refresh", Lane.EDIT,
            person=person, enterprise_id=found.enterprise_id, must_arrive=False,
            round_id=found.id, member_id=card.member_id, edits=card.message_id,
        )  # fmt: skip


def refresh_group(work: Work, found: Round) -> None:
    """The line in the linked group shows how things stand now."""
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    if enterprise.group_chat_id is not None and found.group_message_id is not None:
        work.notify(
            f"group_progress:{found.id}:{found.phase}:{work.now.timestamp():.0f}", "group_progress", Lane.EDIT,
            chat_id=enterprise.group_chat_id, enterprise_id=enterprise.id, must_arrive=False,
            round_id=found.id, edits=found.group_message_id,
        )  # fmt: skip
