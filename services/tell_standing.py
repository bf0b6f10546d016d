"""Who orders every time in a series hears that it is paused, goes on or has ended; whoever did it is left out."""

from sqlalchemy import exists, select

from models import Member, Person, Series, StandingLine, StandingOrder
from services.work import Lane, Work, keyed

member_t, person_t = Member.__table__, Person.__table__  # type: ignore[attr-defined]
standing_t, line_t = StandingOrder.__table__, StandingLine.__table__  # type: ignore[attr-defined]


def tell_standing(work: Work, series: Series) -> None:
    """Owe one notice to each member whose standing order places anything and whom messages reach."""
    people = (
        select(person_t.c.id.label("person_id"), person_t.c.telegram_id.label("chat_id"))
        .join(member_t, member_t.c.person_id == person_t.c.id)
        .join(standing_t, standing_t.c.member_id == member_t.c.id)
        .where(
            standing_t.c.series_id == series.id,
            exists().where(line_t.c.standing_order_id == standing_t.c.id),
            member_t.c.left_at.is_(None),
            person_t.c.unreachable_since.is_(None),
            person_t.c.id != work.someone.person_id,
        )
        .order_by(member_t.c.id)
    )
    work.notify_each(
        people, "standing_series", Lane.BROADCAST,
        key=keyed(f"standing_series:{series.id}:", member_t.c.id, f":{series.phase}:{work.now.timestamp():.6f}"),
        enterprise_id=series.enterprise_id, must_arrive=False, series_id=series.id, member_id=member_t.c.id,
        phase=series.phase,
    )  # fmt: skip
