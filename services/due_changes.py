"""Changes of offers whose time to answer is up."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select

from models import Offer, OfferChange, Round
from services.answer_change import decide_change
from services.due_rounds import RETRY_AFTER
from services.offer_substitute import decide_substitute
from services.work import Work


def due_changes(work: Work) -> Sequence[int]:
    """Changes that are to be decided now."""
    rows = work.session.exec(
        select(col(OfferChange.id))
        .where(col(OfferChange.decided_at).is_(None), OfferChange.decides_at <= work.now)
        .order_by(col(OfferChange.id))
    )
    return [row for row in rows if row is not None]


def next_change(work: Work) -> datetime | None:
    """When the next change is to be decided."""
    return work.session.exec(
        select(func.min(OfferChange.decides_at)).where(col(OfferChange.decided_at).is_(None))
    ).one()


def rest_change(work: Work, change_id: int) -> None:
    """A change failed: leave it alone for a minute, so that it does not hold up the others. Its round goes on."""
    change = work.session.get(OfferChange, change_id)
    if change is not None:
        change.decides_at = work.now + RETRY_AFTER


def decide_due_change(work: Work, change_id: int) -> bool:
    """The time to answer a change is up; False if it was decided already."""
    change = work.session.get(OfferChange, change_id)
    if change is None:
        return False
    found = work.session.get_one(Round, work.session.get_one(Offer, change.offer_id).round_id)
    work.session.refresh(found, with_for_update=True)  # before anything else, as corrections and answers do
    work.session.refresh(change, with_for_update=True)
    if change.decided_at is not None or change.decides_at > work.now:
        return False
    change.decided_at = work.now
    if change.kind == "substitute":
        decide_substitute(work, found, change)
    elif found.phase == "open":
        decide_change(work, found, change)
    return True
