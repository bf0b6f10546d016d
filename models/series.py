"""A series: the recurrence and the template from which rounds are made; and members' standing orders for it."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UtcMoment


class Series(SQLModel, table=True):
    """When rounds are made and with which settings. Days and minutes of the day are local to the enterprise."""

    __table_args__ = (
        CheckConstraint("phase IN ('draft', 'running', 'paused', 'ended')", name="phase"),
        CheckConstraint("kind IN ('weekly', 'monthly', 'monthly_weekday', 'chosen')", name="kind"),
        CheckConstraint("kind <> 'weekly' OR every_weeks BETWEEN 1 AND 8", name="every_weeks"),
        CheckConstraint("kind <> 'monthly' OR month_day BETWEEN 1 AND 31", name="month_day"),
        CheckConstraint("opens_minute BETWEEN 0 AND 1439", name="opens_minute"),
        CheckConstraint("closes_days * 1440 + closes_minute > opens_minute", name="window"),
        CheckConstraint("minimum_policy IN ('cancel', 'extend', 'hold')", name="minimum_policy"),
        Index("ix_series_due", "phase", "next_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    coordinator_id: int = Field(foreign_key="member.id")
    title: str = ""
    phase: str = "draft"
    kind: str = "weekly"
    starts_on: date
    every_weeks: int = 1
    month_day: int = 1
    month_place: int = 1
    """Which such weekday of the month; -1 for the last."""
    weekday: int = 0
    """Monday is 0."""
    days: list[str] = Field(default_factory=list, sa_type=JSON)
    """Chosen days, as ISO dates."""
    opens_minute: int
    closes_days: int
    closes_minute: int
    delivers_days: int | None = None
    reminder_minutes: int | None = None
    minimum_policy: str = "cancel"
    extension_hours: int = 24
    completion_hours: int = 0
    next_day: date | None = None
    """The regular day of the next round that has not been made, missed or skipped yet."""
    next_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    """When that round is to be made; None where there is no further one, or the series does not run."""
    retry_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    created_at: datetime = Field(sa_type=UtcMoment)


class SeriesOffer(SQLModel, table=True):
    """A product of the template with its terms; `price_minor` is what it cost in the newest round."""

    __tablename__ = "series_offer"
    __table_args__ = (UniqueConstraint("series_id", "product_id"),)

    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id", index=True)
    product_id: int = Field(foreign_key="product.id")
    position: int
    price_minor: int
    minimum_units: int = 0
    case_size: int = 1
    case_policy: str = "drop"
    strategy: str = "oldest"
    stock_units: int | None = None
    member_cap: int | None = None


class SeriesPickupPoint(SQLModel, table=True):
    """A pickup point that the rounds of a series deliver to."""

    __tablename__ = "series_pickup_point"

    series_id: int = Field(foreign_key="series.id", primary_key=True)
    pickup_point_id: int = Field(foreign_key="pickup_point.id", primary_key=True)


class SeriesOccurrence(SQLModel, table=True):
    """One regular day of a series: what was decided about it and what became of it. One row a day, ever."""

    __tablename__ = "series_occurrence"
    __table_args__ = (
        UniqueConstraint("series_id", "day"),
        UniqueConstraint("round_id"),
        CheckConstraint("decision IN ('', 'keep', 'earlier', 'later', 'skip')", name="decision"),
        CheckConstraint("state IN ('planned', 'made', 'missed')", name="state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id", index=True)
    day: date
    decision: str = ""
    state: str = "planned"
    round_id: int | None = Field(default=None, foreign_key="round.id")


class StandingOrder(SQLModel, table=True):
    """A member's "the same every time" for a series. Older ones are served first."""

    __tablename__ = "standing_order"
    __table_args__ = (UniqueConstraint("series_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    skips_next: bool = False
    """Nothing is placed in the next round; then it goes on."""
    created_at: datetime = Field(sa_type=UtcMoment)


class StandingLine(SQLModel, table=True):
    """So many units of a product every time; `agreed_minor` is the price a unit was last agreed at."""

    __tablename__ = "standing_line"
    __table_args__ = (
        UniqueConstraint("standing_order_id", "product_id"),
        CheckConstraint("units > 0", name="units"),
    )

    id: int | None = Field(default=None, primary_key=True)
    standing_order_id: int = Field(foreign_key="standing_order.id", index=True)
    product_id: int = Field(foreign_key="product.id")
    units: int
    agreed_minor: int
