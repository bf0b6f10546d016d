"""Cards that members hold are made fresh after a change: each is owed one edit once there is room for it.

A round counts its changes, so marking ten thousand cards costs nothing, and a card that is behind by several changes
is edited once. After an outage presses are lost while cards still show their buttons: then all open cards are made
fresh.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import col, or_, select, update

from models import Card, Member, Notice, Person, Round
from services.work import Lane, Work, keyed

LATELY = timedelta(days=2)
"""How long a round that is over still has cards made fresh."""

card_t: Any = Card.__table__  # type: ignore[attr-defined]
_KEY = keyed("card:", card_t.c.round_id).concat(keyed(":", card_t.c.member_id))
_OLDEST = select(func.min(Card.shown_version)).where(Card.round_id == Round.id).scalar_subquery()
_BEHIND = select(Round.id, Round.cards_version).where(Round.cards_version > _OLDEST).order_by(col(Round.id))
"""Rounds with stale cards: one look into the index for each, where a join would read the card of every member."""
_STALE = (
    select(Card, Member, Person)
    .join(Member, col(Member.id) == Card.member_id)
    .join(Person, col(Person.id) == Member.person_id)
    .where(Card.round_id == bindparam("round"), Card.shown_version < bindparam("version"))
    .where(~select(Notice.id).where(Notice.key == _KEY, Notice.state == "due").exists())
    .order_by(col(Card.shown_version))
    .limit(bindparam("most"))
    .with_for_update(of=Card, skip_locked=True)
)


def remember_card(work: Work, round_id: int, member_id: int, chat_id: int, message_id: int, version: int) -> None:
    """This message is the member's newest card of the round; `version` is what it shows at least."""
    key = {"round_id": round_id, "member_id": member_id}
    row = key | {"chat_id": chat_id, "message_id": message_id, "shown_version": version}
    work.execute(_REMEMBER_EMBEDDED if work.embedded else _REMEMBER, row)


def _newest(insert: Any) -> Any:
    """Writes a card, or makes the one that the member has of the round this one."""
    statement = insert(card_t)
    kept = {name: statement.excluded[name] for name in ("chat_id", "message_id", "shown_version")}
    return statement.on_conflict_do_update(index_elements=["round_id", "member_id"], set_=kept)


_REMEMBER_EMBEDDED, _REMEMBER = _newest(insert_sqlite), _newest(insert_postgresql)


def refresh_cards(work: Work, found: Round) -> None:
    """Every member's card of a round, which the caller has locked, is to show how things stand now."""
    found.cards_version += 1
    work.changed = True


def refresh_card(work: Work, round_id: int, member_id: int) -> None:
    """The same for one member."""
    theirs = update(Card).where(col(Card.round_id) == round_id, col(Card.member_id) == member_id)
    if work.session.exec(theirs.values(shown_version=-1)).rowcount:
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
    left = limit
    for round_id, version in work.session.exec(_BEHIND.where(rounds)).all():
        rows = work.session.exec(_STALE, params={"round": round_id, "version": version, "most": left}).all()
        for card, member, person in rows:
            card.shown_version = version
            _owe(work, card, member, person)
        left -= len(rows)
        if not left:
            break
    work.session.flush()
    return left < limit


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
