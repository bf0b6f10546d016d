"""Tells something about an open round to every member that messages reach; whoever caused it is left out."""

from sqlalchemy import select

from models import Member, Person, Round
from services.work import Lane, Work, keyed

member_t, person_t = Member.__table__, Person.__table__  # type: ignore[attr-defined]


def tell_members(work: Work, found: Round, kind: str, lane: Lane, what: str) -> None:
    """Owe everybody one notice of a kind; `what` makes it unique."""
    people = (
        select(person_t.c.id.label("person_id"), person_t.c.telegram_id.label("chat_id"))
        .join(member_t, member_t.c.person_id == person_t.c.id)
        .where(
            member_t.c.enterprise_id == found.enterprise_id,
            member_t.c.left_at.is_(None),
            person_t.c.unreachable_since.is_(None),
            person_t.c.id != (work.actor.person_id if work.actor is not None else 0),
        )
        .order_by(member_t.c.id)
    )
    work.notify_each(
        people, kind, lane, key=keyed(f"{kind}:{found.id}:", member_t.c.id, f":{what}"),
        enterprise_id=found.enterprise_id, must_arrive=False, round_id=found.id, member_id=member_t.c.id,
    )  # fmt: skip
