"""The journal: who did what, when."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import FACTS, Facts, UtcMoment


class JournalEntry(SQLModel, table=True):
    """One change of state."""

    __tablename__ = "journal"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcMoment)
    what: str
    """A code such as `round_closed`."""
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """Who did it; None for the clock."""
    round_id: int | None = Field(default=None, foreign_key="round.id", index=True)
    facts: Facts = Field(default_factory=dict, sa_type=FACTS)
