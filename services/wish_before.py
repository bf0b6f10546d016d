"""What stood before the wish of an update that comes again. Its first answer may never have been seen: the second one
says the same, and takes the same back."""

from sqlmodel import col, select

from models import JournalEntry, Member, Order, OrderLine
from rules.ordering import Wish
from services.work import Work


def wish_before(work: Work, offer_id: int) -> Wish:
    """What stood before the update changed the actor's line; what stands, if it changed nothing or others did since."""
    line, order = work.session.exec(
        select(OrderLine, Order)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == Order.member_id)
        .where(OrderLine.offer_id == offer_id, Member.person_id == work.someone.person_id)
    ).one()
    entries = work.session.exec(
        select(JournalEntry)
        .where(
            JournalEntry.round_id == order.round_id,
            JournalEntry.what == "line_wished",
            col(JournalEntry.facts)["offer_id"].as_integer() == offer_id,
            col(JournalEntry.facts)["member_id"].as_integer() == order.member_id,
        )
        .order_by(col(JournalEntry.id).desc())
        .limit(2)
    ).all()
    by = (entries[0].person_id, entries[0].at, line.update_id) if entries else None
    if by != (work.someone.person_id, line.changed_at, work.update_id):
        return Wish(line.firm, line.tolerance)
    return Wish(entries[1].facts["firm"], entries[1].facts["tolerance"]) if entries[1:] else Wish(0)
