"""Places standing orders one by one as their members would by tapping: what placing them together is compared with."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from models import Member, Offer, Person, Round, StandingLine, StandingOrder
from rules.refusal import Refusal
from services.place_order import Wanted, place_all
from services.series import series_of_round
from services.work import Lane, Work


def place_one_by_one(work: Work, found: Round) -> None:
    """The oldest standing order first; of each line as many units as `place_order` lets pass."""
    series = series_of_round(work, found.id or 0)
    if series is None:
        return
    for order, person in _due(work, series.id or 0):
        if order.skips_next:
            order.skips_next = False
            continue
        lines = [_place(work, found, line, person) for line in _lines(work, order)]
        if lines:
            work.notify(
                f"standing_placed:{found.id}:{order.member_id}", "standing_placed", Lane.BROADCAST, person=person,
                enterprise_id=found.enterprise_id, round_id=found.id, member_id=order.member_id,
                series_id=order.series_id, lines=lines,
            )  # fmt: skip


def _due(work: Work, series_id: int) -> Sequence[tuple[StandingOrder, Person]]:
    return work.session.exec(
        select(StandingOrder, Person)
        .join(Member, col(Member.id) == StandingOrder.member_id)
        .join(Person, col(Person.id) == Member.person_id)
        .where(StandingOrder.series_id == series_id, col(Member.left_at).is_(None))
        .order_by(col(StandingOrder.created_at), col(StandingOrder.id))
    ).all()


def _lines(work: Work, order: StandingOrder) -> Sequence[StandingLine]:
    of_order = select(StandingLine).where(StandingLine.standing_order_id == order.id)
    return work.session.exec(of_order.order_by(col(StandingLine.id))).all()


def _place(work: Work, found: Round, line: StandingLine, person: Person) -> dict[str, Any]:
    which = select(Offer).where(Offer.round_id == found.id, Offer.product_id == line.product_id)
    offer = work.session.exec(which).first()
    facts: dict[str, Any] = {"product_id": line.product_id, "wished": line.units, "agreed": line.agreed_minor}
    if offer is None:
        return {**facts, "units": 0, "why": "not_offered"}
    units, why = _most(work, offer.id or 0, person.id or 0, line.units)
    return {**facts, "offer_id": offer.id, "units": units, "price": offer.price_minor, "why": why}


def _most(work: Work, offer_id: int, person_id: int, wished: int) -> tuple[int, str]:
    """One unit less after each refusal."""
    why = ""
    for units in range(wished, 0, -1):
        (placed,) = place_all(work, [Wanted(offer_id, person_id, units, None, work.actor, work.update_id)])
        if not isinstance(placed, Refusal):
            return units, why
        why = placed.code
    return 0, why
