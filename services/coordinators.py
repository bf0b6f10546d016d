"""Who answers for an enterprise's rounds."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from models import Member, Person
from services.work import Lane, Work


def coordinators(work: Work, enterprise_id: int) -> Sequence[Person]:
    """The persons who coordinate an enterprise now."""
    return work.session.exec(
        select(Person)
        .join(Member, col(Member.person_id) == Person.id)
        .where(Member.enterprise_id == enterprise_id, Member.role == "coordinator", col(Member.left_at).is_(None))
        .order_by(col(Person.id))
    ).all()


def tell_coordinators(work: Work, enterprise_id: int, kind: str, what: str, **facts: Any) -> None:
    """Owe every coordinator one notice, but not the one who caused it; `what` makes it unique."""
    for person in coordinators(work, enterprise_id):
        if work.actor is None or person.id != work.actor.person_id:
            work.notify(
                f"{kind}:{what}:{person.id}", kind, Lane.INTERACTIVE, person=person, enterprise_id=enterprise_id,
                **facts,
            )  # fmt: skip
