"""Tells something about an open round to every member that messages reach; whoever caused it is left out."""

from sqlmodel import col, select

from models import Member, Person, Round
from services.work import Lane, Work


def tell_members(work: Work, found: Round, kind: str, lane: Lane, what: str) -> None:
    """Owe everybody one notice of a kind; `what` makes it unique."""
    rows = work.session.exec(
        select(Person, Member.id)
        .join(Member, col(Member.person_id) == Person.id)
        .where(
            Member.enterprise_id == found.enterprise_id,
            col(Member.left_at).is_(None),
            col(Person.unreachable_since).is_(None),
        )
        .order_by(col(Member.id))
    )
    for person, member_id in rows:
        if work.actor is None or person.id != work.actor.person_id:
            work.notify(
                f"{kind}:{found.id}:{member_id}:{what}", kind, lane, person=person,
                enterprise_id=found.enterprise_id, must_arrive=False, round_id=found.id, member_id=member_id,
            )  # fmt: skip
