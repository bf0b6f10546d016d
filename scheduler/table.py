"""What is due: which rows, and the use case that deals with one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.close_round import close_due_round, release_round
from services.due_changes import decide_due_change, due_changes, next_change, rest_change
from services.due_rounds import due_to_close, due_to_open, due_to_release, due_to_remind, next_due, postpone
from services.due_series import due_series, make_due_rounds, rest_series
from services.open_round import open_due_round
from services.remind_members import remind_members
from services.remind_suppliers import due_reminders, next_reminder, remind_supplier, rest_reminder
from services.report_broadcast import due_broadcasts, next_report, report_broadcast, rest_broadcast
from services.series import next_making
from services.work import Work


@dataclass(frozen=True, slots=True)
class DueJob:
    """A kind of work that comes due: ids that are due, and what to do with each in a transaction of its own."""

    name: str
    due: Callable[[Work], Sequence[int]]
    run: Callable[[Work, int], bool]
    rest: Callable[[Work, int], None] = postpone
    """What is done with one that failed, so that it does not hold up the others."""


JOBS = (
    DueJob("make_series_rounds", due_series, make_due_rounds, rest_series),
    DueJob("open_due_rounds", due_to_open, open_due_round),
    DueJob("remind_due_rounds", due_to_remind, remind_members),
    DueJob("decide_due_changes", due_changes, decide_due_change, rest_change),
    DueJob("close_due_rounds", due_to_close, close_due_round),
    DueJob("release_held_rounds", due_to_release, release_round),
    DueJob("due_broadcasts", due_broadcasts, report_broadcast, rest_broadcast),
    DueJob("remind_suppliers", due_reminders, remind_supplier, rest_reminder),
)


def next_moment(work: Work) -> datetime | None:
    """When the next of these comes due."""
    moments = (next_due(work), next_change(work), next_making(work), next_report(work), next_reminder(work))
    return min((at for at in moments if at is not None), default=None)
