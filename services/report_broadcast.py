"""A running broadcast brings its report up to date every few seconds, and ends once nobody waits to be told any more.

The report is one notice, which is owed again and again: first as a message, then as its edits. A report that says
nothing new is not owed. A round that is over has nothing more to tell: whoever waits is told nothing then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from models import Broadcast, Notice, Person, Round
from rules.broadcast_phases import UNDER_WAY, BroadcastPhase, end_broadcast
from services.due_rounds import RETRY_AFTER
from services.move_broadcast import move_broadcast
from services.read_broadcast import Counts, broadcast_counts
from services.work import Lane, Work

REPORT_EVERY = timedelta(seconds=5)
STANDSTILL = timedelta(minutes=1)
"""Nobody looked for so long: the process was gone, and that time says nothing about how fast messages leave."""
KIND = "broadcast_progress"


def begin_report(work: Work, row: Broadcast) -> None:
    """Owe the message that says how far a new broadcast is."""
    person = work.session.get_one(Person, row.person_id)
    work.notify(
        _key(row), KIND, Lane.INTERACTIVE, person=person, enterprise_id=row.enterprise_id, broadcast_id=row.id or 0
    )


def remember_report(work: Work, broadcast_id: int, message_id: int) -> None:
    """That message is this one."""
    work.session.get_one(Broadcast, broadcast_id).message_id = message_id


def report_under_way(work: Work, row: Broadcast) -> bool:
    """Whether a report is owed or on its way: then it may show how things were before."""
    return _notice(work, row).state == "due"


def due_broadcasts(work: Work, only: int | None = None) -> Sequence[int]:
    """Broadcasts to look after now, or that one if it is to be."""
    at = col(Broadcast.next_report_at)
    set_back = at > work.now + RETRY_AFTER  # no look is ever put off for so long: the clock has been set back
    over = and_(col(Broadcast.phase).in_(UNDER_WAY), col(Round.phase) != "open")
    rows = work.session.exec(
        select(Broadcast.id)
        .join(Round, col(Round.id) == Broadcast.round_id)
        .where(or_(at <= work.now, set_back, over), *([Broadcast.id == only] if only is not None else ()))
        .order_by(col(Broadcast.id))
    )
    return [row for row in rows if row is not None]


def next_report(work: Work) -> datetime | None:
    """When the next broadcast is to be looked after; now, where a round ended under it."""
    if due_broadcasts(work):
        return work.now
    return work.session.exec(select(func.min(Broadcast.next_report_at))).one()


def rest_broadcast(work: Work, broadcast_id: int) -> None:
    """A broadcast failed: leave it alone for a minute, so that it does not hold up the others."""
    row = work.session.get(Broadcast, broadcast_id)
    if row is not None:
        row.next_report_at = work.now + RETRY_AFTER


def report_broadcast(work: Work, broadcast_id: int) -> bool:
    """Bring a report up to date; False if there was nothing to say."""
    row = work.session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)
    if row is None or not due_broadcasts(work, broadcast_id):
        return False
    counts = _ended(work, row)
    _measure_anew(work, row, counts)
    told = _owe_report(work, row, counts)
    unsaid = not told and report_under_way(work, row)
    more = row.phase == BroadcastPhase.RUNNING or counts.leaving or unsaid
    row.next_report_at = work.now + REPORT_EVERY if more else None
    return told


def _ended(work: Work, row: Broadcast) -> Counts:
    """How it stands, after it has ended where it must."""
    over = work.session.get_one(Round, row.round_id).phase != "open"
    if row.phase in UNDER_WAY and over:
        move_broadcast(work, row, "withdrawn")
    counts = broadcast_counts(work, row.id or 0)
    if row.phase in UNDER_WAY and (over or not counts.waiting):
        row.phase, row.reported = end_broadcast(row.phase), None
        work.journal("broadcast_done", enterprise_id=row.enterprise_id, round_id=row.round_id, broadcast=row.id)
    return counts


def _measure_anew(work: Work, row: Broadcast, counts: Counts) -> None:
    if row.next_report_at is not None and work.now - row.next_report_at > STANDSTILL:
        row.measured_from, row.measured_since = counts.settled, work.now


def _owe_report(work: Work, row: Broadcast, counts: Counts) -> bool:
    notice = _notice(work, row)
    if notice.state != "sent" or row.reported == counts.settled:
        return False
    notice.state, notice.due_at, notice.leased_until, notice.attempts = "due", work.now, None, 0
    notice.facts = {"broadcast_id": row.id, "edits": row.message_id}
    row.reported = counts.settled
    work.changed = True
    return True


def _notice(work: Work, row: Broadcast) -> Notice:
    return work.session.exec(select(Notice).where(Notice.key == _key(row))).one()


def _key(row: Broadcast) -> str:
    return f"{KIND}:{row.id}"
