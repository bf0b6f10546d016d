"""A coordinator keeps an open round open longer, or cancels it; whoever is concerned is told."""

from datetime import datetime

from sqlmodel import col, func, select

from models import Member, Order, OrderLine, Person, Round
from rules.phases import RoundPhase, cancel_round
from rules.refusal import Refusal
from rules.times import parse_moment
from services.access import round_for_coordinator
from services.drafts import draft, drop_draft
from services.refresh_cards import refresh_cards
from services.reopen_round import open_again
from services.tell_closing import refresh_group
from services.tell_members import tell_members
from services.work import Lane, Work

DRAFT_KIND = "extend"
"""Remembers which round a typed closing time is for."""


def extend_round(work: Work, round_id: int, until: datetime) -> Round:
    """Keep an open round open until later. Refusals: wrong_phase, closes_in_past, not_later."""
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase != RoundPhase.OPEN:
        raise Refusal("wrong_phase", phase=found.phase, wanted="open")
    assert found.closes_at is not None
    if until == found.closes_at:
        return found
    if until < found.closes_at:
        raise Refusal("not_later", at=found.closes_at)
    if until <= work.now:
        raise Refusal("closes_in_past", at=until)
    found.closes_at = until
    work.session.flush()
    work.journal("round_extended", enterprise_id=found.enterprise_id, round_id=round_id, until=until.isoformat())
    tell_members(work, found, "round_extended", Lane.BROADCAST, f"{until.timestamp():.0f}")
    refresh_cards(work, found)
    refresh_group(work, found)
    return found


def typed_closing(work: Work, text: str) -> tuple[int, datetime]:
    """The round and the moment that a coordinator typed after asking to extend. Refusals of `parse_moment`."""
    row = draft(work, DRAFT_KIND)
    if row is None:
        raise Refusal("button_stale")
    round_id = int(row.facts["round_id"])
    round_for_coordinator(work, round_id)
    until = parse_moment(text, work.now, work.someone.zone, work.someone.locale)
    drop_draft(work, DRAFT_KIND)
    return round_id, until


def cancel(work: Work, round_id: int) -> Round:
    """Call off a draft, an open or a closed round; members who ordered are told.

    A closed round is opened again first, in the same transaction: suppliers who were told get a cancellation.
    Refusals: wrong_phase, accepted_already(number).
    """
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase == RoundPhase.CANCELLED:
        return found
    if found.phase == RoundPhase.CLOSED:
        open_again(work, found)
    was_open = found.phase == RoundPhase.OPEN
    found.phase = str(cancel_round(found.phase))
    found.cancelled_at = work.now
    work.session.flush()
    work.journal("round_cancelled", enterprise_id=found.enterprise_id, round_id=round_id)
    if was_open:
        for person, member_id in whose_orders(work, found):
            work.notify(
                f"round_cancelled:{found.id}:{member_id}", "round_cancelled", Lane.OUTCOME, person=person,
                enterprise_id=found.enterprise_id, round_id=found.id,
            )  # fmt: skip
        refresh_cards(work, found)
        refresh_group(work, found)
    return found


def whose_orders(work: Work, found: Round) -> list[tuple[Person, int]]:
    """Whose order something is wished in, and who is told about it: its member, or whoever collects it."""
    rows = work.session.exec(
        select(Person, Order.member_id)
        .join(Member, col(Member.person_id) == Person.id)
        .join(Order, func.coalesce(Order.collector_id, Order.member_id) == Member.id)
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .where(Order.round_id == found.id, OrderLine.firm > 0)
        .distinct()
        .order_by(col(Order.member_id))
    )
    return list(rows)
