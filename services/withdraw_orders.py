"""A member leaves: what they wished in open rounds is withdrawn; closed rounds stay as they are."""

from sqlmodel import col, select

from models import Member, Offer, Order, OrderLine, Round
from services.place_order import place_order
from services.work import Work


def withdraw_orders(work: Work, member: Member) -> None:
    """Wish nothing any more in every open round of the enterprise."""
    offers = work.session.exec(
        select(OrderLine.offer_id)
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .join(Round, col(Round.id) == Order.round_id)
        .where(Order.member_id == member.id, OrderLine.firm > 0, Round.phase == "open", col(Round.closes_at) > work.now)
        .order_by(col(OrderLine.offer_id))
    ).all()
    for offer_id in offers:
        place_order(work, offer_id, 0)
