"""Writes wishes that the rules have allowed: orders, their lines, the raises that say who was first, the journal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, select, update

from models import Consent, OfferChange, Order, OrderLine, Raise, RoundPickupPoint
from rules.ordering import Raise as RaiseValue
from rules.ordering import Wish, raises_after
from services.group_progress import touch_group_progress
from services.order_point import own_or_first
from services.work import Actor, Work

order_t, line_t, raise_t = Order.__table__, OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]
consent_t, change_t = Consent.__table__, OfferChange.__table__  # type: ignore[attr-defined]
served_t = RoundPickupPoint.__table__  # type: ignore[attr-defined]

OrderKey = tuple[int, int]
"""A round's id and a member's: one order, whether it is there yet or not."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A wish that the rules have allowed, and the one that stands; the offer with a member, as `services.offer_rows`
    reads it."""

    offer: RowMapping | Mapping[str, Any]
    current: Wish
    wish: Wish
    actor: Actor | None = None
    update_id: int | None = None

    @property
    def order_key(self) -> OrderKey:
        """Which order it is part of."""
        return self.offer["round_id"], self.offer["member_id"]


def write_wishes(work: Work, allowed: Sequence[Allowed]) -> None:
    """Write them in this order: who comes first here is served first. No line comes twice."""
    if not allowed:
        return
    before = _raises(work, [one.offer["line_id"] for one in allowed if one.offer["line_id"]])
    after = [raises_after(before[one.offer["line_id"]], one.wish.firm, work.now) for one in allowed]
    lines = _write_lines(work, allowed, after)
    _write_raises(work, [(line, before[line], then) for line, then in zip(lines, after, strict=True)])
    for one in allowed:
        work.journal(
            "line_wished", by=one.actor, enterprise_id=one.offer["enterprise_id"], round_id=one.offer["round_id"],
            offer_id=one.offer["id"], member_id=one.offer["member_id"], firm=one.wish.firm,
            tolerance=one.wish.tolerance,
        )  # fmt: skip
    for round_id in sorted({one.offer["round_id"] for one in allowed if one.offer["group_message_id"] is not None}):
        touch_group_progress(work, round_id)


def note_updates(work: Work, same: Sequence[Allowed]) -> None:
    """Write which update last wished a line as it stands, so that an older one that arrives later does not replace it.
    A wish of nothing where there is no line is a line of nothing. No line comes twice."""
    stands = [
        {
            "which": one.offer["line_id"], "update_id": one.update_id,
            "changed_at": max(work.now, one.offer["changed_at"]),
        }
        for one in same if one.offer["line_id"]
    ]  # fmt: skip
    work.update_many(line_t, stands)
    _insert_lines(work, [(one, _values(work, one, ())) for one in same if not one.offer["line_id"]])


def _write_lines(work: Work, allowed: Sequence[Allowed], after: Sequence[Sequence[RaiseValue]]) -> list[int]:
    """Insert or change the lines; the id of each."""
    _agree_anew(work, [one.offer["line_id"] for one in allowed if one.offer["line_id"] and one.current == Wish(0)])
    values = [_values(work, one, raises) for one, raises in zip(allowed, after, strict=True)]
    changed: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one, row in zip(allowed, values, strict=True):
        if one.offer["line_id"]:
            changed[tuple(row)].append({"which": one.offer["line_id"], **row})
    for alike in changed.values():
        work.update_many(line_t, alike)
    rows = zip(allowed, values, strict=True)
    fresh = _insert_lines(work, [(one, row) for one, row in rows if not one.offer["line_id"]])
    return [one.offer["line_id"] or fresh[one.offer["id"], one.offer["member_id"]] for one in allowed]


def _insert_lines(work: Work, fresh: Sequence[tuple[Allowed, dict[str, Any]]]) -> dict[tuple[int, int], int]:
    """Insert lines with these values; the id of each, by offer and member."""
    orders = _orders(work, [one for one, _ in fresh])
    rows = [
        {"order_id": orders[one.order_key], "offer_id": one.offer["id"], "tolerance_at": None, **row}
        for one, row in fresh
    ]
    inserted = work.insert_many(line_t, rows, line_t.c.order_id, line_t.c.offer_id, line_t.c.id)
    ids = {(row.order_id, row.offer_id): row.id for row in inserted}
    return {(one.offer["id"], one.offer["member_id"]): ids[orders[one.order_key], one.offer["id"]] for one, _ in fresh}


def _values(work: Work, one: Allowed, raises: Sequence[RaiseValue]) -> dict[str, Any]:
    """What changes of a line; one that was taken away and is wished anew is promised today's price.

    The rest stays: what was read may have changed meanwhile, such as the price by the member's own consent.
    """
    values = {
        "firm": one.wish.firm, "tolerance": one.wish.tolerance, "update_id": _newest_update(work, one),
        # a clock set back must not make a raise the newer one
        "changed_at": max([work.now, *(raised.at for raised in raises)]),
    }  # fmt: skip
    if one.wish.tolerance > one.current.tolerance:
        values["tolerance_at"] = work.now
    if one.current == Wish(0):
        values["price_minor"] = one.offer["price_minor"]
    return values


NUMBERS_COMPARE = timedelta(days=2)
"""For a day Telegram repeats an update that was not confirmed. After a silent week its numbers may begin anew."""


def update_counts(line: RowMapping | Mapping[str, Any], now: datetime) -> bool:
    """Whether the number of the update that last wished a line can be compared with others."""
    return line["update_id"] is not None and bool(line["changed_at"] > now - NUMBERS_COMPARE)


def _newest_update(work: Work, one: Allowed) -> int | None:
    """A job or another person leaves the number of the member's own wish, whose update may come again."""
    stood = one.offer["update_id"] if update_counts(one.offer, work.now) else None
    return max((number for number in (one.update_id, stood) if number is not None), default=None)


