"""A change of an offer after members have ordered it, and what each of them says to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import FACTS, Facts, UtcMoment


class OfferChange(SQLModel, table=True):
    """A term of an offer as it was and as it is, its withdrawal (`gone`), or a substitute; decided for all at
    `decides_at`."""

    __tablename__ = "offer_change"
    __table_args__ = (
        CheckConstraint("kind IN ('price', 'case', 'minimum', 'stock', 'gone', 'substitute')", name="kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", index=True)
    kind: str
    facts: Facts = Field(default_factory=dict, sa_type=FACTS)
    created_at: datetime = Field(sa_type=UtcMoment)
    decides_at: datetime = Field(sa_type=UtcMoment)
    decided_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class Consent(SQLModel, table=True):
    """What one line's member says to a change; whoever does not answer in time has dropped it.

    `replaced`: the line is asked by a newer question of the same kind, which counts instead.
    """

    __table_args__ = (
        UniqueConstraint("change_id", "line_id"),
        CheckConstraint("answer IN ('', 'keep', 'drop', 'replaced')", name="answer"),
    )

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="offer_change.id", index=True)
    line_id: int = Field(foreign_key="order_line.id", index=True)
    agreed: int = 0
    """The term that the line had agreed to before; for stock, the units that it wished."""
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcMoment)
