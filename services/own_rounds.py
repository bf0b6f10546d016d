"""Which rounds there are for the actor to order in."""

from datetime import datetime

from sqlmodel import col, select

from models import Round
from services.work import Work


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
