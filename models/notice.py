"""The outbox: messages owed to chats, and the cards members hold."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import FACTS, Facts, UtcMoment, telegram_id_type


class Notice(SQLModel, table=True):
    """One message owed to one chat, until Telegram has said that it was delivered.

    Persons and enterprises are never deleted, and a closing owes thousands of messages: no constraint checks each one.
    """

    __table_args__ = (
        CheckConstraint("state IN ('due', 'sent', 'failed', 'withdrawn', 'paused')", name="state"),
        Index("ix_notice_due", "state", "lane", "due_at", "id"),
        Index(
            "ix_notice_failed",
            "person_id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index(
            "ix_notice_broadcast",
            "broadcast_id",
            "state",
            sqlite_where=text("broadcast_id IS NOT NULL"),
            postgresql_where=text("broadcast_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """Says what it is about, so that the same thing is never told twice."""
    lane: int
    kind: str
    facts: Facts = Field(default_factory=dict, sa_type=FACTS)
    enterprise_id: int | None = None
    person_id: int | None = None
    """Whom it is for; None for a group chat."""
    chat_id: int = Field(sa_type=telegram_id_type())
    broadcast_id: int | None = None
    """The broadcast that it is part of: it is paused and stopped with it."""
    must_arrive: bool = True
    """Whether an ambiguous failure is retried: a repeat is better than a loss."""
    state: str = "due"
    due_at: datetime = Field(sa_type=UtcMoment)
    leased_until: datetime | None = Field(default=None, sa_type=UtcMoment)
    attempts: int = 0
    error: str = ""
    message_id: int | None = Field(default=None, sa_type=telegram_id_type())
    created_at: datetime = Field(sa_type=UtcMoment)
    sent_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class Card(SQLModel, table=True):
    """The newest card of a round in a member's chat, so that it can be refreshed."""

    __table_args__ = (Index("ix_card_version", "round_id", "shown_version"),)

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    member_id: int = Field(foreign_key="member.id", primary_key=True)
    chat_id: int = Field(sa_type=telegram_id_type())
    message_id: int = Field(sa_type=telegram_id_type())
    shown_version: int = 0
    """Which of its round's versions it shows, or will show by an edit that is on its way; -1 for none."""
