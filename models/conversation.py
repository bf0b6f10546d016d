"""Where conversations stand, and what has been answered so far."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import FACTS, Facts, UtcMoment


class ConversationState(SQLModel, table=True):
    """The question that a conversation waits on in one chat."""

    __tablename__ = "conversation_state"

    name: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    """JSON of the chat and person ids."""
    state: str
    """JSON of the state."""


class Draft(SQLModel, table=True):
    """The answers one person has given in a conversation that is not finished."""

    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str
    facts: Facts = Field(default_factory=dict, sa_type=FACTS)
    changed_at: datetime = Field(sa_type=UtcMoment)
