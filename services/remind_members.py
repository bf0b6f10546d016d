"""Before closing, one message each: a reminder to members who have not ordered, and a nudge to those whose units
sit in an incomplete case or below a missed minimum. Nobody else hears anything."""

from sqlmodel import col, exists, select, update

from models import Member, Order, OrderLine, Person, Round
from services.nudges import members_at_risk
from services.work import Lane, Work


def remind_members(work: Work, round_id: int) -> bool:
    """Owe the reminders of a round whose time for it has come; False if that was done already."""
    claim = update(Round).where(
        col(Round.id) == round_id,
        col(Round.phase) == "open",
        col(Round.reminded_at).is_(None),
        col(Round.reminds_at) <= work.now,
        col(Round.closes_at) > work.now,
    )
    if not work.session.exec(claim.values(reminded_at=work.now)).rowcount:
        return False
    found = work.session.get_one(Round, round_id, populate_existing=True)
    if found.completing_since is not None:  # closed so late that the reminder has missed its time
        return True
    for person, member_id in _without_order(work, found):
        work.notify(
            f"reminder:{round_id}:{member_id}", "reminder", Lane.BROADCAST, person=person,
            enterprise_id=found.enterprise_id, must_arrive=False, round_id=round_id, member_id=member_id,
        )  # fmt: skip
    for person, member_id in _at_risk(work, found):
        work.notify(
            f"nudge:{round_id}:{member_id}", "nudge", Lane.BROADCAST, person=person,
            enterprise_id=found.enterprise_id, must_arrive=False, round_id=round_id, member_id=member_id,
        )  # fmt: skip
    return True


def _at_risk(work: Work, found: Round) -> list[tuple[Person, int]]:
    at_risk = set(members_at_risk(work, found))
    rows = work.session.exec(
        select(Person, Member.id)
        .join(Member, col(Member.person_id) == Person.id)
        .join(Order, col(Order.member_id) == Member.id)
        .where(Order.round_id == found.id, col(Member.left_at).is_(None), col(Person.unreachable_since).is_(None))
        .order_by(col(Member.id))
    )
    return [(person, member_id or 0) for person, member_id in rows if member_id in at_risk]


def _without_order(work: Work, found: Round) -> list[tuple[Person, int]]:
    rows = work.session.exec(
        select(Person, Member.id)
        .join(Member, col(Member.person_id) == Person.id)
        .where(
            Member.enterprise_id == found.enterprise_id,
            col(Member.left_at).is_(None),
            col(Person.unreachable_since).is_(None),
            ~_wished(found).correlate(Member),
        )
        .order_by(col(Member.id))
    )
    return [(person, member_id or 0) for person, member_id in rows]


def _wished(found: Round):  # type: ignore[no-untyped-def]
    return exists(
        select(OrderLine.id)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id, Order.member_id == Member.id, OrderLine.firm > 0)
    )


def has_ordered(work: Work, found: Round, member: Member) -> bool:
    """Whether a member wishes anything in a round."""
    line = work.session.exec(
        select(OrderLine.id)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id, Order.member_id == member.id, OrderLine.firm > 0)
    ).first()
    return line is not None
