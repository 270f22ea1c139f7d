"""What mastery asks beside the run of right answers: those of a day, and how far predictions came true.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COUNTS = {"run_today": "0", "enough_run": "3", "thirds": "0"}
_SUMS = ("surprise", "thirds_surprise")


def upgrade() -> None:
    """Five columns of mastery; what was answered before counts as answered as predicted."""
    for name, default in _COUNTS.items():
        op.add_column("mastery", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    for name in _SUMS:
        op.add_column("mastery", sa.Column(name, sa.Double(), nullable=False, server_default="0"))


def downgrade() -> None:
    """The rest of mastery stays."""
    with op.batch_alter_table("mastery") as mastery:
        for name in (*_COUNTS, *_SUMS):
            mastery.drop_column(name)
