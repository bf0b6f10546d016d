"""Units that the house bears are told apart from those of members who have chosen no pickup point; what suppliers
had said before they declined is kept."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# Until now both had no pickup point. Where every member of the round has one, such units can only be the house's;
# where somebody has none, the two were added up in one line, which stays as it was sent.
ALL_HAVE_A_POINT = """
    UPDATE purchase_order_line SET house = true
    WHERE pickup_point_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM purchase_order, member_order
        WHERE purchase_order.id = purchase_order_line.purchase_order_id
        AND member_order.round_id = purchase_order.round_id AND member_order.pickup_point_id IS NULL
    )
"""


def upgrade() -> None:
    with op.batch_alter_table('purchase_order_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('house', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(ALL_HAVE_A_POINT)
    with op.batch_alter_table('purchase_order_line', schema=None) as batch_op:
        batch_op.alter_column('house', server_default=None)
    op.add_column('offer', sa.Column('supplied_before', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('offer', 'supplied_before')
    with op.batch_alter_table('purchase_order_line', schema=None) as batch_op:
        batch_op.drop_column('house')
