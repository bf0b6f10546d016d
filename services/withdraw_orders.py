"""A member has left: what becomes of their orders is for the coordinators to decide, with buttons.

In an open round somebody else collects the order, or it is withdrawn; undecided ones are withdrawn when the round
closes. In a closed round the supplier has the order already, so allotment and charge stay, and the only question is
who collects; undecided ones wait at the pickup point. Whoever leaves, collects or collects no more is told.
"""

from datetime import timedelta

from sqlmodel import col, func, or_, select

from models import Allotment, Member, Order, OrderLine, PurchaseOrder, Round
from rules.refusal import Refusal
from services.access import coordinator
from services.coordinators import coordinators
from services.offer_rows import lock_offers
from services.take_away import take_line_away
from services.tell_collector import ask_again, tell_collector, tell_former_collector, tell_leaver
from services.work import Lane, Work

WAITS_DAYS = 14
"""How long after a closing without a delivery day there may still be something to collect."""


def ask_about_orders(work: Work, member: Member) -> None:
    """The coordinators are asked about each order that a member who is leaving would have collected."""
    for order in _orders_at_stake(work, member):
        order.collector_id, order.awaits_collector = None, True
        work.session.add(order)
        for person in coordinators(work, member.enterprise_id):
            if person.id != member.person_id:
                work.notify(
                    f"member_left:{order.id}:{work.now.timestamp():.0f}:{person.id}", "member_left", Lane.INTERACTIVE,
                    person=person, enterprise_id=member.enterprise_id, order_id=order.id,
                )  # fmt: skip


def _orders_at_stake(work: Work, member: Member) -> list[Order]:
    """The orders that a member collects, their own or another's: all that is wished in open rounds, and what is
    still to come in closed ones."""
    rows = work.session.exec(
        select(Order, Round)
        .join(Round, col(Round.id) == Order.round_id)
        .where(
            func.coalesce(Order.collector_id, Order.member_id) == member.id,
            col(Order.awaits_collector).is_(False),
            col(Round.phase).in_(("open", "closed")),
            select(OrderLine.id).where(OrderLine.order_id == Order.id, OrderLine.firm > 0).exists(),
        )
        .order_by(col(Order.id))
    ).all()
    return [order for order, found in rows if found.phase == "open" or _still_to_collect(work, found, order)]


def _still_to_collect(work: Work, found: Round, order: Order) -> bool:
    """Whether a closed round brings an order something that has not been delivered before today."""
    gets = select(OrderLine.id).outerjoin(Allotment, col(Allotment.line_id) == OrderLine.id)
    gets = gets.where(OrderLine.order_id == order.id, or_(Allotment.units > 0, col(Allotment.units).is_(None)))
    if work.session.exec(gets.limit(1)).first() is None:
        return False
    days = work.session.exec(select(col(PurchaseOrder.delivers_on)).where(PurchaseOrder.round_id == found.id)).all()
    last = max((day for day in (found.delivers_on, *days) if day is not None), default=None)
    if last is not None:
        return last >= work.now.date() - timedelta(days=1)  # today somewhere on Earth
    return found.closed_at is not None and work.now - found.closed_at < timedelta(days=WAITS_DAYS)


def orders_are_wanted_again(work: Work, member: Member) -> None:
    """A member who had left is back: what was not withdrawn is theirs as before, also where another would collect."""
    rows = work.session.exec(
        select(Order)
        .join(Round, col(Round.id) == Order.round_id)
        .where(Order.member_id == member.id, col(Round.phase).in_(("open", "closed")))
        .where(col(Order.awaits_collector) | col(Order.collector_id).is_not(None))
        .order_by(col(Order.id))
    ).all()
    for order in rows:
        collector_id = order.collector_id
        order.collector_id, order.awaits_collector = None, False
        work.session.add(order)
        ask_again(work, order, member)
        if collector_id is not None:
            tell_former_collector(work, order, work.session.get_one(Member, collector_id))


