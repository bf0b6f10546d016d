"""What one member wishes in one round."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import UtcMoment


class Order(SQLModel, table=True):
    """One member's order in one round; made of lines. `pickup_point_id` is where it is collected."""

    __tablename__ = "member_order"  # "order" is a word of SQL
    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    pickup_point_id: int | None = Field(default=None, foreign_key="pickup_point.id")
    placed_at: datetime = Field(sa_type=UtcMoment)
    first_charge_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What the closing said it costs, freight included, once that has changed; None while it still stands."""
    collector_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    """Its member has left: who collects it instead."""
    awaits_collector: bool = False
    """Its member has left, and no coordinator has decided yet what becomes of it."""


class OrderLine(SQLModel, table=True):
    """An offer and the wished quantity in units; `price_minor` is the most a unit will ever cost."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "offer_id"),
        CheckConstraint("firm >= 0", name="firm"),
        CheckConstraint("tolerance >= 0", name="tolerance"),
        Index("ix_order_line_wishes", "offer_id", "changed_at", "firm", "tolerance", "price_minor", "order_id"),
    )
    """The index holds all that the sums of an offer need, and finds the lines that were changed last."""

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="member_order.id")
    offer_id: int = Field(foreign_key="offer.id")
    firm: int
    tolerance: int = 0
    tolerance_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    price_minor: int
    changed_at: datetime = Field(sa_type=UtcMoment)
    """Never before any of its raises."""
    update_id: int | None = Field(default=None, sa_type=BigInteger)
    """The update that wished it so; None where nobody's press or text did."""


class Raise(SQLModel, table=True):
    """Units added to a line at one moment: "oldest first" is the order of these."""

    __tablename__ = "line_raise"
    __table_args__ = (CheckConstraint("units > 0", name="units"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="order_line.id", index=True)
    units: int
    at: datetime = Field(sa_type=UtcMoment)


class Allotment(SQLModel, table=True):
    """What a line really receives, with the reason where it differs from the wish, and what it costs.

    Lines are never deleted, and allotments are made from lines only: no constraint checks each of them again.
    """

    __table_args__ = (
        CheckConstraint("units >= 0", name="units"),
        CheckConstraint("charge_minor >= 0", name="charge"),
        CheckConstraint("freight_minor >= 0", name="freight"),
        Index("ix_allotment_manual", "line_id", sqlite_where=text("manual = 1"), postgresql_where=text("manual")),
    )

    line_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    units: int
    reason: str
    price_minor: int
    charge_minor: int = Field(sa_type=BigInteger)
    freight_minor: int = 0
    manual: bool = False
    given_units: int | None = None
    """What a coordinator gave by hand; `units` is less where the supplier delivers less, and comes back after that."""
