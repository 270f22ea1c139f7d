"""Which explanation was shown when, and with what chance.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; what was shown before isn't known."""
    op.create_table(
        "explanation_trial",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=200), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("propensity > 0 and propensity <= 1", name=op.f("ck_explanation_trial_propensity")),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_explanation_trial_student_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation_trial")),
    )
    op.create_index(op.f("ix_explanation_trial_skill_id"), "explanation_trial", ["skill", "id"])


def downgrade() -> None:
    """The answers stay."""
    op.drop_table("explanation_trial")
