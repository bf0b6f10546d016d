"""Who answers for an enterprise's rounds."""

from collections.abc import Sequence

from sqlmodel import col, select

from models import Member, Person
from services.work import Work


def coordinators(work: Work, enterprise_id: int) -> Sequence[Person]:
    """The persons who coordinate an enterprise now."""
    return work.session.exec(
        select(Person)
        .join(Member, col(Member.person_id) == Person.id)
        .where(Member.enterprise_id == enterprise_id, Member.role == "coordinator", col(Member.left_at).is_(None))
        .order_by(col(Person.id))
    ).all()
