"""A supplier, a county co-operative or farm, and the persons who speak for it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import UtcMoment


class Supplier(SQLModel, table=True):
    """A county co-operative or farm as one enterprise knows it."""

    __table_args__ = (
        CheckConstraint("minimum_value_minor >= 0", name="minimum_value"),
        CheckConstraint("freight_minor >= 0", name="freight"),
        CheckConstraint("freight_split IN ('units', 'value', 'equally')", name="freight_split"),
        CheckConstraint("name_zh <> '' OR name_en <> ''", name="named"),
        CheckConstraint("county_zh <> '' OR county_en <> ''", name="county"),
    )

    id: int | None = Field(default=None, primary_key=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    name_zh: str = ""
    name_en: str = ""
    county_zh: str = ""
    county_en: str = ""
    minimum_value_minor: int = 0
    """The least value of a whole purchase order, in minor units; 0 for none."""
    freight_minor: int = 0
    """What one delivery costs, in minor units, shared by the orders it carries."""
    freight_split: str = "value"
    telephone: str = ""
    """Whom a coordinator calls when messages are not answered; empty where none is known."""
    retired_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class SupplierContact(SQLModel, table=True):
    """A person who receives and answers purchase orders for a supplier."""

    __tablename__ = "supplier_contact"
    __table_args__ = (UniqueConstraint("supplier_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="supplier.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str
    joined_at: datetime = Field(sa_type=UtcMoment)
    left_at: datetime | None = Field(default=None, sa_type=UtcMoment)
