"""An enterprise, the tenant, and its pickup points."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import UtcMoment, telegram_id_type


class Enterprise(SQLModel, table=True):
    """The employer: a tenant with its own time zone, currency and language."""

    __table_args__ = (CheckConstraint("answer_hours >= 0", name="answer_hours"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    locale: str = "zh_CN"
    group_chat_id: int | None = Field(default=None, sa_type=telegram_id_type())
    """The linked group chat, where offers are announced."""
    answer_hours: int = 6
    """How long a supplier may leave a purchase order unanswered before they are reminded, and again before the
    coordinators are told; 0 for ever."""
    order_limit_minor: int | None = None
    """The most that one member's order in one round may cost, in minor units."""
    country: str | None = None
    """Whose public holidays count (an ISO code); None takes the country of the zone, an empty text no holidays."""
    created_at: datetime = Field(sa_type=UtcMoment)


class PickupPoint(SQLModel, table=True):
    """Where members collect."""

    __tablename__ = "pickup_point"

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    name_zh: str = ""
    name_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    retired_at: datetime | None = Field(default=None, sa_type=UtcMoment)
