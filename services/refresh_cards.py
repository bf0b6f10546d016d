"""Cards that members hold are made fresh after a change: each is owed one edit once there is room for it.

A round counts its changes, so marking ten thousand cards costs nothing, and a card that is behind by several changes
is edited once. After an outage presses are lost while cards still show their buttons: then all open cards are made
fresh.
"""

from datetime import timedelta
from typing import Any

from sqlmodel import col, or_, select, update

from models import Card, Member, Notice, Person, Round
from services.work import Lane, Work, keyed

LATELY = timedelta(days=2)
"""How long a round that is over still has cards made fresh."""

card_t: Any = Card.__table__  # type: ignore[attr-defined]
_KEY = keyed("card:", card_t.c.round_id).concat(keyed(":", card_t.c.member_id))
_STALE = (
    select(Card, Member, Person, Round.cards_version)
    .join(Round, col(Round.id) == Card.round_id)
    .join(Member, col(Member.id) == Card.member_id)
    .join(Person, col(Person.id) == Member.person_id)
    .where(Card.shown_version < Round.cards_version)
    .where(~select(Notice.id).where(Notice.key == _KEY, Notice.state == "due").exists())
    .order_by(col(Card.round_id), col(Card.member_id))
    .with_for_update(of=Card, skip_locked=True)
)


def remember_card(work: Work, round_id: int, member_id: int, chat_id: int, message_id: int, version: int) -> None:
    """This message is the member's newest card of the round; `version` is what it shows at least."""
    card = work.session.get(Card, (round_id, member_id)) or Card(
        round_id=round_id, member_id=member_id, chat_id=chat_id, message_id=message_id
    )
    card.chat_id, card.message_id, card.shown_version = chat_id, message_id, version
    work.session.add(card)


def refresh_cards(work: Work, found: Round) -> None:
    """Every member's card of a round, which the caller has locked, is to show how things stand now."""
    found.cards_version += 1
    work.changed = True


def refresh_card(work: Work, found: Round, member_id: int) -> None:
    """The same for one member."""
    card = work.session.get(Card, (found.id, member_id))
    if card is not None:
        card.shown_version = -1
        work.changed = True


def refresh_open_cards(work: Work) -> None:
    """The cards of every open round are to be made fresh."""
    work.session.exec(update(Round).where(col(Round.phase) == "open").values(cards_version=Round.cards_version + 1))
    work.changed = True


def owe_stale_cards(work: Work, limit: int) -> bool:
    """Owe so many stale cards their edit; whether there were any.

    One that has an edit on its way stays stale until that is done: it may show what was true before.
    """
    lately = work.now - LATELY
    rounds = or_(Round.phase == "open", col(Round.closed_at) > lately, col(Round.cancelled_at) > lately)
    rows = work.session.exec(_STALE.where(rounds).limit(limit)).all()
    for card, member, person, version in rows:
        card.shown_version = version
        _owe(work, card, member, person)
    work.session.flush()
    return bool(rows)


def _owe(work: Work, card: Card, member: Member, person: Person) -> None:
    """Each card has one notice, which is owed again and again."""
    key = f"card:{card.round_id}:{card.member_id}"
    facts: dict[str, Any] = {"round_id": card.round_id, "member_id": card.member_id, "edits": card.message_id}
    owed = work.session.exec(select(Notice).where(Notice.key == key)).first()
    if owed is None:
        work.notify(
            key,
            "card_refresh",
            Lane.EDIT,
            person=person,
            enterprise_id=member.enterprise_id,
            must_arrive=False,
            **facts,
        )
    else:
        owed.state, owed.due_at, owed.leased_until, owed.attempts, owed.facts = "due", work.now, None, 0, facts
