"""What waits and how far rounds are, in numbers: for whoever watches the installation, across all enterprises."""

from dataclasses import dataclass

from sqlalchemy import case, func
from sqlmodel import col, select

from models import Notice, Round
from services.work import Lane, Work


@dataclass(frozen=True, slots=True)
class Backlog:
    """Notices that wait by lane, seconds that the oldest of each lane is overdue, rounds by phase.

    Those of a paused broadcast wait, and are not overdue.
    """

    waiting: dict[Lane, int]
    overdue_seconds: dict[Lane, float]
    rounds: dict[str, int]


def read_backlog(work: Work) -> Backlog:
    """Count; a lane without a notice waits for none and is overdue by nothing."""
    waiting, overdue = dict.fromkeys(Lane, 0), dict.fromkeys(Lane, 0.0)
    rows = work.session.exec(
        select(Notice.lane, func.count(), func.min(case((col(Notice.state) == "due", Notice.due_at))))
        .where(col(Notice.state).in_(("due", "paused")))
        .group_by(col(Notice.lane))
    )
    for lane, notices, oldest in rows:
        waiting[Lane(lane)] = notices
        overdue[Lane(lane)] = max(0.0, (work.now - (oldest or work.now)).total_seconds())
    rounds = work.session.exec(select(Round.phase, func.count()).group_by(Round.phase)).all()
    return Backlog(waiting, overdue, dict(rounds))
