"""The consolidated order to one supplier for one round."""

from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import UtcMoment, telegram_id_type

HOUSE: Final = "house"
Place = int | Literal["house"] | None
"""For whom units are: a pickup point, the house, or members who have chosen no point."""


class PurchaseOrder(SQLModel, table=True):
    """One supplier's order of one round, numbered; the phases are those of `rules.phases`."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        UniqueConstraint("round_id", "supplier_id"),
        UniqueConstraint("number"),
        CheckConstraint("phase IN ('sending', 'sent', 'accepted', 'shipped', 'received', 'declined')", name="phase"),
        Index(
            "ix_purchase_order_reminds_at",
            "reminds_at",
            sqlite_where=text("reminds_at IS NOT NULL"),
            postgresql_where=text("reminds_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    supplier_id: int = Field(foreign_key="supplier.id", index=True)
    number: str
    phase: str = "sending"
    revision: int = 1
    accepted_revision: int = 0
    """The newest revision that the supplier has accepted and that orders something; 0 for none."""
    known_revision: int = 0
    """What the newest revision marks its differences to: what the supplier has accepted, or else the one that reached
    them before it; 0 for nothing."""
    value_minor: int = Field(sa_type=BigInteger)
    freight_minor: int = 0
    house_minor: int = Field(default=0, sa_type=BigInteger)
    """What of value and freight the enterprise bears itself."""
    first_owed_minor: int | None = Field(default=None, sa_type=BigInteger)
    """Value and freight as the closing left them; None for an order that was added later."""
    delivers_on: date | None = None
    """The supplier's own delivery date where it differs from the round's."""
    delivered_revision: int = 0
    """The newest revision whose message has reached the supplier; 0 for none."""
    delivered_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    delivered_to: int | None = Field(default=None, foreign_key="person.id")
    message_id: int | None = Field(default=None, sa_type=telegram_id_type())
    """Of that message, in the chat with that person, so that it can be pointed at."""
    reminds_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When the supplier is reminded, or, once they were, when the coordinators are told; None for neither."""
    reminded_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When the supplier was reminded of the newest revision."""
    given_up_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When the coordinators were told that it is not answered."""
    created_at: datetime = Field(sa_type=UtcMoment)
    sent_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    answered_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    answered_by: int | None = Field(default=None, foreign_key="supplier_contact.id")
    decline_reason: str = ""


class PurchaseOrderLine(SQLModel, table=True):
    """Units of an offer in one revision: for one pickup point, for members without one, or for the house.

    Offers and pickup points that were ordered from are never deleted: no constraint checks each of them again.
    """

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        UniqueConstraint(
            "purchase_order_id",
            "revision",
            "offer_id",
            "pickup_point_id",
            name="uq_purchase_order_line_revision_offer_point",
        ),
        CheckConstraint("units > 0", name="units"),
    )

    id: int | None = Field(default=None, primary_key=True)
    purchase_order_id: int = Field(foreign_key="purchase_order.id", index=True)
    revision: int = 1
    offer_id: int
    pickup_point_id: int | None = None
    house: bool = False
    """The enterprise takes these units at its own cost; then there is no pickup point."""
    units: int
    price_minor: int

    @property
    def place(self) -> Place:
        """For whom they are."""
        return HOUSE if self.house else self.pickup_point_id
