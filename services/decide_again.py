"""After a correction or a supplier's answer: decide again, revise purchase orders, tell only whom it concerns."""

from collections.abc import Iterable

from sqlmodel import col, func, select

from models import Member, Order, Person, Round
from services.decide_round import decide_round
from services.send_purchase_orders import send_purchase_orders
from services.work import Lane, Work
from services.write_decision import Written, write_decision


def decide_again(
    work: Work,
    found: Round,
    why: str,
    supplier_id: int | None = None,
    *,
    agreed: bool = False,
    also: Iterable[int] = (),
) -> Written:
    """Write what is different now. With `agreed` the supplier has said it themselves and is not asked again.

    `why` is corrected, less, declined or substitute: it heads what the members concerned are told: those who get or
    pay something else, and those of the orders in `also`.
    """
    work.session.flush()
    written = write_decision(work, found, decide_round(work, found), supplier_id if agreed else None)
    send_purchase_orders(work, [one for one in written.purchase_orders if not agreed or one.supplier_id != supplier_id])
    tell_changed(work, found, written.order_ids | set(also), why, supplier_id)
    return written


def tell_changed(work: Work, found: Round, order_ids: Iterable[int], why: str, supplier_id: int | None = None) -> None:
    """Owe the members of these orders, or whoever collects them, what they get and pay now."""
    rows = work.session.exec(
        select(Person, Order.member_id)
        .join(Member, col(Member.person_id) == Person.id)
        .join(Order, func.coalesce(Order.collector_id, Order.member_id) == Member.id)
        .where(col(Order.id).in_(list(order_ids)))
        .order_by(col(Order.member_id))
    ).all()
    for person, member_id in rows:
        work.notify(
            f"outcome_changed:{found.id}:{member_id}:{why}:{work.now.timestamp():.6f}", "outcome_changed",
            Lane.OUTCOME, person=person, enterprise_id=found.enterprise_id,
            round_id=found.id, member_id=member_id, supplier_id=supplier_id, why=why,
        )  # fmt: skip
