"""Coming in: what an answered invitation makes of a person."""

from typing import Any

from sqlmodel import col, select

from models import Enterprise, Invitation, Member, Person, PickupPoint, SupplierContact
from rules.refusal import Refusal
from services.hats import Hat, wear_contact, wear_member
from services.invitations import use_invitation
from services.remember_photo import add_default_picture
from services.send_purchase_orders import send_waiting_purchase_orders
from services.withdraw_orders import orders_are_wanted_again
from services.work import Work


def already_in(work: Work, invitation: Invitation) -> Hat | None:
    """A member who opens an invitation again keeps everything; a coordinator's one also raises the role."""
    if invitation.role == "supplier":
        return _already_contact(work, invitation)
    member = work.session.exec(
        select(Member).where(
            Member.enterprise_id == invitation.enterprise_id,
            Member.person_id == work.someone.person_id,
            col(Member.left_at).is_(None),
        )
    ).first()
    if member is None:
        _check_not_removed(work, invitation)
        return None
    if invitation.role == "coordinator" and member.role != "coordinator":
        use_invitation(work, invitation)
        member.role = "coordinator"
        work.journal("member_became_coordinator", enterprise_id=member.enterprise_id, member_id=member.id)
    return wear_member(work, member)


def _already_contact(work: Work, invitation: Invitation) -> Hat | None:
    contact = work.session.exec(
        select(SupplierContact).where(
            SupplierContact.supplier_id == invitation.supplier_id,
            SupplierContact.person_id == work.someone.person_id,
            col(SupplierContact.left_at).is_(None),
        )
    ).first()
    return wear_contact(work, contact) if contact else None


def enter(work: Work, invitation: Invitation, facts: dict[str, Any]) -> Hat:
    """Count the invitation's use and make the actor a member or a contact, with that hat on."""
    use_invitation(work, invitation)
    if invitation.role == "supplier":
        return wear_contact(work, _add_contact(work, invitation, facts["name"]))
    return wear_member(work, _add_member(work, invitation, facts))


def _add_contact(work: Work, invitation: Invitation, name: str) -> SupplierContact:
    assert invitation.supplier_id is not None
    person_id = work.someone.person_id
    contact = work.session.exec(
        select(SupplierContact).where(
            SupplierContact.supplier_id == invitation.supplier_id, SupplierContact.person_id == person_id
        )
    ).first() or SupplierContact(supplier_id=invitation.supplier_id, person_id=person_id, name=name, joined_at=work.now)
    contact.name, contact.left_at = name, None
    work.session.add(contact)
    work.session.flush()
    work.journal("contact_joined", enterprise_id=invitation.enterprise_id, contact_id=contact.id)
    send_waiting_purchase_orders(work, invitation.supplier_id)
    return contact


def _add_member(work: Work, invitation: Invitation, facts: dict[str, Any]) -> Member:
    enterprise_id = invitation.enterprise_id
    points: dict[str, int | None] = {}
    if enterprise_id is None:
        enterprise_id, points = _found_enterprise(work, facts)
    point = points.get(facts["point"]) if points else (int(facts["point"]) if facts["point"] else None)
    _check_not_removed(work, invitation)
    person_id = work.someone.person_id
    member = work.session.exec(
        select(Member).where(Member.enterprise_id == enterprise_id, Member.person_id == person_id)
    ).first() or Member(enterprise_id=enterprise_id, person_id=person_id, role="employee", name="", joined_at=work.now)
    member.name, member.department, member.pickup_point_id = facts["name"], facts["department"], point
    member.role = "employee" if invitation.role == "employee" else "coordinator"
    member.left_at, member.removed = None, False
    work.session.add(member)
    work.session.flush()
    work.journal("member_joined", enterprise_id=enterprise_id, member_id=member.id, role=member.role)
    orders_are_wanted_again(work, member)
    return member


def _check_not_removed(work: Work, invitation: Invitation) -> None:
    """Whom a coordinator has removed needs a link that was made after that; or Refusal("removed_before")."""
    removed = work.session.exec(
        select(Member).where(
            Member.enterprise_id == invitation.enterprise_id, Member.person_id == work.someone.person_id,
            col(Member.removed), col(Member.left_at) >= invitation.created_at,
        )
    ).first()  # fmt: skip
    if removed is not None:
        raise Refusal("removed_before")


def _found_enterprise(work: Work, facts: dict[str, Any]) -> tuple[int, dict[str, int | None]]:
    """The first enterprise of an installation; its founder is also the operator."""
    person = work.session.get_one(Person, work.someone.person_id)
    person.is_operator = True
    enterprise = Enterprise(name=facts["enterprise"], locale=person.locale, created_at=work.now)
    work.session.add(enterprise)
    work.session.flush()
    add_default_picture(work, enterprise.id or 0)
    assert enterprise.id is not None
    points = [
        PickupPoint(enterprise_id=enterprise.id, name_zh=name, address_zh=address) for name, address in facts["points"]
    ]
    work.session.add_all(points)
    work.session.flush()
    work.journal("enterprise_founded", enterprise_id=enterprise.id)
    return enterprise.id, {str(i): point.id for i, point in enumerate(points)}
