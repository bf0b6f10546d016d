"""Linking a group chat, where offers are announced; one for each enterprise."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, cast
from sqlmodel import col, func, select

from models import Enterprise, Offer, Order, OrderLine, Round
from services.access import acting_coordinator
from services.move_group import move_group
from services.tell_of_opening import tell_group
from services.work import Work


@dataclass(frozen=True, slots=True)
class GroupOffer:
    """What the group sees of a round."""

    round_id: int
    number: int
    title: str
    enterprise: str
    phase: str
    closes_at: datetime | None
    zone: str
    currency: str
    names: tuple[tuple[str, str, str, str, int], ...]
    """County and name in both languages, and the price."""
    people: int
    value: int


def link_group(work: Work, chat_id: int) -> str:
    """Announce the enterprise's rounds in this group from now on, and what is open of those that another one was told
    of; the enterprise's name."""
    _, enterprise = acting_coordinator(work)
    if enterprise.group_chat_id != chat_id:
        move_group(work, enterprise.id or 0, enterprise.group_chat_id, chat_id)
        work.journal("group_linked", enterprise_id=enterprise.id)
    return enterprise.name


def read_group_offer(work: Work, round_id: int) -> GroupOffer | None:
    """What a round's line in the group says."""
    found = work.session.get(Round, round_id)
    if found is None:
        return None
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    offers = work.session.exec(select(Offer).where(Offer.round_id == round_id).order_by(col(Offer.position)))
    people, value = work.session.exec(
        select(
            func.count(func.distinct(Order.member_id)),
            func.coalesce(func.sum(cast(OrderLine.firm, BigInteger) * OrderLine.price_minor), 0),
        )
        .join(OrderLine, col(OrderLine.order_id) == Order.id)
        .where(Order.round_id == round_id, OrderLine.firm > 0)
    ).one()
    return GroupOffer(
        round_id, found.number, found.title, enterprise.name, found.phase, found.closes_at, enterprise.zone,
        enterprise.currency, tuple((o.county_zh, o.county_en, o.name_zh, o.name_en, o.price_minor) for o in offers),
        int(people), int(value),
    )  # fmt: skip


def remember_group_message(work: Work, round_id: int, chat_id: int, message_id: int) -> None:
    """The message in the group that shows the progress; where another group is linked by now, it is owed there."""
    found = work.session.get_one(Round, round_id)
    if work.session.get_one(Enterprise, found.enterprise_id).group_chat_id == chat_id:
        found.group_message_id = message_id
    else:
        tell_group(work, found, f"{chat_id}:{message_id}")
