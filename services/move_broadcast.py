"""The notices of a broadcast that have not left yet move together: to wait, to leave, or to be withdrawn."""

from sqlalchemy import update

from models import Broadcast, Notice
from rules.broadcast_phases import state_given_back
from services.work import Work

notice_t = Notice.__table__  # type: ignore[attr-defined]
_FROM = {"paused": ("due",), "due": ("paused",), "withdrawn": ("due", "paused")}


def move_broadcast(work: Work, row: Broadcast, state: str) -> None:
    """All that have not left get another state; the few that are on their way arrive all the same."""
    at_rest = notice_t.c.leased_until.is_(None) | (notice_t.c.leased_until <= work.now)
    work.session.execute(
        update(notice_t)
        .where(notice_t.c.broadcast_id == row.id, notice_t.c.state.in_(_FROM[state]), at_rest)
        .values(state=state, leased_until=None)
    )


def give_back(work: Work, notice: Notice) -> None:
    """A notice that was on its way has not left: it is treated like the rest of its broadcast, if it is of one."""
    if notice.broadcast_id is not None and notice.state == "due":
        steered = work.session.get_one(
            Broadcast, notice.broadcast_id, with_for_update={"read": True}, populate_existing=True
        )  # or a press that comes meanwhile would not reach this one
        notice.state = state_given_back(steered.phase)
