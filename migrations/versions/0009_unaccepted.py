"""Which message brought a purchase order, when a supplier who does not answer is reminded, and whom to call then."""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

# Of older revisions nobody can tell any more when the newest one arrived. Nobody is reminded of what was sent before
# this: the time to answer counts from a delivery on.
DELIVERED = """
    UPDATE purchase_order SET delivered_at = sent_at, delivered_revision = 1 WHERE phase = 'sent' AND revision = 1
"""


def upgrade() -> None:
    # the default stays: to take it away SQLite would have to copy the table
    op.add_column('supplier', sa.Column('telephone', sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('enterprise', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answer_hours', sa.Integer(), nullable=False, server_default='6'))
        batch_op.create_check_constraint(op.f('ck_enterprise_answer_hours'), 'answer_hours >= 0')
    with op.batch_alter_table('enterprise', schema=None) as batch_op:
        batch_op.alter_column('answer_hours', server_default=None)
    with op.batch_alter_table('purchase_order', schema=None) as batch_op:
        batch_op.add_column(sa.Column('delivered_revision', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('delivered_at', models.base.UtcMoment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('delivered_to', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('message_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('reminds_at', models.base.UtcMoment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('given_up_at', models.base.UtcMoment(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f('fk_purchase_order_delivered_to_person'), 'person', ['delivered_to'], ['id'])
    op.execute(DELIVERED)
    waiting = sa.text('reminds_at IS NOT NULL')
    with op.batch_alter_table('purchase_order', schema=None) as batch_op:
        batch_op.alter_column('delivered_revision', server_default=None)
        batch_op.create_index(
            'ix_purchase_order_reminds_at', ['reminds_at'], unique=False,
            sqlite_where=waiting, postgresql_where=waiting,
        )


def downgrade() -> None:
    with op.batch_alter_table('purchase_order', schema=None) as batch_op:
        batch_op.drop_index('ix_purchase_order_reminds_at')
    with op.batch_alter_table('purchase_order', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_purchase_order_delivered_to_person'), type_='foreignkey')
        for name in ('given_up_at', 'reminds_at', 'message_id', 'delivered_to', 'delivered_at', 'delivered_revision'):
            batch_op.drop_column(name)
    with op.batch_alter_table('enterprise', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_enterprise_answer_hours'), type_='check')
        batch_op.drop_column('answer_hours')
    op.drop_column('supplier', 'telephone')
