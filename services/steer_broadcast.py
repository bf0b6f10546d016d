"""A coordinator pauses a broadcast, lets it go on, or stops it for good.

Every other message leaves as ever. Pressing twice is pressing once, and what is over stays over.
"""

from datetime import timedelta

from models import Broadcast
from rules.broadcast_phases import BroadcastPhase, broadcast_phase
from services.move_broadcast import move_broadcast
from services.read_broadcast import BroadcastView, broadcast_for_coordinator, broadcast_view
from services.report_broadcast import REPORT_EVERY, report_under_way
from services.work import Work

TIME_TO_ANSWER = timedelta(seconds=30)
"""For so long a question in the report's place is not edited away."""
_STATES = {BroadcastPhase.RUNNING: "due", BroadcastPhase.PAUSED: "paused", BroadcastPhase.STOPPED: "withdrawn"}
_JOURNALLED = {
    BroadcastPhase.RUNNING: "broadcast_resumed", BroadcastPhase.PAUSED: "broadcast_paused",
    BroadcastPhase.STOPPED: "broadcast_stopped",
}  # fmt: skip


def set_broadcast(work: Work, broadcast_id: int, wanted: str) -> BroadcastView:
    """Bring a broadcast into the phase that is wished; how far it is then. Refusals: not_found, button_stale."""
    row = _locked(work, broadcast_id)
    phase = broadcast_phase(row.phase, wanted)
    if phase != row.phase:
        _enter(work, row, phase)
    return broadcast_view(work, row)


def ask_to_stop(work: Work, broadcast_id: int) -> BroadcastView:
    """The actor is asked whether they are sure; the report stays away meanwhile. Refusals: not_found."""
    row = _locked(work, broadcast_id)
    if row.phase == BroadcastPhase.RUNNING:
        row.next_report_at, row.reported = work.now + TIME_TO_ANSWER, None
    return broadcast_view(work, row)


def _locked(work: Work, broadcast_id: int) -> Broadcast:
    row = broadcast_for_coordinator(work, broadcast_id)
    work.session.refresh(row, with_for_update=True)
    return row


def _enter(work: Work, row: Broadcast, phase: BroadcastPhase) -> None:
    row.phase = phase
    move_broadcast(work, row, _STATES[phase])
    work.journal(_JOURNALLED[phase], enterprise_id=row.enterprise_id, round_id=row.round_id, broadcast=row.id)
    settled = broadcast_view(work, row).counts.settled
    if phase == BroadcastPhase.RUNNING:
        row.measured_from, row.measured_since = settled, work.now
    sees_it = work.someone.person_id == row.person_id and not report_under_way(work, row)
    row.next_report_at, row.reported = work.now + REPORT_EVERY, settled if sees_it else None
