"""Who is this: the person behind a Telegram account, and the hat they wear now."""

from sqlmodel import select

from models import Enterprise, Member, Person, Supplier, SupplierContact
from services.work import Actor, Work


def identify(work: Work, telegram_id: int, first_name: str, locale: str) -> Actor:
    """Find the person, or note a new one with the language Telegram suggests."""
    person = work.session.exec(select(Person).where(Person.telegram_id == telegram_id)).first()
    if person is None:
        fresh = {
            "telegram_id": telegram_id,
            "first_name": first_name,
            "locale": locale,
            "is_operator": False,
            "created_at": work.now,
        }
        work.insert_once(Person, fresh)
        person = work.session.exec(select(Person).where(Person.telegram_id == telegram_id)).one()
    if person.first_name != first_name:
        person.first_name = first_name
    return actor_of(work, person)


def actor_of(work: Work, person: Person) -> Actor:
    """The actor a person is with the hat worn now."""
    assert person.id is not None
    bare = Actor(
        person.id, person.telegram_id, person.locale, person.is_operator, person.unreachable_since is None
    )  # fmt: skip
    if person.member_id is not None:
        return _as_member(work, person, bare)
    if person.contact_id is not None:
        return _as_contact(work, person, bare)
    return bare


def _as_member(work: Work, person: Person, bare: Actor) -> Actor:
    found = work.session.exec(
        select(Member, Enterprise)
        .join(Enterprise, Enterprise.id == Member.enterprise_id)  # type: ignore[arg-type]
        .where(Member.id == person.member_id, Member.left_at == None)  # noqa: E711
    ).first()
    if found is None:
        return bare
    member, enterprise = found
    return Actor(
        bare.person_id, bare.telegram_id, bare.locale, bare.is_operator, bare.reachable,
        member_id=member.id, role=member.role, enterprise_id=enterprise.id,
        zone=enterprise.zone, currency=enterprise.currency,
    )  # fmt: skip


def _as_contact(work: Work, person: Person, bare: Actor) -> Actor:
    found = work.session.exec(
        select(SupplierContact, Supplier, Enterprise)
        .join(Supplier, Supplier.id == SupplierContact.supplier_id)  # type: ignore[arg-type]
        .join(Enterprise, Enterprise.id == Supplier.enterprise_id)  # type: ignore[arg-type]
        .where(SupplierContact.id == person.contact_id, SupplierContact.left_at == None)  # noqa: E711
    ).first()
    if found is None:
        return bare
    contact, supplier, enterprise = found
    return Actor(
        bare.person_id, bare.telegram_id, bare.locale, bare.is_operator, bare.reachable,
        role="supplier", contact_id=contact.id, supplier_id=supplier.id, enterprise_id=enterprise.id,
        zone=enterprise.zone, currency=enterprise.currency,
    )  # fmt: skip


def read_actor(work: Work, person_id: int) -> Actor:
    """The actor a person is now."""
    return actor_of(work, work.session.get_one(Person, person_id))
