"""A member has left: what becomes of the orders in rounds that are still open.

The orders stay until a coordinator decides: somebody else collects them, or they are withdrawn. Undecided ones are
withdrawn when the round closes, and the coordinators are told so when they are asked. Closed rounds stay as they are.
"""

from sqlmodel import col, select

from models import Member, Order, OrderLine, Round
from rules.ordering import Wish
from rules.refusal import Refusal
from rules.short_text import short_text
from services.access import coordinator
from services.coordinators import tell_coordinators
from services.place_order import lock_offer, write_wish
from services.work import Work

UNDECIDED = ""


def ask_about_orders(work: Work, member: Member) -> None:
    """The coordinators are asked about each open order of a member who is leaving."""
    for order in _open_orders(work, member):
        order.kept_for = UNDECIDED
        what = f"{order.id}:{work.now.timestamp():.0f}"
        tell_coordinators(work, member.enterprise_id, "member_left", what, order_id=order.id)


def orders_are_wanted_again(work: Work, member: Member) -> None:
    """A member who had left is back: what has not been decided yet is theirs as before."""
    for order in _open_orders(work, member):
        if order.kept_for is not None:
            order.kept_for = None


def keep_order(work: Work, order_id: int, collector_id: int | None) -> Order:
    """Another member collects the order of one who has left; None means the coordinator who answers."""
    order, mine = _asked(work, order_id)
    collector = work.session.get(Member, collector_id) if collector_id is not None else mine
    if collector is None or collector.enterprise_id != mine.enterprise_id or collector.left_at is not None:
        raise Refusal("not_found")
    order.kept_for = short_text(collector.name)
    work.journal("order_kept", enterprise_id=mine.enterprise_id, round_id=order.round_id, order_id=order_id)
    return order


def may_collect(work: Work, order_id: int) -> list[tuple[int, str]]:
    """Id and name of the members who could collect an order left behind."""
    _, mine = _asked(work, order_id)
    rows = work.session.exec(
        select(Member)
        .where(Member.enterprise_id == mine.enterprise_id, col(Member.left_at).is_(None))
        .order_by(col(Member.name), col(Member.id))
    )
    return [(member.id or 0, member.name) for member in rows]


def withdraw_order(work: Work, order_id: int) -> Order:
    """Nobody collects the order of a member who has left: its lines wish nothing any more."""
    order, mine = _asked(work, order_id)
    _take_away(work, order)
    work.journal("order_withdrawn", enterprise_id=mine.enterprise_id, round_id=order.round_id, order_id=order_id)
    return order


def withdraw_undecided(work: Work, found: Round) -> None:
    """The round closes: what no coordinator has kept is withdrawn."""
    rows = work.session.exec(select(Order).where(Order.round_id == found.id, Order.kept_for == UNDECIDED)).all()
    for order in rows:
        _take_away(work, order)
        work.journal("order_withdrawn", enterprise_id=found.enterprise_id, round_id=found.id, order_id=order.id)


def _asked(work: Work, order_id: int) -> tuple[Order, Member]:
    """The order of a member who has left, in a round that is open and that the actor coordinates."""
    order = work.session.get(Order, order_id)
    found = work.session.get(Round, order.round_id) if order is not None else None
    if order is None or found is None:
        raise Refusal("not_found")
    mine = coordinator(work, found.enterprise_id)
    if order.kept_for is None or found.phase != "open":
        raise Refusal("order_decided")
    return order, mine


def _take_away(work: Work, order: Order) -> None:
    member = work.session.get_one(Member, order.member_id)
    lines = work.session.exec(
        select(OrderLine).where(OrderLine.order_id == order.id).order_by(col(OrderLine.offer_id))
    ).all()
    for line in lines:
        if line.firm or line.tolerance:
            take_line_away(work, line, member.person_id)


def take_line_away(work: Work, line: OrderLine, person_id: int) -> None:
    """A line wishes nothing any more, whatever the phase of its round; its offer is locked like for any wish."""
    offer = lock_offer(work, line.offer_id, person_id, left=True)
    row = {"id": line.id, "order_id": line.order_id}
    write_wish(work, offer, row, Wish(line.firm, line.tolerance), Wish(0))
    work.session.refresh(line)


def _open_orders(work: Work, member: Member) -> list[Order]:
    rows = work.session.exec(
        select(Order)
        .join(Round, col(Round.id) == Order.round_id)
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .where(Order.member_id == member.id, OrderLine.firm > 0, Round.phase == "open")
        .distinct()
        .order_by(col(Order.id))
    )
    return list(rows)
