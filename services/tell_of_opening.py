"""A round has opened: every member gets its card, the linked group one offer.

Where members are many this takes a while, and is a broadcast: a coordinator sees how far it is, and can pause or stop
it. Nothing else is broadcast to wait for.
"""

from typing import Any

from sqlalchemy import Select, func, literal, select

from models import Broadcast, Enterprise, Member, Person, Round
from services.coordinators import coordinators
from services.read_broadcast import broadcast_counts
from services.report_broadcast import REPORT_EVERY, begin_report
from services.work import Lane, Work, keyed

REPORTED_FROM = 50
"""Members: fewer have been told before anybody could read how far it is."""

member_t, person_t = Member.__table__, Person.__table__  # type: ignore[attr-defined]


def tell_of_opening(work: Work, found: Round) -> None:
    """Owe everybody the card of a round that has just opened, in one statement."""
    people = _members(found.enterprise_id)
    many = work.session.execute(select(func.count()).select_from(people.subquery())).scalar_one()
    broadcast = _begin(work, found) if many >= REPORTED_FROM else None
    work.notify_each(
        people, "offer_card", Lane.BROADCAST, key=keyed(f"offer_card:{found.id}:", member_t.c.id),
        enterprise_id=found.enterprise_id, broadcast_id=broadcast.id if broadcast else None,
        round_id=found.id, member_id=member_t.c.id, version=literal(found.cards_version),
    )  # fmt: skip
    if broadcast is not None:
        broadcast.total = broadcast_counts(work, broadcast.id or 0).waiting
        begin_report(work, broadcast)
    tell_group(work, found)


def _members(enterprise_id: int) -> Select[Any]:
    return (
        select(person_t.c.id.label("person_id"), person_t.c.telegram_id.label("chat_id"))
        .join(member_t, member_t.c.person_id == person_t.c.id)
        .where(
            member_t.c.enterprise_id == enterprise_id,
            member_t.c.left_at.is_(None),
            person_t.c.unreachable_since.is_(None),
        )
        .order_by(member_t.c.id)
    )


def _begin(work: Work, found: Round) -> Broadcast | None:
    """None where nobody coordinates any more: then everybody is told all the same."""
    person_id = _whom_to_report_to(work, found)
    if person_id is None:
        return None
    row = Broadcast(
        round_id=found.id or 0, enterprise_id=found.enterprise_id, person_id=person_id, created_at=work.now,
        measured_since=work.now, next_report_at=work.now + REPORT_EVERY, reported=0,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row


def _whom_to_report_to(work: Work, found: Round) -> int | None:
    """Whoever opens it; by the clock, its coordinator, or another one where that one has left or changed their role."""
    persons = [person.id for person in coordinators(work, found.enterprise_id)]
    its_own = work.session.get_one(Member, found.coordinator_id).person_id
    wished = work.actor.person_id if work.actor is not None else its_own
    return next((person_id for person_id in (wished, its_own, *persons) if person_id in persons), None)


def tell_group(work: Work, found: Round, instead_of: str = "") -> None:
    """Owe the linked group the offer; `instead_of` names the message of another chat that can be edited no more."""
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    if enterprise.group_chat_id is not None:
        work.notify(
            f"group_offer:{found.id}" + (instead_of and f":{instead_of}"), "group_offer", Lane.BROADCAST,
            chat_id=enterprise.group_chat_id, enterprise_id=enterprise.id, round_id=found.id,
        )  # fmt: skip
