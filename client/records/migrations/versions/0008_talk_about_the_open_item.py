"""What a student said to the tutor about the open item; it goes when the item does.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column of the open item; empty as long as there was no talk."""
    op.add_column("offer", sa.Column("talk", sa.Text(), nullable=True))


def downgrade() -> None:
    """Talks under way are over."""
    op.drop_column("offer", "talk")
