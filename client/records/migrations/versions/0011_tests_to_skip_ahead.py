"""Tests by which a student may go past a skill: the one under way, the last one, and one that was passed.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIMES = ("tested_at", "tested_out_at")


def upgrade() -> None:
    """Three columns of mastery; nobody was tested before."""
    op.add_column("mastery", sa.Column("test", sa.String(length=5), nullable=False, server_default=""))
    for name in _TIMES:
        op.add_column("mastery", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The rest of mastery stays."""
    with op.batch_alter_table("mastery") as mastery:
        for name in ("test", *_TIMES):
            mastery.drop_column(name)
