"""The school year in which each student was added, and a switch that stops training.

Revision ID: 0002
Revises: 0001
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Students get the cohort of the day on which they were added."""
    op.add_column("student", sa.Column("cohort", sa.String(length=20), nullable=False, server_default=""))
    op.create_table(
        "training_pause",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_pause")),
    )
    _fill_cohorts()


def downgrade() -> None:
    """Back to the first release."""
    op.drop_table("training_pause")
    op.drop_column("student", "cohort")


def _fill_cohorts() -> None:
    student = sa.table(
        "student",
        sa.column("id", sa.String()),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("cohort", sa.String()),
    )
    connection = op.get_bind()
    added = connection.execute(sa.select(student.c.id, student.c.created_at)).all()
    for each, at in added:
        where = student.c.id == each
        connection.execute(sa.update(student).where(where).values(cohort=_school_year(at)))


def _school_year(at: datetime) -> str:
    day = at if at.tzinfo is None else at.astimezone(UTC)
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"
