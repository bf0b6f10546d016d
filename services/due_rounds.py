"""Which rounds have something due, and when the next thing comes due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from models import Round
from services.shortfall import shortfall
from services.work import Work

RETRY_AFTER = timedelta(minutes=1)


def due_to_open(work: Work) -> Sequence[int]:
    """Approved drafts whose opening time has come."""
    return _ids(work, Round.phase == "draft", col(Round.scheduled_at).is_not(None), col(Round.opens_at) <= work.now)


def due_to_close(work: Work) -> Sequence[int]:
    """Open rounds whose closing time has come, however long ago; or whose completion phase has nothing left to do."""
    due = or_(col(Round.closes_at) <= work.now, col(Round.id).in_(_completed(work)))
    return _ids(work, Round.phase == "open", due)


def _completed(work: Work) -> list[int]:
    completing = select(col(Round.id)).where(Round.phase == "open", col(Round.completing_since).is_not(None))
    return [round_id for round_id in work.session.exec(completing) if round_id and not shortfall(work, round_id)]


def due_to_remind(work: Work) -> Sequence[int]:
    """Open rounds whose reminder is due."""
    return _ids(
        work, Round.phase == "open", col(Round.reminded_at).is_(None),
        col(Round.reminds_at) <= work.now, col(Round.closes_at) > work.now,
    )  # fmt: skip


def due_to_release(work: Work) -> Sequence[int]:
    """Held rounds whose coordinator has not answered in time."""
    return _ids(work, Round.phase == "closed", col(Round.held_until) <= work.now)


def _ids(work: Work, *conditions: object) -> Sequence[int]:
    rested = or_(col(Round.retry_at).is_(None), col(Round.retry_at) <= work.now)
    rows = work.session.exec(select(Round.id).where(rested, *conditions).order_by(col(Round.id)))  # type: ignore[arg-type]
    return [row for row in rows if row is not None]


def postpone(work: Work, round_id: int) -> None:
    """A round failed: leave it alone for a minute, so that it does not hold up the others."""
    found = work.session.get(Round, round_id)
    if found is not None:
        found.retry_at = work.now + RETRY_AFTER


def next_due(work: Work) -> datetime | None:
    """When the next round opens, reminds or closes; a moment that has passed means at once."""
    waiting = or_(col(Round.phase).in_(("draft", "open")), col(Round.held_until).is_not(None))
    rows = work.session.exec(select(Round).where(waiting))
    return min((moment for row in rows for moment in _moments(work, row)), default=None)


def _moments(work: Work, row: Round) -> list[datetime]:
    """What is due of a round, not before it has rested after a failure."""
    if row.phase == "draft":
        due = [row.opens_at] if row.scheduled_at else []
    elif row.phase == "closed":
        due = [row.held_until]
    elif row.completing_since is not None and not shortfall(work, row.id or 0):
        due = [work.now]
    else:
        due = [row.closes_at, row.reminds_at if row.reminded_at is None else None]
    return [max(moment, row.retry_at or moment) for moment in due if moment is not None]
