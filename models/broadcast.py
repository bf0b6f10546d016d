"""A broadcast: what goes to all members of an enterprise about one round, where they are many."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import UtcMoment, telegram_id_type


class Broadcast(SQLModel, table=True):
    """Its messages are notices that bear its id; how far it is, is counted from them.

    The phases are those of `rules.broadcast_phases`.
    """

    __table_args__ = (
        CheckConstraint("phase IN ('running', 'paused', 'stopped', 'done')", name="phase"),
        Index("ix_broadcast_report", "next_report_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    enterprise_id: int = Field(foreign_key="enterprise.id")
    person_id: int = Field(foreign_key="person.id")
    """The coordinator who sees how far it is."""
    total: int = 0
    """How many members are to be told."""
    phase: str = "running"
    message_id: int | None = Field(default=None, sa_type=telegram_id_type())
    """The message in that coordinator's chat that is edited while it runs."""
    next_report_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When that message is looked after next; None while nothing more can change by itself."""
    reported: int | None = None
    """How many were no longer waiting when that message was last made fresh; None: it must be, whatever it says."""
    measured_from: int = 0
    """How many were no longer waiting at `measured_since`: from there on its speed is measured."""
    measured_since: datetime = Field(sa_type=UtcMoment)
    created_at: datetime = Field(sa_type=UtcMoment)
