"""A purchase order goes to the supplier's oldest contact that messages reach; one message, to one person."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Person, PurchaseOrder, Round, SupplierContact
from services.tell_status import tell_status
from services.work import Lane, Work


def send_purchase_order(work: Work, purchase_order: PurchaseOrder, *, again: bool = False) -> bool:
    """Owe the supplier the newest revision; without a contact that messages reach it waits, and the coordinators
    hear why. `again` owes it also where it was owed before. What was cancelled before it was sent is not sent."""
    if not purchase_order.value_minor and purchase_order.sent_at is None:
        return False  # nobody was told of it, so nobody needs to hear that it is cancelled
    contacts = _contacts(work, purchase_order.supplier_id)
    person = next((one for one in contacts if one.unreachable_since is None), None)
    if person is None:
        tell_status(work, purchase_order, "not_delivered" if contacts else "no_contact")
        return False
    enterprise_id = work.session.get_one(Round, purchase_order.round_id).enterprise_id
    work.notify(
        f"purchase_order:{purchase_order.id}:{purchase_order.revision}:{person.id}" + ":again" * again,
        "purchase_order", Lane.PURCHASE_ORDER, person=person, enterprise_id=enterprise_id,
        purchase_order_id=purchase_order.id, revision=purchase_order.revision,
    )  # fmt: skip
    return True


def send_waiting_purchase_orders(work: Work, supplier_id: int) -> None:
    """A contact has joined: what waited for one is sent."""
    waiting = work.session.exec(
        select(PurchaseOrder)
        .join(Round, col(Round.id) == PurchaseOrder.round_id)
        .where(PurchaseOrder.supplier_id == supplier_id, PurchaseOrder.phase == "sending", Round.phase == "closed")
    )
    for purchase_order in waiting:
        send_purchase_order(work, purchase_order)


_CONTACTS = (
    select(Person)
    .join(SupplierContact, col(SupplierContact.person_id) == Person.id)
    .where(SupplierContact.supplier_id == bindparam("supplier"), col(SupplierContact.left_at).is_(None))
    .order_by(col(SupplierContact.joined_at), col(SupplierContact.id))
)


def _contacts(work: Work, supplier_id: int) -> Sequence[Person]:
    """Who speaks for a supplier, whoever joined first at the front."""
    return work.session.exec(_CONTACTS, params={"supplier": supplier_id}).all()
