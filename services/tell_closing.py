"""Everybody whom a closing concerns is owed one message."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select

from models import Card, Enterprise, Member, Order, OrderLine, Person, PurchaseOrder, Round
from services.coordinators import coordinators
from services.send_purchase_order import send_purchase_order
from services.work import Lane, Work, keyed

member_t, person_t, card_t = Member.__table__, Person.__table__, Card.__table__  # type: ignore[attr-defined]
order_t, line_t = Order.__table__, OrderLine.__table__  # type: ignore[attr-defined]


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
    wished = exists().where(line_t.c.order_id == order_t.c.id, line_t.c.firm > 0)
    people = (
        select(member_t.c.person_id, person_t.c.telegram_id.label("chat_id"))
        .join(member_t, member_t.c.id == func.coalesce(order_t.c.collector_id, order_t.c.member_id))
        .join(person_t, person_t.c.id == member_t.c.person_id)
        .where(order_t.c.round_id == found.id, wished)
        .order_by(order_t.c.member_id)
    )
    work.notify_each(
        people, "outcome", Lane.OUTCOME, key=keyed(f"outcome:{found.id}:{_when(found)}:", order_t.c.member_id),
        enterprise_id=found.enterprise_id, round_id=found.id, member_id=order_t.c.member_id,
    )  # fmt: skip


def refresh_cards(work: Work, found: Round, why: str) -> None:
    """Every member's newest card shows how things stand now; `why` and the time make the notice unique."""
    people = (
        select(member_t.c.person_id, person_t.c.telegram_id.label("chat_id"))
        .join(member_t, member_t.c.id == card_t.c.member_id)
        .join(person_t, person_t.c.id == member_t.c.person_id)
        .where(card_t.c.round_id == found.id, member_t.c.left_at.is_(None))
        .order_by(member_t.c.id)
    )
    work.notify_each(
        people, "card_refresh", Lane.EDIT,
        key=keyed(f"card_refresh:{found.id}:", card_t.c.member_id, f":{why}:{work.now.timestamp():.0f}"),
        enterprise_id=found.enterprise_id, must_arrive=False,
        round_id=found.id, member_id=card_t.c.member_id, edits=card_t.c.message_id,
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
