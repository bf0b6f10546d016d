"""The hats a person may wear: memberships and supplier contacts, and the one worn now."""

from dataclasses import dataclass

from sqlmodel import col, select

from models import Enterprise, Member, Person, PickupPoint, Supplier, SupplierContact
from rules.refusal import Refusal
from services.work import Work


@dataclass(frozen=True, slots=True)
class Hat:
    """One thing a person is: a member of an enterprise, or a contact of a supplier."""

    role: str
    enterprise: str
    worn: bool
    name: str
    member_id: int | None = None
    contact_id: int | None = None
    supplier_zh: str = ""
    supplier_en: str = ""
    department: str = ""
    point_id: int | None = None
    point_zh: str = ""
    point_en: str = ""


def hats(work: Work) -> tuple[Hat, ...]:
    """All hats of the actor, the one worn now first."""
    person = work.session.get_one(Person, work.someone.person_id)
    found = [*_memberships(work, person), *_contacts(work, person)]
    return tuple(sorted(found, key=lambda hat: not hat.worn))


def wear(work: Work, member_id: int | None, contact_id: int | None) -> Hat:
    """Speak as one of one's own hats, or Refusal("not_found")."""
    for hat in hats(work):
        if (hat.member_id, hat.contact_id) == (member_id, contact_id):
            _put_on(work, member_id, contact_id)
            return hat
    raise Refusal("not_found")


def wear_member(work: Work, member: Member) -> Hat:
    """Speak as a member from now on."""
    return wear(work, member.id, None)


def wear_contact(work: Work, contact: SupplierContact) -> Hat:
    """Speak as a supplier's contact from now on."""
    return wear(work, None, contact.id)


def take_off(work: Work) -> Hat | None:
    """After leaving: wear another hat if there is one."""
    _put_on(work, None, None)
    rest = hats(work)
    return wear(work, rest[0].member_id, rest[0].contact_id) if rest else None


def _put_on(work: Work, member_id: int | None, contact_id: int | None) -> None:
    person = work.session.get_one(Person, work.someone.person_id)
    person.member_id, person.contact_id = member_id, contact_id
    work.session.flush()


def _memberships(work: Work, person: Person) -> list[Hat]:
    rows = work.session.exec(
        select(Member, Enterprise, PickupPoint)
        .join(Enterprise, col(Enterprise.id) == Member.enterprise_id)
        .outerjoin(PickupPoint, col(PickupPoint.id) == Member.pickup_point_id)
        .where(Member.person_id == person.id, col(Member.left_at).is_(None))
        .order_by(col(Member.id))
    )
    return [
        Hat(
            role=member.role, enterprise=enterprise.name, worn=member.id == person.member_id, name=member.name,
            member_id=member.id, department=member.department, point_id=member.pickup_point_id,
            point_zh=point.name_zh if point else "", point_en=point.name_en if point else "",
        )
        for member, enterprise, point in rows
    ]  # fmt: skip


def _contacts(work: Work, person: Person) -> list[Hat]:
    rows = work.session.exec(
        select(SupplierContact, Supplier, Enterprise)
        .join(Supplier, col(Supplier.id) == SupplierContact.supplier_id)
        .join(Enterprise, col(Enterprise.id) == Supplier.enterprise_id)
        .where(SupplierContact.person_id == person.id, col(SupplierContact.left_at).is_(None))
        .order_by(col(SupplierContact.id))
    )
    return [
        Hat(
            role="supplier", enterprise=enterprise.name, worn=contact.id == person.contact_id, name=contact.name,
            contact_id=contact.id, supplier_zh=supplier.name_zh, supplier_en=supplier.name_en,
        )
        for contact, supplier, enterprise in rows
    ]  # fmt: skip
