"""When a round of a series opens, its standing orders are placed first, oldest first, like taps.

This happens in the transaction that opens the round, so each is placed exactly once whatever crashes: either the round
is open with all of them, or it is not open. What cannot be had in full is capped; the member is told what was placed
and what has changed. Whoever has left, or skips this time, gets nothing; a skip counts once.

All lines are read together, decided one after the other with the rules of a tap, and written together: a member who
taps meanwhile waits for no more than that.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, select, update

from models import Member, Offer, Person, Round, StandingLine, StandingOrder
from services.place_order import Wanted, place_most
from services.series import series_of_round
from services.work import Lane, Work

order_t, line_t, offer_t = StandingOrder.__table__, StandingLine.__table__, Offer.__table__  # type: ignore[attr-defined]
member_t, person_t = Member.__table__, Person.__table__  # type: ignore[attr-defined]


def place_standing_orders(work: Work, found: Round) -> None:
    """Place what members order every time in a round that has just been opened."""
    series = series_of_round(work, found.id or 0)
    lines = _due(work, series.id or 0) if series is not None else ()
    if not lines:
        return
    skippers = {line["order_id"] for line in lines if line["skips_next"]}
    told = _place(work, found, [line for line in lines if line["units"] and not line["skips_next"]])
    work.notify_all(told, "standing_placed", Lane.BROADCAST, enterprise_id=found.enterprise_id)
    if skippers:
        work.execute(update(order_t).where(work.among(order_t.c.id, skippers)).values(skips_next=False))


def _due(work: Work, series_id: int) -> Sequence[RowMapping]:
    """The lines of the standing orders of a series, the oldest order first, each with its member and person. An order
    without lines is one row without units."""
    lines: Sequence[RowMapping] = work.execute(
        select(
            order_t.c.id.label("order_id"), order_t.c.series_id, order_t.c.member_id, order_t.c.skips_next,
            member_t.c.person_id, person_t.c.telegram_id, line_t.c.product_id, line_t.c.units, line_t.c.agreed_minor,
        )
        .join(member_t, member_t.c.id == order_t.c.member_id)
        .join(person_t, person_t.c.id == member_t.c.person_id)
        .outerjoin(line_t, line_t.c.standing_order_id == order_t.c.id)
        .where(order_t.c.series_id == series_id, member_t.c.left_at.is_(None))
        .order_by(order_t.c.created_at, order_t.c.id, line_t.c.id)
    ).mappings().all()  # fmt: skip
    return lines


def _place(work: Work, found: Round, lines: Sequence[RowMapping]) -> list[tuple[str, int, int, dict[str, Any]]]:
    """Place lines, each capped to what can be had; what came of them, as messages to their members."""
    of_round = work.execute(select(offer_t).where(offer_t.c.round_id == found.id)).mappings()
    offers = {offer["product_id"]: offer for offer in of_round}
    offered = [line for line in lines if line["product_id"] in offers]
    placed = place_most(work, [
        Wanted(offers[one["product_id"]]["id"], one["person_id"], one["units"], None, work.actor, work.update_id)
        for one in offered
    ])  # fmt: skip
    had = dict(zip(((one["order_id"], one["product_id"]) for one in offered), placed, strict=True))
    facts: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in lines:
        key = one["order_id"], one["product_id"]
        facts[one["order_id"]].append(_facts(one, offers.get(one["product_id"]), had.get(key)))
    whose = {one["order_id"]: one for one in lines}
    return [_message(found, one, facts[order_id]) for order_id, one in whose.items()]


def _facts(line: RowMapping, offer: RowMapping | None, had: tuple[int, str] | None) -> dict[str, Any]:
    """What came of one line."""
    facts = {"product_id": line["product_id"], "wished": line["units"], "agreed": line["agreed_minor"]}
    if offer is None:
        return {**facts, "units": 0, "why": "not_offered"}
    assert had is not None, "what is offered was placed"
    return {**facts, "offer_id": offer["id"], "units": had[0], "price": offer["price_minor"], "why": had[1]}


def _message(found: Round, line: RowMapping, lines: list[dict[str, Any]]) -> tuple[str, int, int, dict[str, Any]]:
    member_id = line["member_id"]
    facts = {"round_id": found.id, "member_id": member_id, "series_id": line["series_id"], "lines": lines}
    return f"standing_placed:{found.id}:{member_id}", line["person_id"], line["telegram_id"], facts
