"""Picture PINs, badges and how each student likes the pages.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Four tables, all empty: students choose their pictures at their next sign-in."""
    op.create_table(
        "picture_pin",
        sa.Column("student", ID, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_picture_pin_student")),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_picture_pin")),
    )
    op.create_table(
        "picture_try",
        sa.Column("student", ID, nullable=False),
        sa.Column("device", ID, nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("last_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_picture_try_student")),
        sa.PrimaryKeyConstraint("student", "device", name=op.f("pk_picture_try")),
    )
    op.create_table(
        "badge",
        sa.Column("student", ID, nullable=False),
        sa.Column("token_hash", ID, nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_badge_student")),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_badge")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_badge_token_hash")),
    )
    op.create_table(
        "display_settings",
        sa.Column("student", ID, nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_display_settings_student")),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_display_settings")),
    )


def downgrade() -> None:
    """Back to names alone."""
    for table in ("display_settings", "badge", "picture_try", "picture_pin"):
        op.drop_table(table)
