"""Groups of students for the school's own fairness check, sealed like names.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One new table."""
    op.create_table(
        "student_groups",
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("sealed_groups", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_student_groups_student_student")),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_student_groups")),
    )


def downgrade() -> None:
    """The labels can be imported again."""
    op.drop_table("student_groups")
