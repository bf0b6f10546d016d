"""An invitation: a deep link that lets people in."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import UtcMoment, telegram_id_type


class Invitation(SQLModel, table=True):
    """For a role, an enterprise or a supplier, a number of uses and a time. Only the code's hash is kept."""

    __table_args__ = (
        CheckConstraint("role IN ('owner', 'coordinator', 'employee', 'supplier')", name="role"),
        CheckConstraint("used >= 0 AND used <= uses", name="used"),
        CheckConstraint("role = 'owner' OR enterprise_id IS NOT NULL", name="enterprise"),
        CheckConstraint("role <> 'supplier' OR supplier_id IS NOT NULL", name="supplier"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code_sha256: str = Field(unique=True)
    role: str
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    supplier_id: int | None = Field(default=None, foreign_key="supplier.id")
    uses: int
    used: int = 0
    expires_at: datetime = Field(sa_type=UtcMoment)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcMoment)
    made_by_update: int | None = Field(default=None, sa_type=telegram_id_type(), unique=True)
    """The update that asked for it: handled twice, it makes one invitation."""


class InvitationUse(SQLModel, table=True):
    """Who used an invitation: the same person opening it twice uses it once."""

    __tablename__ = "invitation_use"

    invitation_id: int = Field(foreign_key="invitation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime = Field(sa_type=UtcMoment)
