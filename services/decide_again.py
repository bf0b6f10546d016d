"""After a correction or a supplier's answer: decide again, revise purchase orders, tell only whom it concerns."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlmodel import col, func, select

from models import Member, Order, Person, Round
from services.decide_round import decide_round
from services.send_purchase_orders import send_purchase_orders
from services.work import Lane, Work
from services.write_decision import Written, write_decision

NOBODY: Mapping[int, Mapping[str, Any]] = MappingProxyType({})


def decide_again(
    work: Work,
    found: Round,
    why: str,
    supplier_id: int | None = None,
    *,
    agreed: bool = False,
    also: Mapping[int, Mapping[str, Any]] = NOBODY,
) -> Written:
    """Write what is different now. With `agreed` the supplier has said it themselves and is not asked again.

    `why` is corrected, less, declined or substitute: it heads what the members concerned are told: those who get or
    pay something else, and those of the orders in `also`, with what only they are told.
    """
    work.session.flush()
    written = write_decision(work, found, decide_round(work, found), supplier_id if agreed else None)
    send_purchase_orders(work, [one for one in written.purchase_orders if not agreed or one.supplier_id != supplier_id])
    tell_changed(work, found, written.order_ids | also.keys(), why, supplier_id, also)
    return written


def tell_changed(
    work: Work,
    found: Round,
    order_ids: Iterable[int],
    why: str,
    supplier_id: int | None = None,
    facts: Mapping[int, Mapping[str, Any]] = NOBODY,
) -> None:
    """Owe the members of these orders, or whoever collects them, what they get and pay now, with an order's facts."""
    rows = work.session.exec(
        select(Person, Order.member_id, Order.id)
        .join(Member, col(Member.person_id) == Person.id)
        .join(Order, func.coalesce(Order.collector_id, Order.member_id) == Member.id)
        .where(col(Order.id).in_(list(order_ids)))
        .order_by(col(Order.member_id))
    ).all()
    for person, member_id, order_id in rows:
        work.notify(
            f"outcome_changed:{found.id}:{member_id}:{why}:{work.now.timestamp():.6f}", "outcome_changed",
            Lane.OUTCOME, person=person, enterprise_id=found.enterprise_id,
            round_id=found.id, member_id=member_id, supplier_id=supplier_id, why=why,
            **facts.get(order_id or 0, {}),
        )  # fmt: skip
