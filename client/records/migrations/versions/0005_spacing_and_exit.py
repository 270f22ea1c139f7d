"""When each mastered skill is checked again, how its last answers went, and until when a skill is left alone.

Revision ID: 0005
Revises: 0004
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTS = ("streak", "failures", "tries", "right", "check_step", "check_right")
OTHERS = ("recent", "p_peak", "due_on", "rest_until")
# As the rules of the release before had them.
FIRST_CHECK_DAYS, EXIT_ATTEMPTS, EXIT_P, REST_DAYS = 7, 12, 0.5, 7


def upgrade() -> None:
    """Mastered skills get their first re-check a week after the last answer; a rest under way goes on."""
    for name in COUNTS:
        op.add_column("mastery", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("mastery", sa.Column("recent", sa.String(length=3), nullable=False, server_default=""))
    op.add_column("mastery", sa.Column("p_peak", sa.Double(), nullable=False, server_default="0"))
    op.add_column("mastery", sa.Column("due_on", sa.String(length=10), nullable=True))
    op.add_column("mastery", sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True))
    _fill()


def downgrade() -> None:
    """Back to the release before."""
    for name in (*COUNTS, *OTHERS):
        op.drop_column("mastery", name)


def _fill() -> None:
    time = sa.DateTime(timezone=True)
    names = ("student", "skill", "attempts", "p_known", "p_peak", "tries", "due_on")
    times = ("mastered_at", "last_at", "rest_until")
    table = sa.table("mastery", *map(sa.column, names), *(sa.column(name, time) for name in times))
    connection = op.get_bind()
    for row in connection.execute(sa.select(table)).all():
        where = (table.c.student == row.student) & (table.c.skill == row.skill)
        connection.execute(sa.update(table).where(where).values(**_values(row)))


def _values(row: sa.Row[tuple[object, ...]]) -> dict[str, object]:
    last: datetime = row.last_at
    gave_up = row.attempts and row.attempts % EXIT_ATTEMPTS == 0 and row.p_known < EXIT_P
    mastered = row.mastered_at is not None
    return {
        "p_peak": row.p_known,
        "tries": row.attempts % EXIT_ATTEMPTS,
        "due_on": (last + timedelta(days=FIRST_CHECK_DAYS)).date().isoformat() if mastered else None,
        "rest_until": last + timedelta(days=REST_DAYS) if gave_up and not mastered else None,
    }
