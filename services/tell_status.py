"""The coordinators hear at once what becomes of a purchase order."""

from models import PurchaseOrder, Supplier
from services.coordinators import coordinators
from services.work import Lane, Work


def tell_status(work: Work, purchase_order: PurchaseOrder, status: str) -> None:
    """`status` is no_contact, sent, not_delivered, accepted, accepted_less, declined, shipped, or day and a date.

    Each is told once for a revision.
    """
    supplier = work.session.get_one(Supplier, purchase_order.supplier_id)
    for person in coordinators(work, supplier.enterprise_id):
        work.notify(
            f"purchase_order_status:{purchase_order.id}:{purchase_order.revision}:{status}:{person.id}",
            "purchase_order_status", Lane.INTERACTIVE, person=person, enterprise_id=supplier.enterprise_id,
            purchase_order_id=purchase_order.id, status=status,
        )  # fmt: skip
