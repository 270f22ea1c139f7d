"""Consent: an append-only record per student and purpose, of which the newest row counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from client.records.inventory import Purpose
from client.records.tables import consent, student

CONSENT_PURPOSES = (Purpose.PRACTICE, Purpose.FEDERATED_TRAINING)


@dataclass(frozen=True, slots=True)
class ConsentDecision:
    """Somebody's yes or no. basis: on what ground, in words; by: the staff id, or who gave it."""

    student: str
    purpose: Purpose
    granted: bool
    basis: str
    by: str


def record_consent(connection: Connection, decision: ConsentDecision, *, now: datetime) -> None:
    """Adds one decision; it counts from the next answer or round."""
    record_consents(connection, [decision], now=now)


def record_consents(connection: Connection, decisions: Sequence[ConsentDecision], *, now: datetime) -> None:
    """Adds decisions in order; the last one about a student and purpose counts."""
    rows = [
        {
            "student": one.student,
            "purpose": str(one.purpose),
            "granted": one.granted,
            "basis": one.basis,
            "by": one.by,
            "at": now,
        }
        for one in decisions
    ]
    if rows:
        connection.execute(insert(consent), rows)


def consent_of(connection: Connection, student_id: str) -> dict[Purpose, bool]:
    """What counts for a student now, for both purposes; no record means no."""
    granted = dict.fromkeys(CONSENT_PURPOSES, False)
    for decision, _ in consent_history(connection, student_id):
        granted[decision.purpose] = decision.granted
    return granted


def consenting_students(connection: Connection, purpose: Purpose) -> list[str]:
    """Ids of active students whose newest decision about `purpose` is yes, sorted."""
    newest = select(func.max(consent.c.id)).where(consent.c.purpose == str(purpose)).group_by(consent.c.student)
    query = (
        select(consent.c.student)
        .join(student, student.c.id == consent.c.student)
        .where(consent.c.id.in_(newest), consent.c.granted, student.c.active)
    )
    # Sorted here, since the two databases order text differently.
    return sorted(connection.execute(query).scalars())


def consent_history(connection: Connection, student_id: str) -> list[tuple[ConsentDecision, datetime]]:
    """Every decision about a student, oldest first."""
    which = (consent.c.student == student_id) & consent.c.purpose.in_(CONSENT_PURPOSES)
    rows = connection.execute(select(consent).where(which).order_by(consent.c.id))
    return [(ConsentDecision(r.student, Purpose(r.purpose), r.granted, r.basis, r.by), r.at) for r in rows]
