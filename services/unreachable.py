"""Who messages do not reach."""

from sqlmodel import select

from models import Member
from services.work import Work


def member_of_person(work: Work, person_id: int, enterprise_id: int | None) -> Member | None:
    """A person's membership in an enterprise, also one that has ended."""
    return work.session.exec(
        select(Member).where(Member.person_id == person_id, Member.enterprise_id == enterprise_id)
    ).first()
