"""A person is one Telegram account; a member is a person in an enterprise."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UtcMoment, telegram_id_type


class Person(SQLModel, table=True):
    """One Telegram account: its language, and whether messages reach it."""

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=telegram_id_type(), unique=True)
    first_name: str = ""
    locale: str = "zh_CN"
    is_operator: bool = False
    unreachable_since: datetime | None = Field(default=None, sa_type=UtcMoment)
    member_id: int | None = None
    """The membership this person speaks as now, if any."""
    contact_id: int | None = None
    """The supplier contact this person speaks as now, if any; never together with `member_id`."""
    created_at: datetime = Field(sa_type=UtcMoment)


class Member(SQLModel, table=True):
    """A person's membership in an enterprise; `left_at` ends it and keeps the history."""

    __table_args__ = (
        UniqueConstraint("enterprise_id", "person_id"),
        CheckConstraint("role IN ('employee', 'coordinator')", name="role"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    name: str
    department: str = ""
    pickup_point_id: int | None = Field(default=None, foreign_key="pickup_point.id")
    joined_at: datetime = Field(sa_type=UtcMoment)
    left_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    removed: bool = False
    """A coordinator ended it: links made before that do not lead back in."""
