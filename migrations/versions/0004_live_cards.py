"""Rounds count the changes that cards show; how often a round has closed; lines of purchase orders are not checked
against offers and pickup points, which are never deleted; the picture of offers that have none is kept like any other."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_version', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_index('ix_card_version', ['round_id', 'shown_version'], unique=False)
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cards_version', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('closings', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.alter_column('shown_version', server_default=None)
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.alter_column('cards_version', server_default=None)
        batch_op.alter_column('closings', server_default=None)
    with op.batch_alter_table('purchase_order_line', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_purchase_order_line_offer_id_offer'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_purchase_order_line_pickup_point_id_pickup_point'), type_='foreignkey')
    photo = sa.table('photo', *map(sa.column, ('enterprise_id', 'sha256', 'content')))
    enterprises = sa.select(sa.column('id')).select_from(sa.table('enterprise'))
    rows = enterprises.add_columns(sa.literal('default-1'), sa.literal(b'', sa.LargeBinary))
    op.execute(photo.insert().from_select(['enterprise_id', 'sha256', 'content'], rows))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM photo WHERE sha256 = 'default-1'"))
    with op.batch_alter_table('purchase_order_line', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk_purchase_order_line_offer_id_offer'), 'offer', ['offer_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_purchase_order_line_pickup_point_id_pickup_point'), 'pickup_point', ['pickup_point_id'], ['id'])
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_column('closings')
        batch_op.drop_column('cards_version')
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.drop_index('ix_card_version')
        batch_op.drop_column('shown_version')
