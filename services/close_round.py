"""Closing a round: exactly once, however late, by the clock or by hand.

The phase is claimed first, so a second process finds nothing to do. What members have not agreed to in time falls
away; then the rules decide, and allotments, purchase orders and every notice are written in the same transaction.
Where units are missing, the round's settings come first: a completion phase, one extension, or a coordinator's
answer; nothing is sent to any supplier before.
"""

from typing import Any

from sqlalchemy import func, select, update

from models import Allotment, Order, OrderLine, Round
from rules.decide import Decision
from services.access import round_for_coordinator
from services.answer_change import decide_changes
from services.decide_round import decide_round
from services.missing_units import complete, extend_once, hold
from services.tell_closing import tell_closing
from services.withdraw_orders import withdraw_undecided
from services.work import Work
from services.write_decision import write_decision

round_t, order_t = Round.__table__, Order.__table__  # type: ignore[attr-defined]
line_t, allotment_t = OrderLine.__table__, Allotment.__table__  # type: ignore[attr-defined]


def close_due_round(work: Work, round_id: int) -> bool:
    """Close a round whose time has come, or keep it open for what is missing; False if there was nothing to do."""
    found = _claim(work, round_id, round_t.c.closes_at <= work.now)
    if found is None:
        return False
    decision = _settle_wishes(work, found)
    if complete(work, found) or extend_once(work, found, decision):
        return True
    _close(work, found, decision)
    return True


def close_now(work: Work, round_id: int) -> bool:
    """A coordinator closes an open round at once, without extension; False if it was closed already."""
    round_for_coordinator(work, round_id)
    found = _claim(work, round_id)
    if found is None:
        return False
    _close(work, found, _settle_wishes(work, found))
    return True


def release_round(work: Work, round_id: int) -> bool:
    """A held round whose coordinator has not answered in time: what missed its minimum is cancelled."""
    claim = update(round_t).where(round_t.c.id == round_id, round_t.c.held_until <= work.now)
    if not work.session.execute(claim.values(held_until=None)).rowcount:  # type: ignore[attr-defined]
        return False
    found = work.session.get_one(Round, round_id, populate_existing=True)
    finish_closing(work, found, decide_round(work, found))
    return True


def finish_closing(work: Work, found: Round, decision: Decision) -> None:
    """Write the decision and owe everybody their message."""
    written = write_decision(work, found, decision)
    work.session.execute(
        update(order_t).where(order_t.c.round_id == found.id).values(first_charge_minor=_charge_of_order())
    )
    work.journal(
        "round_closed", enterprise_id=found.enterprise_id, round_id=found.id,
        purchase_orders=len(written.purchase_orders),
    )  # fmt: skip
    tell_closing(work, found, written.purchase_orders)


def _claim(work: Work, round_id: int, *due: object) -> Round | None:
    claim = update(round_t).where(round_t.c.id == round_id, round_t.c.phase == "open", *due)  # type: ignore[arg-type]
    if not work.session.execute(claim.values(phase="closed", closed_at=work.now)).rowcount:  # type: ignore[attr-defined]
        return None
    return work.session.get_one(Round, round_id, populate_existing=True)


def _settle_wishes(work: Work, found: Round) -> Decision:
    decide_changes(work, found)
    withdraw_undecided(work, found)
    work.session.flush()
    return decide_round(work, found)


def _close(work: Work, found: Round, decision: Decision) -> None:
    if not hold(work, found, decision):
        finish_closing(work, found, decision)


def _charge_of_order() -> Any:
    return (
        select(func.coalesce(func.sum(allotment_t.c.charge_minor + allotment_t.c.freight_minor), 0))
        .join(line_t, line_t.c.id == allotment_t.c.line_id)
        .where(line_t.c.order_id == order_t.c.id)
        .scalar_subquery()
    )
