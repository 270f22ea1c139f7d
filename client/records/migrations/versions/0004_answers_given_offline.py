"""Which answers were given away from the server: they count, but mastery never rests on them alone.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every earlier answer was given at the server."""
    op.add_column("interaction", sa.Column("offline", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """The answers stay; where they were given is forgotten."""
    op.drop_column("interaction", "offline")
