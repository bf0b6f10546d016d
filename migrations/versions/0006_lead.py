"""Which process leads, where several stand ready on one PostgreSQL."""

import sqlalchemy as sa
from alembic import op

import models.base
import sqlmodel

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'lead',
        sa.Column('bot_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('epoch', sa.Integer(), nullable=False),
        sa.Column('holder', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('beat_at', models.base.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('bot_id', name=op.f('pk_lead')),
    )


def downgrade() -> None:
    op.drop_table('lead')
