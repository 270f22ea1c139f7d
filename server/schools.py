"""Schools: invite one by name, enrol it once, list the roster, revoke a member."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_public_key
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from common.errors import ErrorCode, FixSettings, Refused
from common.invitation import Invitation
from common.log_entries import Enrolled, Revoked
from common.plan import Member
from common.wire import Count, Hex64, Name
from server import tables
from server.coordinator import Coordinator
from server.journal import JournalEntry, write_journal
from server.public_log import append_entry

INVITATION_HOURS = 72
_TOKEN_BYTES = 16
_MAX_KEY_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a school sends to enrol: its two public keys and its public, rounded number of students."""

    identity_key: str
    node_key: str
    students: int


@dataclass(frozen=True, slots=True)
class School:
    """An enrolled school. member: what plans hold. node_key: OpenSSH text, for Flower."""

    member: Member
    node_key: str
    enrolled_at: datetime
    revoked_at: datetime | None


def invite(coordinator: Coordinator, school: str) -> Invitation:
    """A one-use way in for a school of this name, good for 72 hours.

    Only its hash is kept. FixSettings if the name can't be one, or a school of this name is enrolled.
    """
    _check_name(school)
    token, now = secrets.token_hex(_TOKEN_BYTES), coordinator.clock.now()
    expires_at = now.replace(microsecond=0) + timedelta(hours=INVITATION_HOURS)
    with coordinator.store.write() as connection:
        if find_school(connection, school) is not None:
            sentence = f"{school} is enrolled already. Revoke it first if it has to enrol anew."
            raise FixSettings(ErrorCode.BAD_INVITATION, sentence)
        row = {"token_hash": _hash(token), "school": school, "expires_at": expires_at}
        connection.execute(tables.invitations.insert().values(row))
        write_journal(connection, JournalEntry("school-invited", school=school), at=now)
    return Invitation(
        consortium=coordinator.settings.consortium,
        school=school,
        url=coordinator.settings.public_url,
        ca_pem=coordinator.folder.ca_certificate.read_text(),
        coordinator_key=coordinator.identity.public_key,
        expires_at=expires_at,
        token=token,
    )


def enrol(coordinator: Coordinator, token: str, enrolment: Enrolment) -> School:
    """Enrols the school that `token` was made for, once; the same keys may repeat the call.

    Refused when the invitation is unknown, used or expired; FixSettings when a key can't be one.
    """
    _check_enrolment(enrolment)
    now = coordinator.clock.now()
    with coordinator.store.write() as connection:
        invitation = _invitation(connection, token, now)
        known = find_school(connection, invitation.school)
        if invitation.used_at is not None:
            if known is not None and _has_keys(known, enrolment):
                return known  # its first answer was lost on the way
            raise _refused("was used already")
        if known is not None:
            raise _refused("is for a school that is enrolled already")
        return _add(connection, invitation, enrolment, now=now)


def roster(connection: Connection, *, with_revoked: bool = False) -> list[School]:
    """Enrolled schools by name; revoked ones only on request."""
    query = select(tables.schools).order_by(tables.schools.c.school)
    schools = [_school(row) for row in connection.execute(query)]
    return [school for school in schools if with_revoked or school.revoked_at is None]


def find_school(connection: Connection, school: str) -> School | None:
    """The enrolled school of this name that isn't revoked."""
    return next((s for s in roster(connection) if s.member.school == school), None)


def revoke(coordinator: Coordinator, school: str) -> None:
    """Ends a school's membership at once; FixSettings if no such school is enrolled."""
    now, table = coordinator.clock.now(), tables.schools
    with coordinator.store.write() as connection:
        if find_school(connection, school) is None:
            raise FixSettings(ErrorCode.NOT_FOUND, f"No school called {school} is enrolled.")
        connection.execute(table.update().where(table.c.school == school).values(revoked_at=now))
        write_journal(connection, JournalEntry("school-revoked", school=school), at=now)
        append_entry(connection, Revoked(school=school))


def revoked_schools(connection: Connection) -> frozenset[str]:
    """Names of the schools that were revoked and not enrolled again."""
    query = select(tables.schools.c.school).where(tables.schools.c.revoked_at.is_not(None))
    return frozenset(connection.execute(query).scalars())


def _add(
    connection: Connection, invitation: Row[tuple[object, ...]], enrolment: Enrolment, *, now: datetime
) -> School:
    school = invitation.school
    used, left = tables.invitations.c.token_hash == invitation.token_hash, tables.schools.c.school == school
    connection.execute(tables.invitations.update().where(used).values(used_at=now))
    connection.execute(tables.schools.delete().where(left))  # only a revoked one can be here
    row = {
        "school": school,
        "identity_key": enrolment.identity_key,
        "node_key": enrolment.node_key,
        "students": enrolment.students,
        "enrolled_at": now,
    }
    try:
        connection.execute(tables.schools.insert().values(row))
    except IntegrityError as error:
        raise _refused("came with keys that another school enrolled with") from error
    detail = f"{enrolment.identity_key} {enrolment.students}"
    write_journal(connection, JournalEntry("school-enrolled", school=school, detail=detail), at=now)
    member = Member(school=school, identity_key=enrolment.identity_key, students=enrolment.students)
    append_entry(connection, Enrolled.model_validate(member.model_dump()))
    return School(member, enrolment.node_key, now, None)


def _invitation(connection: Connection, token: str, now: datetime) -> Row[tuple[object, ...]]:
    query = select(tables.invitations).where(tables.invitations.c.token_hash == _hash(token))
    invitation = connection.execute(query).one_or_none()
    if invitation is None:
        raise _refused("isn't known here")
    if now > invitation.expires_at:
        raise _refused("has expired")
    return invitation


def _school(row: Row[tuple[object, ...]]) -> School:
    member = Member(school=row.school, identity_key=row.identity_key, students=row.students)
    return School(member, row.node_key, row.enrolled_at, row.revoked_at)


def _has_keys(school: School, enrolment: Enrolment) -> bool:
    keys = (school.member.identity_key, school.node_key)
    return keys == (enrolment.identity_key, enrolment.node_key)


def _check_name(school: str) -> None:
    try:
        TypeAdapter(Name).validate_python(school)
    except ValidationError as error:
        sentence = "A school's name has 1 to 80 letters, digits, spaces, points, hyphens or underscores."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence) from error


def _check_enrolment(enrolment: Enrolment) -> None:
    try:
        TypeAdapter(Hex64).validate_python(enrolment.identity_key)
        TypeAdapter(Count).validate_python(enrolment.students, strict=True)
    except ValidationError as error:
        sentence = "The school's identity key or its number of students is malformed."
        raise FixSettings(ErrorCode.BAD_MESSAGE, sentence) from error
    if not _is_node_key(enrolment.node_key):
        sentence = "The school's Flower key isn't one line of OpenSSH text with a P-384 key."
        raise FixSettings(ErrorCode.BAD_MESSAGE, sentence)


def _is_node_key(text: str) -> bool:
    if len(text) > _MAX_KEY_LETTERS or "\n" in text:
        return False
    try:
        key = load_ssh_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1)


def _refused(what: str) -> Refused:
    sentence = f"The invitation {what}. Ask the consortium's operator for a new one."
    return Refused(ErrorCode.BAD_INVITATION, sentence)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
