"""A line wishes nothing any more, whatever the rules of ordering would say to its member."""

from models import Order, OrderLine, Round
from rules.ordering import Wish
from services.work import Work
from services.write_wish import Allowed, write_wishes


def take_line_away(work: Work, line: OrderLine, order: Order, found: Round) -> None:
    """Take it to nothing. The caller holds the offer's lock, or has claimed the round: nobody else writes to it."""
    set_line(work, line, order, found, Wish(0))


def set_line(work: Work, line: OrderLine, order: Order, found: Round, wish: Wish) -> None:
    """Lower a line to a wish, under the same locks."""
    offer = {
        "id": line.offer_id, "round_id": found.id, "enterprise_id": found.enterprise_id, "member_id": order.member_id,
        "group_message_id": found.group_message_id, "order_id": order.id, "line_id": line.id,
        "price_minor": line.price_minor, "update_id": line.update_id, "changed_at": line.changed_at,
    }  # fmt: skip
    work.session.flush()
    write_wishes(work, [Allowed(offer, Wish(line.firm, line.tolerance), wish, work.actor, work.update_id)])
    work.session.refresh(line)
