"""Reads those lines of a closing round that must be told apart: all of an offer, or the few that hold its newest units
or its oldest tolerance. A line too many does no harm: it is decided like the sums it is taken out of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select, true

from rules.allot import LineWish
from rules.apart import Apart, holding_oldest
from rules.decide import WishedLine
from rules.ordering import Raise as RaiseValue
from services.decide_round import line_t, order_t, raise_t, wishes_something
from services.work import Work

SPARE_LINES = 2
"""More lines than the newest units may need, for those whose last change was no raise."""

Raises = defaultdict[int, list[RaiseValue]]
_CHANGED_LAST = (
    select(line_t.c.id, line_t.c.changed_at)
    .where(line_t.c.offer_id == bindparam("offer"))
    .order_by(line_t.c.changed_at.desc())
    .limit(bindparam("most"))
)
_TOLERANCES = select(line_t.c.offer_id, line_t.c.id, line_t.c.tolerance, line_t.c.tolerance_at).where(
    line_t.c.tolerance > 0
)
_LINES = (
    select(
        line_t.c.offer_id, line_t.c.id, line_t.c.order_id, line_t.c.tolerance, line_t.c.tolerance_at,
        line_t.c.price_minor, order_t.c.pickup_point_id,
    )
    .join(order_t, order_t.c.id == line_t.c.order_id)
    .where(wishes_something)
    .order_by(line_t.c.id)
)  # fmt: skip
_RAISES = select(raise_t.c.line_id, raise_t.c.units, raise_t.c.at, raise_t.c.id)
_RAISES_OF = _RAISES.join(line_t, line_t.c.id == raise_t.c.line_id)
_LINES_OF_ORDER = select(line_t.c.id, line_t.c.offer_id).where(line_t.c.order_id == bindparam("order"))


def read_lines_apart(
    work: Work, apart: Mapping[int, Apart], order_id: int | None = None
) -> tuple[defaultdict[int, list[WishedLine]], dict[int, int | None]]:
    """The lines to tell apart by offer, those of one order among them, and the pickup points of orders by order."""
    whole = [offer_id for offer_id, one in apart.items() if one.everybody]
    some = _holding_newest(work, {offer_id: one.newest for offer_id, one in apart.items() if one.newest})
    some |= _holding_oldest(work, {id_: one.oldest_tolerance for id_, one in apart.items() if one.oldest_tolerance})
    if order_id is not None:
        some |= {row.id for row in work.session.execute(_LINES_OF_ORDER, {"order": order_id})
                 if not apart[row.offer_id].everybody}  # fmt: skip
    rows = [*_rows(work, _LINES, line_t.c.offer_id, whole), *_rows(work, _LINES, line_t.c.id, sorted(some))]
    raises = _raises(_rows(work, _RAISES_OF, line_t.c.offer_id, whole))
    raises |= _raises(_rows(work, _RAISES, raise_t.c.line_id, sorted(some)))
    lines: defaultdict[int, list[WishedLine]] = defaultdict(list)
    for row in rows:
        wish = LineWish(row.id, tuple(raises[row.id]), row.tolerance, row.tolerance_at)
        lines[row.offer_id].append(WishedLine(wish, row.order_id, row.price_minor))
    return lines, {row.order_id: row.pickup_point_id for row in rows}


def _rows(work: Work, statement: Any, column: Any, ids: Sequence[int]) -> Sequence[Any]:
    return work.session.execute(statement.where(work.among(column, ids))).all() if ids else ()


def _raises(rows: Iterable[Any]) -> Raises:
    raises: Raises = defaultdict(list)
    for line_id, units, at, seq in rows:
        raises[line_id].append(RaiseValue(units, at, seq))
    return raises


def _holding_newest(work: Work, wanted: dict[int, int]) -> set[int]:
    """Lines that hold the newest units of each offer, so many of them.

    No raise is newer than its line's last change: raises after the last change of every line that was not read are
    the newest. Where those are too few, more lines are read.
    """
    holding: set[int] = set()
    spare = SPARE_LINES
    while wanted:
        changed = _changed_last(work, {offer_id: units + spare for offer_id, units in wanted.items()})
        tried = [line_id for lines in changed.values() for line_id, _ in lines]
        holding.update(tried)
        raises = _raises(_rows(work, _RAISES, raise_t.c.line_id, tried))
        wanted = {
            offer_id: units
            for offer_id, units in wanted.items()
            if len(changed[offer_id]) == units + spare and _units_after_last(changed[offer_id], raises) < units
        }
        spare *= 8
    return holding


def _changed_last(work: Work, most: Mapping[int, int]) -> dict[int, list[tuple[int, datetime]]]:
    """The lines of each offer that were changed last, so many of them, with the moment."""
    if work.embedded:  # SQLite knows no LATERAL, and a query of its own for each offer costs it nothing
        return {
            offer_id: [
                (row.id, row.changed_at)
                for row in work.session.execute(_CHANGED_LAST, {"offer": offer_id, "most": some})
            ]
            for offer_id, some in most.items()
        }
    changed: defaultdict[int, list[tuple[int, datetime]]] = defaultdict(list)
    wanted = work.given({"offer_id": Integer, "most": Integer}, [[*one] for one in most.items()])
    last = (
        select(line_t.c.id, line_t.c.changed_at)
        .where(line_t.c.offer_id == wanted.c.offer_id)
        .order_by(line_t.c.changed_at.desc())
        .limit(wanted.c.most)
        .lateral()
    )
    for offer_id, line_id, changed_at in work.session.execute(
        select(wanted.c.offer_id, last.c.id, last.c.changed_at)
        .join_from(wanted, last, true())
        .order_by(last.c.changed_at.desc())
    ):
        changed[offer_id].append((line_id, changed_at))
    return changed


def _units_after_last(changed: Sequence[tuple[int, datetime]], raises: Raises) -> int:
    last = changed[-1][1]
    return sum(one.units for line_id, _ in changed for one in raises[line_id] if one.at > last)


def _holding_oldest(work: Work, wanted: dict[int, int]) -> set[int]:
    """Lines that hold the oldest units of tolerance of each offer, so many of them."""
    tolerances: defaultdict[int, list[tuple[int, int, datetime | None]]] = defaultdict(list)
    for offer_id, line_id, tolerance, at in _rows(work, _TOLERANCES, line_t.c.offer_id, list(wanted)):
        tolerances[offer_id].append((line_id, tolerance, at))
    return {line_id for offer_id, units in wanted.items() for line_id in holding_oldest(units, tolerances[offer_id])}
