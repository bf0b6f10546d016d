"""Which rounds have something due, and when the next thing comes due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from models import Round
from services.work import Work

RETRY_AFTER = timedelta(minutes=1)


def due_to_open(work: Work) -> Sequence[int]:
    """Approved drafts whose opening time has come."""
    return _ids(work, Round.phase == "draft", col(Round.scheduled_at).is_not(None), col(Round.opens_at) <= work.now)


def due_to_close(work: Work) -> Sequence[int]:
    """Open rounds whose closing time has come, however long ago."""
    return _ids(work, Round.phase == "open", col(Round.closes_at) <= work.now)


def due_to_remind(work: Work) -> Sequence[int]:
    """Open rounds whose reminder is due."""
    return _ids(
        work, Round.phase == "open", col(Round.reminded_at).is_(None),
        col(Round.reminds_at) <= work.now, col(Round.closes_at) > work.now,
    )  # fmt: skip


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
    """When the next round opens, reminds or closes."""
    moments: list[datetime | None] = [
        *work.session.exec(select(Round.opens_at).where(Round.phase == "draft", col(Round.scheduled_at).is_not(None))),
        *work.session.exec(select(Round.closes_at).where(Round.phase == "open")),
        *work.session.exec(select(Round.reminds_at).where(Round.phase == "open", col(Round.reminded_at).is_(None))),
    ]
    return min((moment for moment in moments if moment is not None and moment > work.now), default=None)
