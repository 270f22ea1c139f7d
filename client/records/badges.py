"""Badges: a long secret on paper that signs one student in; the database holds a hash of it."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from client.records.tables import badge
from common.canonical import sha256_hex

TOKEN_BYTES = 18


def new_badges(connection: Connection, students: Sequence[str], *, now: datetime) -> dict[str, str]:
    """{student: token}; the tokens exist nowhere else, and older badges of these students stop working."""
    tokens = {student: secrets.token_urlsafe(TOKEN_BYTES) for student in students}
    connection.execute(delete(badge).where(badge.c.student.in_(students)))
    rows = [{"student": s, "token_hash": sha256_hex(t.encode()), "made_at": now} for s, t in tokens.items()]
    if rows:
        connection.execute(insert(badge), rows)
    return tokens


def student_of_badge(connection: Connection, token: str) -> str | None:
    """Whose badge this is, or None."""
    query = select(badge.c.student).where(badge.c.token_hash == sha256_hex(token.encode()))
    return connection.execute(query).scalar_one_or_none()


def revoke_badge(connection: Connection, student: str) -> None:
    """A lost badge signs nobody in."""
    connection.execute(delete(badge).where(badge.c.student == student))
