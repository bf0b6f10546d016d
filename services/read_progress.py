"""How far a purchase order has come, and whom to call: for its coordinators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Person, PurchaseOrder, Supplier, SupplierContact
from rules.phases import PurchaseOrderPhase
from services.work import Work


@dataclass(frozen=True, slots=True)
class Progress:
    """The newest revision's way: when it was delivered to whom, and who answered it when; names of contacts."""

    delivered_at: datetime | None = None
    delivered_to: str = ""
    reminded_at: datetime | None = None
    given_up: bool = False
    """The coordinators have been told that there is no answer."""
    answered_at: datetime | None = None
    answered_by: str = ""
    has_contact: bool = True
    unreached: tuple[str, ...] = ()
    """Contacts whom messages do not reach: whoever is to answer, or all of them."""
    telephone: str = ""


def read_progress(work: Work, row: PurchaseOrder) -> Progress:
    """The progress of a purchase order; the caller has checked who asks."""
    people = contacts_of(work, row.supplier_id)
    arrived = row.delivered_revision == row.revision
    waiting = row.phase in (PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT)
    answerer = work.session.get(SupplierContact, row.answered_by) if row.answered_by and not waiting else None
    return Progress(
        delivered_at=row.delivered_at if arrived else None,
        delivered_to=_name(work, row) if arrived else "",
        reminded_at=row.reminded_at,
        given_up=row.phase == PurchaseOrderPhase.SENT and row.given_up_at is not None,
        answered_at=row.answered_at if answerer else None,
        answered_by=answerer.name if answerer else "",
        has_contact=bool(people),
        unreached=_unreached(row, people) if waiting else _all_unreached(people),
        telephone=work.session.get_one(Supplier, row.supplier_id).telephone,
    )


def contacts_of(work: Work, supplier_id: int) -> Sequence[tuple[SupplierContact, Person]]:
    """Who speaks for a supplier, whoever joined first at the front."""
    return work.session.exec(
        select(SupplierContact, Person)
        .join(Person, col(Person.id) == SupplierContact.person_id)
        .where(SupplierContact.supplier_id == supplier_id, col(SupplierContact.left_at).is_(None))
        .order_by(col(SupplierContact.joined_at), col(SupplierContact.id))
    ).all()


def _name(work: Work, row: PurchaseOrder) -> str:
    """Of whoever got it, also where they speak for the supplier no more."""
    of = select(SupplierContact.name).where(
        SupplierContact.supplier_id == row.supplier_id, SupplierContact.person_id == row.delivered_to
    )
    return work.session.exec(of).first() or ""


def _unreached(row: PurchaseOrder, people: Sequence[tuple[SupplierContact, Person]]) -> tuple[str, ...]:
    got_it = tuple(
        contact.name for contact, person in people if person.id == row.delivered_to and person.unreachable_since
    )
    return got_it if got_it and row.phase == PurchaseOrderPhase.SENT else _all_unreached(people)


def _all_unreached(people: Sequence[tuple[SupplierContact, Person]]) -> tuple[str, ...]:
    names = tuple(contact.name for contact, person in people if person.unreachable_since)
    return names if len(names) == len(people) else ()
