"""Sessions: who is signed in on which device; the database holds a hash of the token, never the token."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from client.records.tables import session
from common.canonical import sha256_hex

TOKEN_BYTES = 32

# Built once, since each request runs it.
_BY_HASH: Final = select(session).where(session.c.token_hash == bindparam("token_hash"))


class SessionKind(StrEnum):
    """Whose session it is."""

    STUDENT = "student"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Session:
    """A living session. subject: the student's or staff id."""

    kind: SessionKind
    subject: str
    created_at: datetime
    last_seen_at: datetime


def open_session(connection: Connection, kind: SessionKind, subject: str, *, now: datetime) -> str:
    """Signs somebody in; returns a fresh 256-bit token, which exists nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    connection.execute(
        insert(session).values(
            token_hash=token_hash_of(token), kind=str(kind), subject=subject, created_at=now, last_seen_at=now
        )
    )
    return token


def session_of(connection: Connection, token: str, *, now: datetime, idle: timedelta) -> Session | None:
    """The session of a token, or None if there is none or nobody was seen for longer than `idle`."""
    row = connection.execute(_BY_HASH, {"token_hash": token_hash_of(token)}).one_or_none()
    if row is None or now - row.last_seen_at > idle:
        return None
    return Session(SessionKind(row.kind), row.subject, row.created_at, row.last_seen_at)


def touch_session(connection: Connection, token: str, *, now: datetime) -> None:
    """Notes that somebody is still there. Once a minute is enough; it never moves time back."""
    which = (session.c.token_hash == token_hash_of(token)) & (session.c.last_seen_at < now)
    connection.execute(update(session).where(which).values(last_seen_at=now))


def close_session(connection: Connection, token: str) -> None:
    """Signs out one device."""
    connection.execute(delete(session).where(session.c.token_hash == token_hash_of(token)))


def close_sessions_of(connection: Connection, kind: SessionKind, subject: str) -> int:
    """Signs somebody out everywhere; returns from how many devices."""
    which = (session.c.kind == str(kind)) & (session.c.subject == subject)
    return connection.execute(delete(session).where(which)).rowcount


def sweep_sessions(connection: Connection, *, seen_before: datetime) -> int:
    """Removes sessions last seen before a time; returns how many."""
    return connection.execute(delete(session).where(session.c.last_seen_at < seen_before)).rowcount


def token_hash_of(token: str) -> str:
    """What the database holds of a token."""
    return sha256_hex(token.encode())
