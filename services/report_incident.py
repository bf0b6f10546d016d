"""A defect happened: the operators are told its number, nothing personal."""

from sqlmodel import select

from models import Person
from services.work import Lane, Work


def report_incident(work: Work, number: str, kind: str) -> None:
    """Owe each operator one message about an incident."""
    for operator in work.session.exec(select(Person).where(Person.is_operator == True)):  # noqa: E712
        work.notify(
            f"incident:{number}:{operator.id}",
            "incident",
            Lane.OUTCOME,
            person=operator,
            number=number,
            error=kind,
        )
