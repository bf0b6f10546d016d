"""Writes a wish that the rules have allowed: the order, its line, the raises that say who was first, the journal."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, select, update

from models import Consent, OfferChange, Order, OrderLine, Raise
from rules.ordering import Raise as RaiseValue
from rules.ordering import Wish, raises_after
from services.group_progress import touch_group_progress
from services.order_point import default_point
from services.work import Work

order_t, line_t, raise_t = Order.__table__, OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]
consent_t, change_t = Consent.__table__, OfferChange.__table__  # type: ignore[attr-defined]
OfferRow = RowMapping | Mapping[str, Any]
"""An offer with its round and a member."""


def _agree_anew(work: Work, line_id: int) -> None:
    """Who wishes a line anew has read the offer as it is now: that answers whatever was asked about it before."""
    asked = select(change_t.c.id).where(change_t.c.kind != "substitute")
    anew = update(consent_t).where(consent_t.c.line_id == line_id, consent_t.c.change_id.in_(asked))
    work.execute(anew.values(answer="keep", answered_at=work.now))


def write_wish(work: Work, offer: OfferRow, line_id: int | None, current: Wish, wish: Wish) -> None:
    """Write a wish that has been allowed, to the line that is there or to a new one.

    A line that was taken away and is wished anew is promised today's price.
    """
    before = _raises(work, line_id) if line_id else ()
    after = raises_after(before, wish.firm, work.now)
    changed_at = max([work.now, *(one.at for one in after)])  # a clock set back must not make a raise the newer one
    values: dict[str, Any] = {
        "firm": wish.firm, "tolerance": wish.tolerance, "changed_at": changed_at, "update_id": work.update_id,
    }  # fmt: skip
    if wish.tolerance > current.tolerance:
        values["tolerance_at"] = work.now
    if current == Wish(0):
        values["price_minor"] = offer["price_minor"]
    if line_id is None:
        fresh = {"order_id": _order(work, offer), "offer_id": offer["id"]}
        line_id = int(work.execute(_FRESH_LINE, {**fresh, **values}).scalar_one())
    else:
        if current == Wish(0):
            _agree_anew(work, line_id)
        work.execute(_CHANGED_LINE, {"line": line_id, **values})
    _write_raises(work, line_id, before, after)
    work.journal(
        "line_wished", enterprise_id=offer["enterprise_id"], round_id=offer["round_id"],
        offer_id=offer["id"], member_id=offer["member_id"], firm=wish.firm, tolerance=wish.tolerance,
    )  # fmt: skip
    if offer["group_message_id"] is not None:
        touch_group_progress(work, offer["round_id"])


_FRESH_LINE = insert(line_t).returning(line_t.c.id)
_CHANGED_LINE = update(line_t).where(line_t.c.id == bindparam("line"))
_FRESH_RAISE = insert(raise_t)
_OWN_ORDER = select(order_t.c.id).where(
    order_t.c.round_id == bindparam("round"), order_t.c.member_id == bindparam("member")
)


def _order(work: Work, offer: OfferRow) -> int:
    which = {"round": offer["round_id"], "member": offer["member_id"]}
    standing = offer.get("order_id") or work.execute(_OWN_ORDER, which).scalar()
    if standing is not None:
        return int(standing)
    row: dict[str, Any] = {
        "round_id": offer["round_id"],
        "member_id": offer["member_id"],
        "pickup_point_id": default_point(work, offer["round_id"], offer["pickup_point_id"]),
        "placed_at": work.now,
    }
    work.insert_once(Order, row)
    return int(work.execute(_OWN_ORDER, which).scalar_one())


_RAISES = select(raise_t.c.units, raise_t.c.at, raise_t.c.id).where(raise_t.c.line_id == bindparam("line"))


def _raises(work: Work, line_id: int) -> tuple[RaiseValue, ...]:
    return tuple(RaiseValue(*row) for row in work.execute(_RAISES, {"line": line_id}))


def _write_raises(work: Work, line_id: int, before: Sequence[RaiseValue], after: Sequence[RaiseValue]) -> None:
    stood = {one.seq: one for one in before}
    kept = {one.seq: one for one in after if one.seq in stood and stood[one.seq].at == one.at}
    gone = [row_id for row_id in stood if row_id not in kept]
    if gone:
        work.execute(delete(raise_t).where(raise_t.c.id.in_(gone)))
    for row_id, one in kept.items():
        if one.units != stood[row_id].units:
            work.execute(update(raise_t).where(raise_t.c.id == row_id).values(units=one.units))
    for one in after:
        if one.seq not in kept:
            work.execute(_FRESH_RAISE, {"line_id": line_id, "units": one.units, "at": one.at})
