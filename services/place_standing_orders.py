"""When a round of a series opens, its standing orders are placed first, oldest first, like taps.

This happens in the transaction that opens the round, so each is placed exactly once whatever crashes: either the round
is open with all of them, or it is not open. What cannot be had in full is capped; the member is told what was placed
and what has changed. Whoever has left, or skips this time, gets nothing; a skip counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from models import Enterprise, Member, Offer, Person, Round, StandingLine, StandingOrder
from rules.refusal import Refusal
from services.place_order import place_for
from services.series import series_of_round
from services.work import Lane, Work

CAPPED = {"over_stock": "left", "over_member_cap": "cap", "quantity_too_large": "limit"}
"""Refusals that say how many can still be had, with the fact that says it."""


@dataclass(slots=True)
class _Placing:
    """The round's offers by product, and what one member may still spend in it."""

    offers: dict[int, Offer]
    limit: int | None
    spent: int = 0


def place_standing_orders(work: Work, found: Round) -> None:
    """Place what members order every time in a round that has just been opened."""
    series = series_of_round(work, found.id or 0)
    if series is None:
        return
    offers = work.session.exec(select(Offer).where(Offer.round_id == found.id)).all()
    by_product = {offer.product_id: offer for offer in offers}
    limit = work.session.get_one(Enterprise, found.enterprise_id).order_limit_minor
    for order, person in _due(work, series.id or 0):
        if order.skips_next:
            order.skips_next = False
            continue
        _place_all(work, found, order, person, _Placing(by_product, limit))


def _due(work: Work, series_id: int) -> Sequence[tuple[StandingOrder, Person]]:
    return work.session.exec(
        select(StandingOrder, Person)
        .join(Member, col(Member.id) == StandingOrder.member_id)
        .join(Person, col(Person.id) == Member.person_id)
        .where(StandingOrder.series_id == series_id, col(Member.left_at).is_(None))
        .order_by(col(StandingOrder.created_at), col(StandingOrder.id))
    ).all()


def _place_all(work: Work, found: Round, order: StandingOrder, person: Person, placing: _Placing) -> None:
    lines = work.session.exec(
        select(StandingLine).where(StandingLine.standing_order_id == order.id).order_by(col(StandingLine.id))
    ).all()
    placed = [_place(work, line, person.id or 0, placing) for line in lines]
    if placed:
        work.notify(
            f"standing_placed:{found.id}:{order.member_id}", "standing_placed", Lane.BROADCAST, person=person,
            enterprise_id=found.enterprise_id, round_id=found.id, member_id=order.member_id,
            series_id=order.series_id, lines=placed,
        )  # fmt: skip


def _place(work: Work, line: StandingLine, person_id: int, placing: _Placing) -> dict[str, Any]:
    """Place one line, capped to what can be had; what came of it, as facts of the notice."""
    offer = placing.offers.get(line.product_id)
    facts: dict[str, Any] = {"product_id": line.product_id, "wished": line.units, "agreed": line.agreed_minor}
    if offer is None:
        return {**facts, "units": 0, "why": "not_offered"}
    units, why = _most(work, line.units, person_id, offer, placing)
    placing.spent += units * offer.price_minor
    return {**facts, "offer_id": offer.id, "units": units, "price": offer.price_minor, "why": why}


def _most(work: Work, wished: int, person_id: int, offer: Offer, placing: _Placing) -> tuple[int, str]:
    """As many of the wished units as can be had, and what was in the way."""
    units, why = wished, ""
    while units > 0:
        try:
            place_for(work, offer.id or 0, person_id, units)
        except Refusal as no:
            why = no.code
            units = min(units - 1, _room(no, offer, placing))
        else:
            return units, why
    return 0, why


def _room(no: Refusal, offer: Offer, placing: _Placing) -> int:
    """How many units a refusal leaves; none where it is about something else."""
    if no.code == "over_value_limit" and placing.limit is not None:
        return (placing.limit - placing.spent) // offer.price_minor
    fact = CAPPED.get(no.code)
    return int(str(no.facts[fact])) if fact else 0
