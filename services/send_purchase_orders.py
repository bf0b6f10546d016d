"""A purchase order goes to the supplier's oldest contact that messages reach; one message, to one person."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from models import Person, PurchaseOrder, Round, SupplierContact
from services.tell_status import tell_status
from services.work import Lane, Work


def send_purchase_orders(work: Work, purchase_orders: Iterable[PurchaseOrder], *, again: bool = False) -> None:
    """Owe each supplier of an enterprise the newest revision, with `again` also where it was owed before.

    Without a contact that messages reach it waits, and the coordinators hear why. What was cancelled before it was
    sent is not sent.
    """
    # where nobody was told of it, nobody needs to hear that it is cancelled
    told = [one for one in purchase_orders if one.value_minor or one.sent_at is not None]
    contacts = _contacts(work, {one.supplier_id for one in told})
    reached = {one.supplier_id: _reached(contacts[one.supplier_id]) for one in told}
    messages = [_message(one, person, again) for one in told if (person := reached[one.supplier_id])]
    if messages:
        enterprise_id = work.session.get_one(Round, told[0].round_id).enterprise_id
        work.notify_all(messages, "purchase_order", Lane.PURCHASE_ORDER, enterprise_id=enterprise_id)
    for one in told:
        if reached[one.supplier_id] is None:
            tell_status(work, one, "not_delivered" if contacts[one.supplier_id] else "no_contact")


def _reached(contacts: Iterable[Person]) -> Person | None:
    return next((one for one in contacts if one.unreachable_since is None), None)


def _message(purchase_order: PurchaseOrder, person: Person, again: bool) -> tuple[str, int, int, dict[str, Any]]:
    number, revision = purchase_order.id, purchase_order.revision
    key = f"purchase_order:{number}:{revision}:{person.id}" + ":again" * again
    return key, person.id or 0, person.telegram_id, {"purchase_order_id": number, "revision": revision}


def send_waiting_purchase_orders(work: Work, supplier_id: int) -> None:
    """A contact has joined or is back: what waited for one is sent, and that what they have is cancelled."""
    waiting = work.session.exec(
        select(PurchaseOrder)
        .join(Round, col(Round.id) == PurchaseOrder.round_id)
        .where(PurchaseOrder.supplier_id == supplier_id, PurchaseOrder.phase == "sending")
        .where((col(Round.phase) == "closed") | col(PurchaseOrder.sent_at).is_not(None))
        .order_by(col(PurchaseOrder.id))
    )
    send_purchase_orders(work, waiting.all())


def reachable_contacts(work: Work, supplier_id: int) -> list[Person]:
    """Who speaks for a supplier and is reached by messages, whoever joined first at the front."""
    return [one for one in _contacts(work, {supplier_id})[supplier_id] if one.unreachable_since is None]


_CONTACTS = (
    select(SupplierContact.supplier_id, Person)
    .join(Person, col(Person.id) == SupplierContact.person_id)
    .where(col(SupplierContact.left_at).is_(None))
    .order_by(col(SupplierContact.joined_at), col(SupplierContact.id))
)


def _contacts(work: Work, supplier_ids: Iterable[int]) -> defaultdict[int, list[Person]]:
    """Who speaks for each supplier, whoever joined first at the front."""
    contacts: defaultdict[int, list[Person]] = defaultdict(list)
    for supplier_id, person in work.session.exec(
        _CONTACTS.where(work.among(SupplierContact.supplier_id, supplier_ids))
    ):
        contacts[supplier_id].append(person)
    return contacts
