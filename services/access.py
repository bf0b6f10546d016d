"""Who may see and do what. Another tenant's id is answered like one that does not exist."""

from sqlmodel import select

from models import Enterprise, Member, Round, Supplier, SupplierContact
from rules.refusal import Refusal
from services.work import Work


def membership(work: Work, enterprise_id: int | None) -> Member:
    """The actor's membership in an enterprise, whichever hat is worn now, or Refusal("not_found")."""
    member = work.session.exec(
        select(Member).where(
            Member.enterprise_id == enterprise_id,
            Member.person_id == work.someone.person_id,
            Member.left_at == None,  # noqa: E711
        )
    ).first()
    if member is None:
        raise Refusal("not_found")
    return member


def coordinator(work: Work, enterprise_id: int | None) -> Member:
    """The actor's coordinator membership in an enterprise; Refusal("not_found") or ("not_coordinator")."""
    member = membership(work, enterprise_id)
    if member.role != "coordinator":
        raise Refusal("not_coordinator")
    return member


def acting_member(work: Work) -> tuple[Member, Enterprise]:
    """The membership of the hat worn now, or Refusal("not_a_member")."""
    if work.someone.member_id is None:
        raise Refusal("not_a_member")
    member = membership(work, work.someone.enterprise_id)
    return member, work.session.get_one(Enterprise, member.enterprise_id)


def acting_coordinator(work: Work) -> tuple[Member, Enterprise]:
    """The membership of the hat worn now where it is a coordinator's, or a Refusal."""
    member, enterprise = acting_member(work)
    if member.role != "coordinator":
        raise Refusal("not_coordinator")
    return member, enterprise


def round_for_member(work: Work, round_id: int) -> tuple[Round, Member]:
    """A round of one of the actor's enterprises, or Refusal("not_found")."""
    found = work.session.get(Round, round_id)
    if found is None or found.phase == "draft":
        raise Refusal("not_found")
    return found, membership(work, found.enterprise_id)


def round_for_coordinator(work: Work, round_id: int) -> tuple[Round, Member]:
    """A round of an enterprise that the actor coordinates, or a Refusal."""
    found = work.session.get(Round, round_id)
    if found is None:
        raise Refusal("not_found")
    return found, coordinator(work, found.enterprise_id)


def contact_of(work: Work, supplier_id: int) -> tuple[SupplierContact, Supplier]:
    """The actor's contact row of a supplier, or Refusal("not_found")."""
    contact = work.session.exec(
        select(SupplierContact).where(
            SupplierContact.supplier_id == supplier_id,
            SupplierContact.person_id == work.someone.person_id,
            SupplierContact.left_at == None,  # noqa: E711
        )
    ).first()
    if contact is None:
        raise Refusal("not_found")
    return contact, work.session.get_one(Supplier, supplier_id)
