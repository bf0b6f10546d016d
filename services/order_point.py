"""Where one order is collected: a pickup point of its round, chosen while the round is open."""

from collections.abc import Sequence

from sqlmodel import col, select

from models import Enterprise, Order, PickupPoint, Round, RoundPickupPoint
from rules.refusal import Refusal
from services.access import round_for_member
from services.work import Work


def order_points(work: Work, round_id: int) -> tuple[tuple[int, str, str], ...]:
    """Id and both names of the pickup points that a round delivers to."""
    found, _ = round_for_member(work, round_id)
    return tuple((point.id or 0, point.name_zh, point.name_en) for point in round_points(work, found))


def round_points(work: Work, found: Round) -> list[PickupPoint]:
    """The pickup points of a round, in the order they were set up."""
    rows = work.session.exec(
        select(PickupPoint)
        .join(RoundPickupPoint, col(RoundPickupPoint.pickup_point_id) == PickupPoint.id)
        .where(RoundPickupPoint.round_id == found.id)
        .order_by(col(PickupPoint.id))
    )
    return list(rows)


def own_or_first(wanted: int | None, served: Sequence[int]) -> int | None:
    """A member's own point where the round delivers there, or where it names none; else the first that it names."""
    return wanted if wanted in served or not served else served[0]


def set_order_point(work: Work, round_id: int, point_id: int) -> None:
    """Collect the round's order there. Refusal("round_closed"), ("not_found")."""
    found, member = round_for_member(work, round_id)
    work.session.refresh(found, with_for_update={"read": True})  # a closing counts the units of each point
    if found.phase != "open" or (found.closes_at and found.closes_at <= work.now):
        zone = work.session.get_one(Enterprise, found.enterprise_id).zone
        raise Refusal("round_closed", at=found.closes_at, zone=zone)
    if point_id not in [point.id for point in round_points(work, found)]:
        raise Refusal("not_found")
    order = work.session.exec(select(Order).where(Order.round_id == round_id, Order.member_id == member.id)).first()
    if order is None:
        raise Refusal("not_found")
    order.pickup_point_id = point_id
    work.journal("order_point_changed", enterprise_id=found.enterprise_id, round_id=round_id, point_id=point_id)
