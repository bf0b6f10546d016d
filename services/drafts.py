"""The answers one person has given so far: they outlive a restart."""

from typing import Any

from sqlmodel import select

from models import Draft
from services.work import Work


def draft(work: Work, kind: str) -> Draft | None:
    """The actor's draft of a kind, if any; locked, since the same answer may come twice at one moment."""
    mine = (Draft.person_id == work.someone.person_id, Draft.kind == kind)
    return work.session.exec(select(Draft).where(*mine).with_for_update()).first()


def save_draft(work: Work, kind: str, facts: dict[str, Any]) -> Draft:
    """Keep the actor's answers."""
    row = draft(work, kind) or Draft(person_id=work.someone.person_id, kind=kind, changed_at=work.now)
    row.facts = dict(facts)
    row.changed_at = work.now
    work.session.add(row)
    return row


def drop_draft(work: Work, kind: str) -> None:
    """Forget the actor's answers."""
    row = draft(work, kind)
    if row is not None:
        work.session.delete(row)
