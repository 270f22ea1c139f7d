"""What the school found out about its own models and items, one row a check.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One new table."""
    op.create_table(
        "insight_check",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_check")),
    )
    op.create_index(op.f("ix_insight_check_kind_id"), "insight_check", ["kind", "id"])


def downgrade() -> None:
    """Models and evidence stay; the checks can be made again."""
    op.drop_index(op.f("ix_insight_check_kind_id"), table_name="insight_check")
    op.drop_table("insight_check")
