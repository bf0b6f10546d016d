"""A product, a supplier's catalogue entry, and its photo."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import FACTS, Tiers, UtcMoment


class Photo(SQLModel, table=True):
    """A picture, kept here so that it survives a change of bot; Telegram's id of it spares uploads."""

    __table_args__ = (UniqueConstraint("enterprise_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    sha256: str
    content: bytes
    telegram_file_id: str | None = None


class Product(SQLModel, table=True):
    """What a supplier sells, in both languages where given; money in minor units of the enterprise."""

    __table_args__ = (
        CheckConstraint("name_zh <> '' OR name_en <> ''", name="named"),
        CheckConstraint("case_size >= 1", name="case_size"),
        CheckConstraint("price_minor > 0", name="price"),
        CheckConstraint("minimum_units >= 0", name="minimum_units"),
        CheckConstraint("stock_units IS NULL OR stock_units >= 0", name="stock_units"),
        CheckConstraint("member_cap IS NULL OR member_cap >= 1", name="member_cap"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    supplier_id: int = Field(foreign_key="supplier.id", index=True)
    name_zh: str = ""
    name_en: str = ""
    specification_zh: str = ""
    specification_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    case_size: int = 1
    price_minor: int
    minimum_units: int = 0
    stock_units: int | None = None
    member_cap: int | None = None
    tiers: Tiers = Field(default_factory=list, sa_type=FACTS)
    story_zh: str = ""
    story_en: str = ""
    aliases: str = ""
    """Other words people type for it, one a line."""
    photo_id: int | None = Field(default=None, foreign_key="photo.id")
    retired_at: datetime | None = Field(default=None, sa_type=UtcMoment)