def _agree_anew(work: Work, line_ids: list[int]) -> None:
    """Who wishes a line anew has read the offer as it is now: that answers whatever was asked about it before."""
    if not line_ids:
        return
    asked = select(change_t.c.id).where(change_t.c.kind != "substitute")
    anew = update(consent_t).where(consent_t.c.line_id.in_(line_ids), consent_t.c.change_id.in_(asked))
    work.execute(anew.values(answer="keep", answered_at=work.now))


_ORDERS = select(order_t.c.round_id, order_t.c.member_id, order_t.c.id).where(
    order_t.c.round_id.in_(bindparam("rounds", expanding=True)),
    order_t.c.member_id.in_(bindparam("members", expanding=True)),
)
_SERVED = (
    select(served_t.c.round_id, served_t.c.pickup_point_id)
    .where(served_t.c.round_id.in_(bindparam("rounds", expanding=True)))
    .order_by(served_t.c.pickup_point_id)
)


def _orders(work: Work, fresh: Sequence[Allowed]) -> dict[OrderKey, int]:
    """The order of each member in each round, made where there is none."""
    orders = {one.order_key: one.offer["order_id"] for one in fresh if one.offer["order_id"]}
    missing = {one.order_key: one.offer["pickup_point_id"] for one in fresh if one.order_key not in orders}
    if not missing:
        return orders
    rounds = sorted({round_id for round_id, _ in missing})
    served: defaultdict[int, list[int]] = defaultdict(list)
    for round_id, point_id in work.execute(_SERVED, {"rounds": rounds}):
        served[round_id].append(point_id)
    rows = [
        {
            "round_id": round_id, "member_id": member_id, "placed_at": work.now,
            "pickup_point_id": own_or_first(own_point, served[round_id]),
        }
        for (round_id, member_id), own_point in missing.items()
    ]  # fmt: skip
    work.insert_once(Order, *rows)
    which = {"rounds": rounds, "members": [member_id for _, member_id in missing]}
    return orders | {(row.round_id, row.member_id): row.id for row in work.execute(_ORDERS, which)}


_RAISES = select(raise_t.c.line_id, raise_t.c.units, raise_t.c.at, raise_t.c.id).where(
    raise_t.c.line_id.in_(bindparam("lines", expanding=True))
)
_RAISE_GONE = delete(raise_t).where(raise_t.c.id.in_(bindparam("raises", expanding=True)))


def _raises(work: Work, line_ids: list[int]) -> defaultdict[int | None, tuple[RaiseValue, ...]]:
    """The raises of each line; none of a line that is not there yet."""
    raises: defaultdict[int | None, tuple[RaiseValue, ...]] = defaultdict(tuple)
    if line_ids:
        for line_id, *row in work.execute(_RAISES, {"lines": line_ids}):
            raises[line_id] += (RaiseValue(*row),)
    return raises


def _write_raises(work: Work, lines: Iterable[tuple[int, Sequence[RaiseValue], Sequence[RaiseValue]]]) -> None:
    """Write what the raises of some lines have become."""
    gone: list[int] = []
    smaller: list[dict[str, Any]] = []
    fresh: list[dict[str, Any]] = []
    for line_id, before, after in lines:
        stood = {one.seq: one for one in before}
        kept = {one.seq for one in after if one.seq in stood and stood[one.seq].at == one.at}
        gone += [seq for seq in stood if seq not in kept]
        for one in after:
            if one.seq not in kept:
                fresh.append({"line_id": line_id, "units": one.units, "at": one.at})
            elif one.units != stood[one.seq].units:
                smaller.append({"which": one.seq, "units": one.units})
    if gone:
        work.execute(_RAISE_GONE, {"raises": gone})
    work.update_many(raise_t, smaller)
    work.insert_many(raise_t, fresh)