def keep_order(work: Work, order_id: int, collector_id: int | None, instead_of: int | None = None) -> Order:
    """Another member collects the order of one who has left; None means the coordinator who answers.

    `instead_of` is who collects it so far, as the coordinator saw it. Refusals: not_found, order_decided.
    """
    order, mine, _ = left_order(work, order_id)
    collector = work.session.get(Member, collector_id) if collector_id is not None else mine
    if collector is None or collector.enterprise_id != mine.enterprise_id or collector.left_at is not None:
        raise Refusal("not_found")
    if order.collector_id == collector.id:
        return order
    _check_undecided(work, order, instead_of)
    order.collector_id, order.awaits_collector = collector.id, False
    work.session.add(order)
    work.journal(
        "order_kept", enterprise_id=mine.enterprise_id, round_id=order.round_id, order_id=order_id,
        collector_id=collector.id,
    )  # fmt: skip
    tell_collector(work, order, collector)
    ask_again(work, order, collector)
    tell_leaver(work, order, "kept")
    if instead_of is not None:
        tell_former_collector(work, order, work.session.get_one(Member, instead_of))
    return order


def withdraw_order(work: Work, order_id: int, instead_of: int | None = None) -> Order:
    """Nobody collects the order of a member who has left: its lines wish nothing any more. Once the round has closed
    it stays; a coordinator corrects it like any order. Refusals: not_found, order_decided."""
    order, _, found = left_order(work, order_id)
    if found.phase != "open":
        raise Refusal("order_decided")
    lock_offers(work, work.session.exec(select(OrderLine.offer_id).where(OrderLine.order_id == order_id)).all())
    if not (order.awaits_collector or order.collector_id) and not _lines(work, order):
        return order
    _check_undecided(work, order, instead_of)
    _take_away(work, order, found)
    if instead_of is not None:
        tell_former_collector(work, order, work.session.get_one(Member, instead_of))
    return order


def withdraw_undecided(work: Work, found: Round) -> None:
    """The round closes: what no coordinator has kept is withdrawn."""
    waiting = select(Order).where(Order.round_id == found.id, col(Order.awaits_collector)).with_for_update()
    for order in work.session.exec(waiting).all():
        _take_away(work, order, found)


def left_order(work: Work, order_id: int) -> tuple[Order, Member, Round]:
    """The order of a member who has left, the actor as coordinator, and the round; locked.

    Refusals: not_found, not_coordinator, order_decided.
    """
    order = work.session.get(Order, order_id)
    found = work.session.get(Round, order.round_id) if order is not None else None
    if order is None or found is None:
        raise Refusal("not_found")
    mine = coordinator(work, found.enterprise_id)
    work.session.refresh(found, with_for_update={"read": True})
    work.session.refresh(order, with_for_update=True)
    if found.phase not in ("open", "closed") or work.session.get_one(Member, order.member_id).left_at is None:
        raise Refusal("order_decided")
    return order, mine, found


def _check_undecided(work: Work, order: Order, instead_of: int | None) -> None:
    """Two coordinators may answer: the first one counts, and a change names what it changes."""
    if (None if order.awaits_collector else order.collector_id or 0) != instead_of:
        collector = work.session.get(Member, order.collector_id or 0)
        raise Refusal("order_decided", collector=collector.name if collector else "")


def _lines(work: Work, order: Order) -> list[OrderLine]:
    rows = work.session.exec(
        select(OrderLine)
        .where(OrderLine.order_id == order.id, (col(OrderLine.firm) > 0) | (col(OrderLine.tolerance) > 0))
        .order_by(col(OrderLine.offer_id))
    )
    return list(rows)


def _take_away(work: Work, order: Order, found: Round) -> None:
    order.collector_id, order.awaits_collector = None, False
    work.session.add(order)
    for line in _lines(work, order):
        take_line_away(work, line, order, found)
    work.journal("order_withdrawn", enterprise_id=found.enterprise_id, round_id=found.id, order_id=order.id)
    tell_leaver(work, order, "withdrawn")
