"""The outbox: leasing what is due, and noting what became of it.

A notice is sent only under a lease, and called sent only after Telegram has said so. One chat has one notice
on its way at a time, so that its messages keep their order.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, String, all_, and_, bindparam, func, select, text, update
from sqlmodel import col

from models import Enterprise, Notice, Person
from services.coordinators import coordinators
from services.given_rows import given_rows
from services.move_broadcast import give_back
from services.reach import owe_again
from services.refresh_cards import owe_stale_cards
from services.work import Lane, Work

notice_t, person_t = Notice.__table__, Person.__table__  # type: ignore[attr-defined]
enterprise_t = Enterprise.__table__  # type: ignore[attr-defined]
LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 12
FIRST_RETRY_SECONDS = 2
MAX_RETRY_SECONDS = 600
TELLS_COORDINATORS = frozenset(
    {"outcome", "outcome_changed", "round_cancelled", "offer_card", "consent", "line_dropped", "collects"}
)


@dataclass(frozen=True, slots=True)
class Leased:
    """A notice that this process may send now."""

    id: int
    lane: int
    kind: str
    facts: dict[str, Any]
    chat_id: int
    person_id: int | None
    enterprise_id: int | None
    locale: str
    must_arrive: bool
    attempts: int


def lease(work: Work, limit: int, busy_chats: Sequence[int] = ()) -> list[Leased]:
    """Lease due notices, the most urgent lanes first, one a chat."""
    rows = _due(work, limit, busy_chats)
    if sum(row.lane <= Lane.EDIT for row in rows) < limit and owe_stale_cards(work, limit):
        rows = _due(work, limit, busy_chats)
    first = {row.chat_id: row for row in reversed(rows)}
    chosen = [row for row in rows if first[row.chat_id] is row][:limit]
    work.session.execute(
        update(notice_t)
        .where(work.among(notice_t.c.id, [row.id for row in chosen]))
        .values(leased_until=work.now + LEASE, attempts=notice_t.c.attempts + 1)
    )
    return [
        Leased(
            row.id, row.lane, row.kind, row.facts, row.chat_id, row.person_id, row.enterprise_id, row.locale,
            row.must_arrive, row.attempts + 1,
        )
        for row in chosen
    ]  # fmt: skip


_NOW = bindparam("now", type_=notice_t.c.due_at.type)
_AFTER_A_LEASE = bindparam("after_a_lease", type_=notice_t.c.due_at.type)
"""What was written, or is leased, after the end of a lease that begins now, is of a clock that has been set back."""
_LEAVES = and_(
    notice_t.c.state == "due",
    (notice_t.c.due_at <= _NOW) | (notice_t.c.created_at > _AFTER_A_LEASE),
    notice_t.c.leased_until.is_(None) | (notice_t.c.leased_until <= _NOW) | (notice_t.c.leased_until > _AFTER_A_LEASE),
)


def _due_in_order(idle: ColumnElement[bool]) -> Any:
    """Notices are put in order alone: to look up the language of each of ten thousand that wait would take long."""
    first = (
        select(
            notice_t.c.id, notice_t.c.lane, notice_t.c.due_at, notice_t.c.kind, notice_t.c.facts, notice_t.c.chat_id,
            notice_t.c.person_id, notice_t.c.enterprise_id, notice_t.c.must_arrive, notice_t.c.attempts,
        )
        .where(_LEAVES, idle)
        .order_by(notice_t.c.lane, notice_t.c.due_at, notice_t.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .subquery("first")
    )  # fmt: skip
    return (
        select(first, func.coalesce(person_t.c.locale, enterprise_t.c.locale, "zh_CN").label("locale"))
        .outerjoin(person_t, person_t.c.id == first.c.person_id)
        .outerjoin(enterprise_t, enterprise_t.c.id == first.c.enterprise_id)
        .order_by(first.c.lane, first.c.due_at, first.c.id)
    )


_NO_SORTING = text("SET LOCAL enable_sort = off")
"""A server that does not know yet of ten thousand new notices would sort them each time, and not read the index."""
_BUSY = func.json_each(bindparam("busy", type_=String)).table_valued("value").c.value
_DUE_EMBEDDED = _due_in_order(notice_t.c.chat_id.not_in(select(_BUSY)))
_DUE = _due_in_order(notice_t.c.chat_id != all_(bindparam("busy", type_=ARRAY(notice_t.c.chat_id.type))))


def _due(work: Work, limit: int, busy_chats: Sequence[int]) -> Sequence[Any]:
    """More than the limit, since one chat gets only one of them."""
    if not work.embedded:
        work.execute(_NO_SORTING)
    given = {
        "now": work.now, "after_a_lease": work.now + LEASE, "most": limit * 4,
        "busy": json.dumps(list(busy_chats)) if work.embedded else list(busy_chats),
    }  # fmt: skip
    found: Sequence[Any] = work.execute(_DUE_EMBEDDED if work.embedded else _DUE, given).all()
    return found


def mark_sent(work: Work, message_ids: Mapping[int, int]) -> set[int]:
    """Telegram has said that notices were delivered, each as a message; those of which it was not noted before."""
    given = {"given": json.dumps(list(message_ids.items())), "now": work.now}
    rows = work.execute(_SENT_EMBEDDED if work.embedded else _SENT, given).all()
    back = work.execute(
        update(person_t)
        .where(work.among(person_t.c.id, [row.person_id for row in rows if row.person_id is not None]))
        .where(person_t.c.unreachable_since.is_not(None))
        .values(unreachable_since=None)
        .returning(person_t.c.id)
    )
    for (person_id,) in back.all():
        owe_again(work, person_id)
    return {row.id for row in rows}


def _sent(embedded: bool) -> Any:
    columns = {"notice": notice_t.c.id.type, "message": notice_t.c.message_id.type}
    given = given_rows(embedded, columns, bindparam("given", type_=String))
    return (
        update(notice_t)
        .where(notice_t.c.id == given.c.notice, notice_t.c.state != "sent")
        .values(state="sent", sent_at=bindparam("now"), message_id=given.c.message, leased_until=None, error="")
        .returning(notice_t.c.id, notice_t.c.person_id)
    )


_SENT_EMBEDDED, _SENT = _sent(True), _sent(False)


def withdraw(work: Work, notice_id: int) -> None:
    """There is nothing to say any more."""
    row = work.session.get_one(Notice, notice_id)
    row.state, row.leased_until = "withdrawn", None


def retry(work: Work, notice_id: int, error: str, after_seconds: float | None = None) -> None:
    """Try again later; `after_seconds` is Telegram's own wish and costs no attempt."""
    row = work.session.get_one(Notice, notice_id)
    row.leased_until, row.error = None, error[:200]
    give_back(work, row)
    if after_seconds is not None:
        row.due_at = work.now + timedelta(seconds=after_seconds)
        row.attempts -= 1
        return
    if row.attempts >= MAX_ATTEMPTS and not row.must_arrive:
        row.state = "failed"
        return
    pause = min(MAX_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(row.attempts, 10))
    row.due_at = work.now + timedelta(seconds=pause)


