"""An enterprise's pickup points: added and retired by its coordinators."""

from sqlmodel import col, select

from models import PickupPoint
from rules.refusal import Refusal
from rules.short_text import MAX_ADDRESS_CHARACTERS, short_text
from services.access import acting_coordinator, coordinator
from services.work import Work

MAX_POINTS = 30


def read_points(work: Work) -> list[PickupPoint]:
    """The pickup points in use, in the order they were added."""
    _, enterprise = acting_coordinator(work)
    rows = work.session.exec(
        select(PickupPoint)
        .where(PickupPoint.enterprise_id == enterprise.id, col(PickupPoint.retired_at).is_(None))
        .order_by(col(PickupPoint.id))
    )
    return list(rows)


def add_points(work: Work, text: str) -> list[PickupPoint]:
    """Add pickup points, one a line, `name | address`; one that is there already is not added twice."""
    _, enterprise = acting_coordinator(work)
    known = {point.name_zh or point.name_en for point in read_points(work)}
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refusal("text_empty")
    if len(known) + len(lines) > MAX_POINTS:
        raise Refusal("too_many_points", limit=MAX_POINTS)
    for line in lines:
        name, _, address = line.replace("｜", "|").partition("|")
        name = short_text(name)
        if name not in known:
            known.add(name)
            address = short_text(address, MAX_ADDRESS_CHARACTERS) if address.strip() else ""
            work.session.add(PickupPoint(enterprise_id=enterprise.id or 0, name_zh=name, address_zh=address))
            work.journal("point_added", enterprise_id=enterprise.id, name=name)
    work.session.flush()
    return read_points(work)


def own_point(work: Work, point_id: int) -> PickupPoint:
    """A pickup point of an enterprise that the actor coordinates, or a Refusal."""
    point = work.session.get(PickupPoint, point_id)
    if point is None:
        raise Refusal("not_found")
    coordinator(work, point.enterprise_id)
    return point


def retire_point(work: Work, point_id: int) -> list[PickupPoint]:
    """Use a pickup point no more; orders already placed keep it."""
    point = own_point(work, point_id)
    if point.retired_at is None:
        point.retired_at = work.now
        work.journal("point_retired", enterprise_id=point.enterprise_id, point_id=point_id)
        work.session.flush()
    return read_points(work)
