"""Diagnostics, what was noticed while practising, the set that a student chose, and times at the open item.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Three new tables and four columns of the open item."""
    op.create_table(
        "practice_event",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        _student(),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _of_student("practice_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_event")),
    )
    op.create_index(op.f("ix_practice_event_student_seq"), "practice_event", ["student", "seq"])
    op.create_table(
        "diagnostic",
        _student(),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("start_grade", sa.Double(), nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        _of_student("diagnostic"),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_diagnostic")),
    )
    op.create_table(
        "practice_set",
        _student(),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("started_seq", sa.Integer(), nullable=False),
        _of_student("practice_set"),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_practice_set")),
    )
    for name in ("quick_hints", "quick_tries"):
        op.add_column("offer", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("helped_at", "tried_at"):
        op.add_column("offer", sa.Column(name, TIME, nullable=True))


def downgrade() -> None:
    """Evidence and mastery stay."""
    for name in ("quick_hints", "helped_at", "quick_tries", "tried_at"):
        op.drop_column("offer", name)
    for name in ("practice_set", "diagnostic"):
        op.drop_table(name)
    op.drop_index(op.f("ix_practice_event_student_seq"), table_name="practice_event")
    op.drop_table("practice_event")


def _student() -> "sa.Column[str]":
    return sa.Column("student", sa.String(length=64), nullable=False)


def _of_student(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_student_student")
    return sa.ForeignKeyConstraint(["student"], ["student.id"], name=name)
