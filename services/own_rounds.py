"""Which rounds there are for the actor to order in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Round
from services.work import Work


@dataclass(frozen=True, slots=True)
class RoundName:
    """What one of several rounds is called."""

    title: str
    number: int
    zone: str
    closes_at: datetime | None
    """Only where another one has the same title: it tells them apart."""


def tell_apart(rounds: Sequence[Round], zone: str) -> dict[int, RoundName]:
    """What these rounds are called, by id."""
    titles = Counter(one.title for one in rounds if one.title)
    return {
        one.id or 0: RoundName(one.title, one.number, zone, one.closes_at if titles[one.title] > 1 else None)
        for one in rounds
    }


def names_of_several(work: Work, round_ids: Sequence[int]) -> dict[int, RoundName]:
    """What these open rounds of the enterprise worn now are called, by id; empty for a single one: nobody asks."""
    rounds = [work.session.get_one(Round, round_id) for round_id in round_ids] if len(round_ids) > 1 else []
    return tell_apart(rounds, work.someone.zone)


def open_round_ids(work: Work) -> tuple[int, ...]:
    """The open rounds of the enterprise worn now, oldest first."""
    rows = work.session.exec(
        select(Round.id)
        .where(
            Round.enterprise_id == work.someone.enterprise_id, Round.phase == "open", col(Round.closes_at) > work.now
        )
        .order_by(col(Round.closes_at))
    )
    return tuple(row for row in rows if row is not None)


def next_opening(work: Work) -> datetime | None:
    """When the next scheduled round of the enterprise worn now opens."""
    return work.session.exec(
        select(Round.opens_at)
        .where(
            Round.enterprise_id == work.someone.enterprise_id,
            Round.phase == "draft",
            col(Round.scheduled_at).is_not(None),
        )
        .order_by(col(Round.opens_at))
    ).first()