def fail(work: Work, notice_id: int, error: str, unreachable: bool, then: Callable[[Work], None] | None) -> None:
    """It will never be delivered; an unreachable person is noted, and their coordinators hear of it."""
    row = work.session.get_one(Notice, notice_id)
    row.state, row.leased_until, row.error = "failed", None, error[:200]
    if unreachable and row.person_id is not None:
        person = work.session.get_one(Person, row.person_id)
        if person.unreachable_since is None:
            person.unreachable_since = work.now
            work.journal("person_unreachable", enterprise_id=row.enterprise_id, person=row.person_id)
        _tell_coordinators(work, row)
    if then is not None:
        then(work)


def _tell_coordinators(work: Work, row: Notice) -> None:
    if row.enterprise_id is None or row.kind not in TELLS_COORDINATORS:
        return
    for coordinator in coordinators(work, row.enterprise_id):
        if coordinator.id != row.person_id and coordinator.unreachable_since is None:
            work.notify(
                f"unreachable:{row.person_id}:{row.facts.get('round_id')}:{coordinator.id}", "unreachable",
                Lane.OUTCOME, person=coordinator, enterprise_id=row.enterprise_id, unreachable_id=row.person_id,
            )  # fmt: skip


def give_back_leased(work: Work) -> None:
    """A process begins to lead: what another had leased is in nobody's hands any more, and does not wait for its lease.

    Nobody knows whether it has left. It leaves again, unless the rest of its broadcast waits or is withdrawn.
    """
    leased = select(Notice).where(col(Notice.state) == "due", col(Notice.leased_until).is_not(None))
    for row in work.session.execute(leased).scalars():
        row.leased_until = None
        give_back(work, row)
