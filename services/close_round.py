"""Closing a round: exactly once, however late, by the clock or by hand.

The phase is claimed first, so a second process finds nothing to do. What members have not agreed to in time falls
away; then the rules decide, and allotments, purchase orders and every notice are written in the same transaction.
Where units are missing, the round's settings come first: a completion phase, one extension, or a coordinator's
answer; nothing is sent to any supplier before.
"""

from sqlalchemy import or_, update

from models import PurchaseOrder, Round
from rules.decide import Decision
from services.access import round_for_coordinator
from services.answer_change import decide_changes
from services.decide_closing import decide_closing
from services.missing_units import complete, extend_once, hold
from services.shortfall import shortfall
from services.tell_closing import tell_closing
from services.withdraw_orders import withdraw_undecided
from services.work import Work
from services.write_closing import write_closing

round_t, purchase_order_t = Round.__table__, PurchaseOrder.__table__  # type: ignore[attr-defined]


def close_due_round(work: Work, round_id: int) -> bool:
    """Close a round whose time has come, or keep it open for what is missing; False if there was nothing to do.

    A completion phase is over as well once nothing is missing any more.
    """
    found = _claim(work, round_id, or_(round_t.c.closes_at <= work.now, round_t.c.completing_since.is_not(None)))
    if found is None:
        return False
    if found.closes_at is not None and found.closes_at > work.now and shortfall(work, round_id):
        found.phase, found.closed_at = "open", None
        return False
    settle_wishes(work, found)
    decision = decide_closing(work, found)
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
    settle_wishes(work, found)
    _close(work, found, decide_closing(work, found))
    return True


def release_round(work: Work, round_id: int) -> bool:
    """A held round whose coordinator has not answered in time: what missed its minimum is cancelled."""
    claim = update(round_t).where(round_t.c.id == round_id, round_t.c.held_until <= work.now)
    if not work.session.execute(claim.values(held_until=None)).rowcount:  # type: ignore[attr-defined]
        return False
    found = work.session.get_one(Round, round_id, populate_existing=True)
    finish_closing(work, found, decide_closing(work, found))
    return True


def finish_closing(work: Work, found: Round, decision: Decision) -> None:
    """Write the decision and owe everybody their message."""
    written = write_closing(work, found, decision)
    work.session.execute(
        update(purchase_order_t)
        .where(purchase_order_t.c.round_id == found.id)
        .values(first_owed_minor=purchase_order_t.c.value_minor + purchase_order_t.c.freight_minor)
    )
    work.journal("round_closed", enterprise_id=found.enterprise_id, round_id=found.id, purchase_orders=len(written))
    tell_closing(work, found, written)


def _claim(work: Work, round_id: int, *due: object) -> Round | None:
    claim = update(round_t).where(round_t.c.id == round_id, round_t.c.phase == "open", *due)  # type: ignore[arg-type]
    if not work.session.execute(
        claim.values(phase="closed", closed_at=work.now, closings=round_t.c.closings + 1)
    ).rowcount:  # type: ignore[attr-defined]
        return None
    return work.session.get_one(Round, round_id, populate_existing=True)


def settle_wishes(work: Work, found: Round) -> None:
    """Let go what members have not agreed to and what no coordinator has kept."""
    decide_changes(work, found)
    withdraw_undecided(work, found)
    work.session.flush()


def _close(work: Work, found: Round, decision: Decision) -> None:
    if not hold(work, found, decision):
        finish_closing(work, found, decision)
