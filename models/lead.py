"""Which process works for a bot, where several stand ready on one PostgreSQL."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.base import UtcMoment


class Lead(SQLModel, table=True):
    """One row for each bot. Whoever holds the bot's advisory lock writes it; SQLite has one process and no row."""

    bot_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    epoch: int
    """Raised at each takeover: what an earlier leader still tries is known by it and refused."""
    holder: str
    """The random name of the process that leads; empty once it has let go by itself."""
    beat_at: datetime = Field(sa_type=UtcMoment)
    """When the leader last said that it works, by the database's clock."""
