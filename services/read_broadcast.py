"""How far a broadcast is, as a coordinator of its enterprise sees it."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from models import Broadcast, Notice, Round
from rules.broadcast_phases import BroadcastPhase
from rules.refusal import Refusal
from services.access import coordinator
from services.coordinators import coordinators
from services.work import Work

notice_t = Notice.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a broadcast's messages stand how."""

    leaving: int
    """Due, or on their way."""
    paused: int
    delivered: int
    not_reached: int
    withdrawn: int

    @property
    def waiting(self) -> int:
        """Members who have still to be told."""
        return self.leaving + self.paused

    @property
    def settled(self) -> int:
        """Members who do not wait any more."""
        return self.delivered + self.not_reached + self.withdrawn


@dataclass(frozen=True, slots=True)
class BroadcastView:
    """A broadcast for its report; `seconds_left` is None while nobody can tell."""

    id: int
    round_id: int
    round_title: str
    round_number: int
    phase: str
    total: int
    counts: Counts
    seconds_left: float | None


def read_broadcast(work: Work, broadcast_id: int) -> BroadcastView:
    """A broadcast of an enterprise that the actor coordinates, or a Refusal."""
    return broadcast_view(work, broadcast_for_coordinator(work, broadcast_id))


def read_report(work: Work, broadcast_id: int, person_id: int | None) -> BroadcastView | None:
    """The same for the person to whom it is reported; None if they coordinate that enterprise no longer."""
    row = work.session.get(Broadcast, broadcast_id)
    if row is None or person_id not in {person.id for person in coordinators(work, row.enterprise_id)}:
        return None
    return broadcast_view(work, row)


def broadcast_for_coordinator(work: Work, broadcast_id: int) -> Broadcast:
    """A broadcast of an enterprise that the actor coordinates, or a Refusal."""
    row = work.session.get(Broadcast, broadcast_id)
    if row is None:
        raise Refusal("not_found")
    coordinator(work, row.enterprise_id)
    return row


def broadcast_view(work: Work, row: Broadcast) -> BroadcastView:
    """How far it is now."""
    found = work.session.get_one(Round, row.round_id)
    counts = broadcast_counts(work, row.id or 0)
    return BroadcastView(
        row.id or 0,
        row.round_id,
        found.title,
        found.number,
        row.phase,
        row.total,
        counts,
        _seconds_left(work, row, counts),
    )


def broadcast_counts(work: Work, broadcast_id: int) -> Counts:
    """Count; the index of notices by broadcast holds all that is needed."""
    work.session.flush()
    rows = work.session.execute(
        select(notice_t.c.state, func.count()).where(notice_t.c.broadcast_id == broadcast_id).group_by(notice_t.c.state)
    )
    of = Counter({row[0]: row[1] for row in rows})
    return Counts(of["due"], of["paused"], of["sent"], of["failed"], of["withdrawn"])


def _seconds_left(work: Work, row: Broadcast, counts: Counts) -> float | None:
    elapsed = (work.now - row.measured_since).total_seconds()
    done = counts.settled - row.measured_from
    if row.phase != BroadcastPhase.RUNNING or done <= 0 or elapsed <= 0:
        return None
    return counts.waiting * elapsed / done
