"""The coordinators hear at once what becomes of a purchase order."""

from models import PurchaseOrder, Supplier
from services.coordinators import coordinators
from services.work import Lane, Work


def tell_status(work: Work, purchase_order: PurchaseOrder, status: str, *, again: bool = False) -> None:
    """`status` is no_contact, sent, not_delivered, unanswered, accepted, accepted_less, declined, understood, shipped,
    `day:` and a date, `substitute:` or `substituted:` and the id of the change.

    Each is told once for a revision, or with `again` at every moment.
    """
    when = f":{work.now.timestamp():.0f}" if again else ""
    supplier = work.session.get_one(Supplier, purchase_order.supplier_id)
    for person in coordinators(work, supplier.enterprise_id):
        work.notify(
            f"purchase_order_status:{purchase_order.id}:{purchase_order.revision}:{status}{when}:{person.id}",
            "purchase_order_status", Lane.INTERACTIVE, person=person, enterprise_id=supplier.enterprise_id,
            purchase_order_id=purchase_order.id, status=status, revision=purchase_order.revision,
        )  # fmt: skip
