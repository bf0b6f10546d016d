"""Whether messages reach a person: lost when they block the bot, back when they write or unblock it.

What must arrive and could not is owed again when they are back; what is out of date by then withdraws itself.
"""

from sqlalchemy import text
from sqlmodel import col, exists, select, update

from models import Broadcast, Notice, Person, SupplierContact
from services.send_purchase_orders import send_waiting_purchase_orders
from services.work import Work

_FAILED = text("notice.state = 'failed'")
"""In these words, and not as a parameter, the database knows that its index of failed notices serves."""
_HELD_BACK = exists().where(
    col(Broadcast.id) == col(Notice.broadcast_id), col(Broadcast.phase).in_(("paused", "stopped"))
)


def set_reachable(work: Work, reachable: bool) -> None:
    """Note whether messages reach the actor."""
    person = work.session.get_one(Person, work.someone.person_id)
    if reachable == (person.unreachable_since is None):
        return
    person.unreachable_since = None if reachable else work.now
    if reachable:
        owe_again(work, person.id or 0)
    else:
        work.journal("person_unreachable", person=person.id)


def owe_again(work: Work, person_id: int) -> None:
    """Somebody is back, whether they say so or a message has reached them."""
    work.journal("person_reachable", person=person_id)
    contacts = select(SupplierContact.supplier_id).where(
        SupplierContact.person_id == person_id, col(SupplierContact.left_at).is_(None)
    )
    for supplier_id in work.session.exec(contacts).all():
        send_waiting_purchase_orders(work, supplier_id)
    work.session.exec(
        update(Notice)
        .where(col(Notice.person_id) == person_id, _FAILED, col(Notice.must_arrive), ~_HELD_BACK)
        .values(state="due", due_at=work.now, leased_until=None, attempts=0)
    )
