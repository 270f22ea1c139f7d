"""Audit trail: who did what to whose record, append-only, each row holding the hash of the one before.

A changed, removed or inserted row breaks the chain. Rows cut off the end leave no gap: to notice that, keep
`head` somewhere else and compare.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from client.records.tables import audit_trail
from common.canonical import canonical_json, sha256_hex

FIRST_PREVIOUS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row. actor: a staff id, "system" or a student's id; subject: an id, never a name."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    previous: str
    hash: str


def record_audit(connection: Connection, *, actor: str, action: str, subject: str, now: datetime) -> AuditEntry:
    """Adds a row to the chain; call it in the writer, in the transaction of the deed itself."""
    last = head(connection)
    seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST_PREVIOUS)
    digest = _digest(seq, now, (actor, action, subject), previous=previous)
    entry = AuditEntry(seq, now.astimezone(UTC), actor, action, subject, previous, digest)
    connection.execute(
        insert(audit_trail).values(
            seq=seq, at=now, actor=actor, action=action, subject=subject, previous=previous, hash=digest
        )
    )
    return entry


def head(connection: Connection) -> AuditEntry | None:
    """The newest row."""
    newest = recent_audit(connection, count=1)
    return newest[0] if newest else None


def recent_audit(connection: Connection, *, count: int) -> list[AuditEntry]:
    """The newest rows, newest first."""
    rows = connection.execute(select(audit_trail).order_by(audit_trail.c.seq.desc()).limit(count))
    return [_entry_of(row) for row in rows]


def first_broken(connection: Connection) -> int | None:
    """The number of the first row that doesn't fit the chain, or None when all do."""
    previous, expected = FIRST_PREVIOUS, 1
    for row in connection.execute(select(audit_trail).order_by(audit_trail.c.seq)):
        entry = _entry_of(row)
        digest = _digest(entry.seq, entry.at, (entry.actor, entry.action, entry.subject), previous=previous)
        if (entry.seq, entry.previous, entry.hash) != (expected, previous, digest):
            return expected
        previous, expected = entry.hash, expected + 1
    return None


def _digest(seq: int, at: datetime, deed: tuple[str, str, str], *, previous: str) -> str:
    return sha256_hex(canonical_json([seq, at.astimezone(UTC).isoformat(), *deed, previous]))


def _entry_of(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**row._asdict())
