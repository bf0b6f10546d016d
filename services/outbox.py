"""The outbox: leasing what is due, and noting what became of it.

A notice is sent only under a lease, and called sent only after Telegram has said so. One chat has one notice
on its way at a time, so that its messages keep their order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from models import Enterprise, Notice, Person
from services.coordinators import coordinators
from services.refresh_cards import owe_stale_cards
from services.remember_photo import remember_photo
from services.work import Lane, Work

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
    leased: list[Leased] = []
    chats: set[int] = set()
    for row in rows:
        if row.chat_id in chats or len(leased) >= limit:
            continue
        if _claim(work, row):
            chats.add(row.chat_id)
            leased.append(_leased(work, row))
    return leased


def _due(work: Work, limit: int, busy_chats: Sequence[int]) -> Sequence[Notice]:
    return work.session.exec(
        select(Notice)
        .where(Notice.state == "due", col(Notice.chat_id).not_in(busy_chats))
        .where((col(Notice.due_at) <= work.now) | (col(Notice.created_at) > work.now + LEASE))  # the clock was set back
        .where(_not_leased(work))
        .order_by(col(Notice.lane), col(Notice.due_at), col(Notice.id))
        .limit(limit * 4)
    ).all()


def _claim(work: Work, row: Notice) -> bool:
    claim = (
        update(Notice)
        .where(col(Notice.id) == row.id, col(Notice.state) == "due")
        .where(_not_leased(work))
        .values(leased_until=work.now + LEASE, attempts=col(Notice.attempts) + 1)
    )
    return bool(work.session.exec(claim).rowcount)


def _not_leased(work: Work) -> ColumnElement[bool]:
    """Nobody is sending it. A lease that ends later than one that begins now is of a clock that has been set back."""
    until = col(Notice.leased_until)
    return until.is_(None) | (until <= work.now) | (until > work.now + LEASE)


def _leased(work: Work, row: Notice) -> Leased:
    if row.person_id is not None:
        locale = work.session.get_one(Person, row.person_id).locale
    else:
        locale = work.session.get_one(Enterprise, row.enterprise_id).locale if row.enterprise_id else "zh_CN"
    return Leased(
        row.id or 0, row.lane, row.kind, row.facts, row.chat_id, row.person_id, row.enterprise_id, locale,
        row.must_arrive, row.attempts + 1,
    )  # fmt: skip


def mark_sent(
    work: Work, notice_id: int, message_id: int, then: Callable[[Work], None] | None, picture: tuple[int, str] | None
) -> None:
    """Telegram has said that it was delivered; `then` is what follows from that for its kind."""
    row = work.session.get_one(Notice, notice_id)
    if row.state == "sent":
        return
    row.state, row.sent_at, row.message_id, row.leased_until, row.error = "sent", work.now, message_id, None, ""
    if picture is not None:
        remember_photo(work, *picture)
    if row.person_id is not None:
        work.session.get_one(Person, row.person_id).unreachable_since = None
    if then is not None:
        then(work)


def withdraw(work: Work, notice_id: int) -> None:
    """There is nothing to say any more."""
    row = work.session.get_one(Notice, notice_id)
    row.state, row.leased_until = "withdrawn", None


def retry(work: Work, notice_id: int, error: str, after_seconds: float | None = None) -> None:
    """Try again later; `after_seconds` is Telegram's own wish and costs no attempt."""
    row = work.session.get_one(Notice, notice_id)
    row.leased_until, row.error = None, error[:200]
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


def follow_group(work: Work, old_chat_id: int, new_chat_id: int) -> None:
    """A group has become a supergroup: it has another id from now on."""
    work.session.exec(
        update(Enterprise).where(col(Enterprise.group_chat_id) == old_chat_id).values(group_chat_id=new_chat_id)
    )
    work.session.exec(
        update(Notice)
        .where(col(Notice.chat_id) == old_chat_id, col(Notice.state) == "due")
        .values(chat_id=new_chat_id, leased_until=None)
    )
