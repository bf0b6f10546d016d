"""A round, one group purchase, and what it offers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import FACTS, Tiers, UtcMoment, telegram_id_type


class Round(SQLModel, table=True):
    """One group purchase of an enterprise. The phases are those of `rules.phases`."""

    __table_args__ = (
        UniqueConstraint("enterprise_id", "number"),
        CheckConstraint("phase IN ('draft', 'open', 'closed', 'settled', 'cancelled')", name="phase"),
        CheckConstraint("minimum_policy IN ('cancel', 'extend', 'hold')", name="minimum_policy"),
        CheckConstraint("phase NOT IN ('open', 'closed', 'settled') OR closes_at IS NOT NULL", name="closes"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="window"),
        Index("ix_round_close_due", "phase", "closes_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    number: int
    """Counts the rounds of one enterprise from 1."""
    title: str = ""
    phase: str = "draft"
    minimum_policy: str = "cancel"
    extension_hours: int = 24
    """How much longer it stays open, once, where a minimum is missed and the policy is `extend`."""
    extended_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    completion_hours: int = 0
    """How long after the close the missing units alone can still be ordered; 0 for no such phase."""
    completing_since: datetime | None = Field(default=None, sa_type=UtcMoment)
    held_until: datetime | None = Field(default=None, sa_type=UtcMoment)
    """Closed with a missed minimum and policy `hold`: nothing is sent before a coordinator answers, or this moment."""
    opens_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When it opens; while a draft, None means at once on publishing."""
    closes_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    reminds_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    delivers_on: date | None = None
    scheduled_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When a coordinator approved a draft to open by itself at `opens_at`."""
    coordinator_id: int = Field(foreign_key="member.id")
    opened_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    closed_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    cards_version: int = 0
    """Counts the changes that every member's card is to show; cards that show less are edited when there is room."""
    closings: int = 0
    """How often it has closed: a round that was reopened closes once more, and everybody hears of it again."""
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    retry_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """After a failed attempt to open or close: not before this moment again."""
    group_message_id: int | None = Field(default=None, sa_type=telegram_id_type())
    """The progress message in the enterprise's linked group."""


class RoundPickupPoint(SQLModel, table=True):
    """A pickup point that a round delivers to."""

    __tablename__ = "round_pickup_point"

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    pickup_point_id: int = Field(foreign_key="pickup_point.id", primary_key=True)


class RoundSupplier(SQLModel, table=True):
    """A supplier's terms frozen for a round."""

    __tablename__ = "round_supplier"
    __table_args__ = (
        CheckConstraint("minimum_value_minor >= 0", name="minimum_value"),
        CheckConstraint("freight_minor >= 0", name="freight"),
        CheckConstraint("freight_split IN ('units', 'value', 'equally')", name="freight_split"),
    )

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    supplier_id: int = Field(foreign_key="supplier.id", primary_key=True)
    minimum_value_minor: int = 0
    freight_minor: int = 0
    freight_split: str = "value"
    minimum_waived: bool = False
    """The supplier delivers although the minimum is missed."""


class Offer(SQLModel, table=True):
    """A product in a round with everything that could change later frozen."""

    __table_args__ = (
        UniqueConstraint("round_id", "product_id"),
        CheckConstraint("case_size >= 1", name="case_size"),
        CheckConstraint("price_minor > 0", name="price"),
        CheckConstraint("minimum_units >= 0", name="minimum_units"),
        CheckConstraint("stock_units IS NULL OR stock_units >= 0", name="stock_units"),
        CheckConstraint("member_cap IS NULL OR member_cap >= 1", name="member_cap"),
        CheckConstraint("case_policy IN ('drop', 'house')", name="case_policy"),
        CheckConstraint("strategy IN ('oldest', 'fair')", name="strategy"),
        CheckConstraint("supplied_units IS NULL OR supplied_units >= 0", name="supplied_units"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    product_id: int = Field(foreign_key="product.id")
    supplier_id: int = Field(foreign_key="supplier.id")
    position: int
    """From 1, as numbered on the card and in chain sign-ups."""
    name_zh: str = ""
    name_en: str = ""
    county_zh: str = ""
    county_en: str = ""
    specification_zh: str = ""
    specification_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    story_zh: str = ""
    story_en: str = ""
    aliases: str = ""
    photo_id: int | None = Field(default=None, foreign_key="photo.id")
    price_minor: int
    minimum_units: int = 0
    case_size: int = 1
    case_policy: str = "drop"
    strategy: str = "oldest"
    stock_units: int | None = None
    member_cap: int | None = None
    tiers: Tiers = Field(default_factory=list, sa_type=FACTS)
    minimum_waived: bool = False
    supplied_units: int | None = None
    """The most that the supplier will deliver of it, where that is less than was ordered."""
    supplied_before: int | None = None
    """What that was when the supplier declined the whole order: it counts again when they are asked again."""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """It can no longer be had: nothing is added to it."""
