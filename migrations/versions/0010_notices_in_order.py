"""Notices that are due lie in the index in the order in which they leave: ten thousand of the same moment need no sorting."""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_notice_due', table_name='notice')
    op.create_index('ix_notice_due', 'notice', ['state', 'lane', 'due_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_notice_due', table_name='notice')
    op.create_index('ix_notice_due', 'notice', ['state', 'lane', 'due_at'], unique=False)
