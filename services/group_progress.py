"""The live progress line in the enterprise's linked group, at most one edit every half minute."""

from datetime import timedelta

from sqlmodel import col, or_, select

from models import Enterprise, Notice, Round
from services.work import Lane, Work

DEBOUNCE = timedelta(seconds=30)


def touch_group_progress(work: Work, round_id: int) -> None:
    """Something was ordered: owe the group one fresh progress line, unless one of the round is owed already.

    One that is on its way may have been read before, and does not count.
    """
    found = work.session.exec(
        select(Round.group_message_id, Enterprise.group_chat_id, Enterprise.id)
        .join(Enterprise, col(Enterprise.id) == Round.enterprise_id)
        .where(Round.id == round_id, col(Round.group_message_id).is_not(None))
    ).first()
    if found is None or found[1] is None:
        return
    message_id, chat_id, enterprise_id = found
    owed = work.session.exec(
        select(Notice.id)
        .where(Notice.state == "due", Notice.lane == Lane.EDIT)  # the index: a broadcast's ten thousand are not read
        .where(Notice.chat_id == chat_id, col(Notice.key).startswith(f"group_progress:{round_id}:", autoescape=True))
        .where(or_(col(Notice.leased_until).is_(None), col(Notice.leased_until) <= work.now))
    ).first()
    if owed is None:
        work.notify(
            f"group_progress:{round_id}:{work.now.timestamp():.0f}", "group_progress", Lane.EDIT,
            chat_id=chat_id, enterprise_id=enterprise_id, due_at=work.now + DEBOUNCE, must_arrive=False,
            round_id=round_id, edits=message_id,
        )  # fmt: skip
