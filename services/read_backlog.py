"""What waits and how far rounds are, in numbers: for whoever watches the installation, across all enterprises."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from models import Notice, Round
from services.work import Lane, Work


@dataclass(frozen=True, slots=True)
class Backlog:
    """Notices that wait by lane, seconds that the oldest of each lane is overdue, rounds by phase."""

    waiting: dict[Lane, int]
    overdue_seconds: dict[Lane, float]
    rounds: dict[str, int]


def read_backlog(work: Work) -> Backlog:
    """Count; a lane without a notice waits for none and is overdue by nothing."""
    waiting, overdue = dict.fromkeys(Lane, 0), dict.fromkeys(Lane, 0.0)
    rows = work.session.exec(
        select(Notice.lane, func.count(), func.min(Notice.due_at))
        .where(Notice.state == "due")
        .group_by(col(Notice.lane))
    )
    for lane, notices, oldest in rows:
        waiting[Lane(lane)] = notices
        overdue[Lane(lane)] = max(0.0, (work.now - oldest).total_seconds())
    rounds = work.session.exec(select(Round.phase, func.count()).group_by(Round.phase)).all()
    return Backlog(waiting, overdue, dict(rounds))
