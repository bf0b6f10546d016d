"""Rounds are announced in another chat from now on: the group has become a supergroup, or another one is linked.

What was said in the old chat cannot be edited any more, and its numbers are other messages in the new one. So what is
open is announced anew, once.
"""

from collections.abc import Collection

from sqlmodel import col, select, update

from models import Enterprise, Notice, Round
from services.group_progress import touch_group_progress
from services.tell_of_opening import tell_group
from services.work import Work


def move_group(
    work: Work, enterprise_id: int, old_chat_id: int | None, new_chat_id: int, owed: Collection[int] = ()
) -> None:
    """Announce in the new chat the rounds that are open, and those of which the old one was still owed a line.

    Who finds that the enterprise has left the old chat already changes nothing.
    """
    told = (
        select(Round)
        .where(Round.enterprise_id == enterprise_id, col(Round.group_message_id).is_not(None))
        .order_by(col(Round.id))
        .with_for_update(key_share=True)  # before the enterprise, as whoever leaves it does
    )
    rounds = work.session.exec(told).all()
    claim = update(Enterprise).where(
        col(Enterprise.id) == enterprise_id, col(Enterprise.group_chat_id).is_not_distinct_from(old_chat_id)
    )
    if not work.session.exec(claim.values(group_chat_id=new_chat_id)).rowcount:
        return
    for found in rounds:
        if found.phase == "open" or found.id in owed:
            tell_group(work, found, f"{old_chat_id}:{found.group_message_id}")
        found.group_message_id = None


def follow_group(work: Work, old_chat_id: int, new_chat_id: int) -> None:
    """A group has become a supergroup: it has another id from now on, also for what is on its way to it."""
    owed = _withdraw_lines(work, old_chat_id)
    linked = select(Enterprise.id).where(Enterprise.group_chat_id == old_chat_id).order_by(col(Enterprise.id))
    for enterprise_id in work.session.exec(linked).all():
        move_group(work, enterprise_id or 0, old_chat_id, new_chat_id, owed)
    work.session.exec(
        update(Notice)
        .where(col(Notice.chat_id) == old_chat_id, col(Notice.state) == "due")
        .values(chat_id=new_chat_id, leased_until=None)
    )
    for round_id in owed:  # of a round that another one has moved meanwhile
        touch_group_progress(work, round_id)


def _withdraw_lines(work: Work, chat_id: int) -> list[int]:
    """Take back what would edit messages of the old chat; of which rounds."""
    lines = select(Notice).where(
        Notice.chat_id == chat_id, Notice.state == "due", Notice.kind == "group_progress"
    ).order_by(col(Notice.id)).with_for_update()  # fmt: skip
    rows = work.session.exec(lines).all()
    for row in rows:
        row.state, row.leased_until = "withdrawn", None
    work.session.flush()
    return sorted({row.facts["round_id"] for row in rows})
