"""Who practises at a device: session, student and display in one question, since every request asks it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, bindparam, select

from client.records.display_settings import DisplaySettings, read_display
from client.records.plain_sql import run
from client.records.sessions import Session, SessionKind, token_hash_of
from client.records.students import Student, student_of
from client.records.tables import display_settings, session, student, student_key
from client.records.vault import Vault

_WHO: Final = (
    select(
        session.c.subject,
        session.c.created_at.label("signed_in_at"),
        session.c.last_seen_at,
        student,
        student_key.c.wrapped_key,
        display_settings.c.chosen,
    )
    .select_from(
        session.join(student, student.c.id == session.c.subject)
        .outerjoin(student_key, student_key.c.student == student.c.id)
        .outerjoin(display_settings, display_settings.c.student == student.c.id)
    )
    .where(and_(session.c.token_hash == bindparam("token_hash"), session.c.kind == str(SessionKind.STUDENT)))
)


@dataclass(frozen=True, slots=True)
class Practising:
    """A student with a living session."""

    session: Session
    student: Student = field(repr=False)
    display: DisplaySettings


def practising(
    connection: Connection, vault: Vault, token: str, *, now: datetime, idle: timedelta
) -> Practising | None:
    """Whose session this is; None if there is none, it was idle for longer than `idle`, or the student left."""
    rows = run(connection, _WHO, {"token_hash": token_hash_of(token)})
    if not rows:
        return None
    row = dict(zip(_WHO.selected_columns.keys(), rows[0], strict=True))
    if now - row["last_seen_at"] > idle or not row["active"]:
        return None
    living = Session(SessionKind.STUDENT, row["subject"], row["signed_in_at"], row["last_seen_at"])
    return Practising(living, student_of(row, vault), read_display(row["chosen"]))
