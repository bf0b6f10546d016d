"""A broadcast is told of in one message, and can be paused and stopped; its notices know it."""

import sqlalchemy as sa
from alembic import op

import models.base
import sqlmodel

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

BEFORE = "state IN ('due', 'sent', 'failed', 'withdrawn')"
SINCE = "state IN ('due', 'sent', 'failed', 'withdrawn', 'paused')"


def upgrade() -> None:
    op.create_table(
        'broadcast',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('enterprise_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('phase', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=True),
        sa.Column('next_report_at', models.base.UtcMoment(timezone=True), nullable=True),
        sa.Column('reported', sa.Integer(), nullable=True),
        sa.Column('measured_from', sa.Integer(), nullable=False),
        sa.Column('measured_since', models.base.UtcMoment(timezone=True), nullable=False),
        sa.Column('created_at', models.base.UtcMoment(timezone=True), nullable=False),
        sa.CheckConstraint("phase IN ('running', 'paused', 'stopped', 'done')", name=op.f('ck_broadcast_phase')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_broadcast_round_id_round')),
        sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_broadcast_enterprise_id_enterprise')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_broadcast_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast')),
    )
    op.create_index('ix_broadcast_report', 'broadcast', ['next_report_at'], unique=False)
    op.create_index(op.f('ix_broadcast_round_id'), 'broadcast', ['round_id'], unique=False)
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('broadcast_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f('ck_notice_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_notice_state'), SINCE)
        batch_op.create_index('ix_notice_broadcast', ['broadcast_id', 'state'], unique=False, sqlite_where=sa.text('broadcast_id IS NOT NULL'), postgresql_where=sa.text('broadcast_id IS NOT NULL'))


def downgrade() -> None:
    op.execute(sa.text("UPDATE notice SET state = 'due' WHERE state = 'paused'"))
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_broadcast')
        batch_op.drop_constraint(op.f('ck_notice_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_notice_state'), BEFORE)
        batch_op.drop_column('broadcast_id')
    op.drop_table('broadcast')
