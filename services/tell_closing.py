"""Everybody whom a closing concerns is owed one message."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select

from models import Enterprise, Member, Order, OrderLine, Person, PurchaseOrder, Round
from services.coordinators import coordinators
from services.refresh_cards import refresh_cards
from services.send_purchase_orders import send_purchase_orders
from services.work import Lane, Work, keyed

member_t, person_t = Member.__table__, Person.__table__  # type: ignore[attr-defined]
order_t, line_t = Order.__table__, OrderLine.__table__  # type: ignore[attr-defined]


def tell_closing(work: Work, found: Round, purchase_orders: Sequence[PurchaseOrder]) -> None:
    """Purchase orders, outcomes, the coordinators' summary, fresh cards."""
    send_purchase_orders(work, purchase_orders)
    tell_outcomes(work, found)
    for person in coordinators(work, found.enterprise_id):
        work.notify(
            f"round_closed:{found.id}:{found.closings}:{person.id}", "round_closed", Lane.OUTCOME,
            person=person, enterprise_id=found.enterprise_id, round_id=found.id,
        )  # fmt: skip
    refresh_cards(work, found)
    refresh_group(work, found)


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
        people, "outcome", Lane.OUTCOME, key=keyed(f"outcome:{found.id}:{found.closings}:", order_t.c.member_id),
        is_new=True, enterprise_id=found.enterprise_id, round_id=found.id, member_id=order_t.c.member_id,
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
