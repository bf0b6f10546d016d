"""A member wishes a quantity of an offer.

The wish is a state, not a change: wishing 3 twice is 3. The last accepted wish counts until the round closes.
Stock is shared by all members, so the offer is locked while it is counted (SQLite has one writer anyway).
This is the hot path and speaks Core.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update

from models import Member, Offer, Order, OrderLine, Raise, Round
from rules.ordering import Limits, Wish, check_wish, raises_after
from rules.ordering import Raise as RaiseValue
from rules.refusal import Refusal
from services.group_progress import touch_group_progress
from services.order_point import default_point
from services.work import Work

offer_t, round_t, member_t = Offer.__table__, Round.__table__, Member.__table__  # type: ignore[attr-defined]
order_t, line_t, raise_t = Order.__table__, OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Placed:
    """What changed: the wish before and now."""

    round_id: int
    offer_id: int
    before: int
    firm: int


def place_order(work: Work, offer_id: int, quantity: int) -> Placed:
    """Wish `quantity` firm units of an offer; 0 takes the line away. Refusals as in `rules.ordering`."""
    offer = _lock_offer(work, offer_id)
    line = _line(work, offer)
    current = Wish(line["firm"], line["tolerance"]) if line else Wish(0)
    wish = Wish(quantity, current.tolerance)
    check_wish(wish, current, _limits(work, offer, current), work.now)
    if quantity != current.firm:
        _write(work, offer, line, quantity)
    return Placed(offer["round_id"], offer_id, current.firm, quantity)


_OFFER = (
    select(
        offer_t.c.id, offer_t.c.round_id, offer_t.c.price_minor, offer_t.c.stock_units, offer_t.c.member_cap,
        round_t.c.phase, round_t.c.opens_at, round_t.c.closes_at, round_t.c.enterprise_id,
        member_t.c.id.label("member_id"), member_t.c.pickup_point_id,
    )
    .join(round_t, round_t.c.id == offer_t.c.round_id)
    .join(member_t, member_t.c.enterprise_id == round_t.c.enterprise_id)
    .where(offer_t.c.id == bindparam("offer"), member_t.c.person_id == bindparam("person"))
    .where(member_t.c.left_at.is_(None), round_t.c.phase != "draft")
)  # fmt: skip


def _lock_offer(work: Work, offer_id: int) -> RowMapping:
    """The offer with its round and the actor's membership; the round cannot close while this runs."""
    statement = _OFFER.with_for_update(of=[offer_t])
    found = work.session.execute(statement, {"offer": offer_id, "person": work.someone.person_id}).mappings().first()
    if found is None:
        raise Refusal("not_found")
    phase = work.session.execute(
        select(round_t.c.phase).where(round_t.c.id == found["round_id"]).with_for_update(read=True)
    ).scalar_one()
    if phase != found["phase"]:
        raise Refusal("round_closed", at=found["closes_at"])
    return found


def _line(work: Work, offer: RowMapping) -> RowMapping | None:
    statement = (
        select(line_t.c.id, line_t.c.order_id, line_t.c.firm, line_t.c.tolerance)
        .join(order_t, order_t.c.id == line_t.c.order_id)
        .where(order_t.c.member_id == offer["member_id"], line_t.c.offer_id == offer["id"])
    )
    return work.session.execute(statement).mappings().first()


def _limits(work: Work, offer: RowMapping, current: Wish) -> Limits:
    taken = 0
    if offer["stock_units"] is not None:
        statement = select(func.coalesce(func.sum(line_t.c.firm + line_t.c.tolerance), 0))
        everyone = work.session.execute(statement.where(line_t.c.offer_id == offer["id"])).scalar_one()
        taken = int(everyone) - current.firm - current.tolerance
    return Limits(
        phase=offer["phase"], opens_at=offer["opens_at"], closes_at=offer["closes_at"], stock=offer["stock_units"],
        taken_by_others=taken, member_cap=offer["member_cap"], price=offer["price_minor"],
    )  # fmt: skip


def _write(work: Work, offer: RowMapping, line: RowMapping | None, quantity: int) -> None:
    order_id = line["order_id"] if line else _order(work, offer)
    values = {"firm": quantity, "changed_at": work.now}
    if line is None:
        fresh = {"order_id": order_id, "offer_id": offer["id"], "tolerance": 0, "price_minor": offer["price_minor"]}
        inserted = work.session.execute(insert(line_t).values(**fresh, **values).returning(line_t.c.id))
        line_id = int(inserted.scalar_one())
    else:
        line_id = line["id"]
        work.session.execute(update(line_t).where(line_t.c.id == line_id).values(**values))
    _write_raises(work, line_id, quantity)
    work.journal(
        "line_wished", enterprise_id=offer["enterprise_id"], round_id=offer["round_id"],
        offer_id=offer["id"], member_id=offer["member_id"], firm=quantity,
    )  # fmt: skip
    touch_group_progress(work, offer["round_id"])


def _order(work: Work, offer: RowMapping) -> int:
    row: dict[str, Any] = {
        "round_id": offer["round_id"],
        "member_id": offer["member_id"],
        "pickup_point_id": default_point(work, offer["round_id"], offer["pickup_point_id"]),
        "placed_at": work.now,
    }
    work.insert_once(Order, row)
    statement = select(order_t.c.id).where(
        order_t.c.round_id == offer["round_id"], order_t.c.member_id == offer["member_id"]
    )
    return int(work.session.execute(statement).scalar_one())


def _write_raises(work: Work, line_id: int, quantity: int) -> None:
    rows = work.session.execute(select(raise_t).where(raise_t.c.line_id == line_id)).mappings().all()
    before = {row["id"]: RaiseValue(row["units"], row["at"], row["id"]) for row in rows}
    after = raises_after(tuple(before.values()), quantity, work.now)
    kept = {one.seq: one for one in after if one.seq in before and before[one.seq].at == one.at}
    gone = [row_id for row_id in before if row_id not in kept]
    if gone:
        work.session.execute(delete(raise_t).where(raise_t.c.id.in_(gone)))
    for row_id, one in kept.items():
        if one.units != before[row_id].units:
            work.session.execute(update(raise_t).where(raise_t.c.id == row_id).values(units=one.units))
    for one in after:
        if one.seq not in kept:
            work.session.execute(insert(raise_t).values(line_id=line_id, units=one.units, at=one.at))
