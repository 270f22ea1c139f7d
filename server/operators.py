"""Operators of the console: accounts with a password, and sessions that end by themselves."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from common.errors import ErrorCode, FixSettings, Refused
from server import tables
from server.coordinator import Coordinator
from server.journal import JournalEntry, write_journal

LEAST_PASSWORD_LETTERS = 12
MOST_FAILURES, LOCK_MINUTES = 5, 5
LONGEST_SESSION_HOURS = 12
_TOKEN_BYTES = 32
# A random password's hash, checked when the name is unknown: the time to answer doesn't tell which names exist.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$ClEeOTfZy/OqugzMt/MwSg$MSkkk2q3WDZ9kyBlUZVuBUt7XdyEjhWn8QBf7kLPPxM"


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in operator. csrf: what every form of this session carries."""

    operator: str
    csrf: str = field(repr=False)

    def check_csrf(self, token: str) -> None:
        """Refused unless `token` came from one of this session's own pages."""
        if not hmac.compare_digest(token.encode(), self.csrf.encode()):
            raise Refused(ErrorCode.NOT_SIGNED_IN, "This form wasn't made for your session. Load the page again.")


def add_operator(coordinator: Coordinator, operator: str, password: str) -> None:
    """Adds an account, or gives an existing one a new password and ends its sessions."""
    if not operator.strip() or len(operator) > 80:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "An operator's name has 1 to 80 letters.")
    if len(password) < LEAST_PASSWORD_LETTERS:
        sentence = f"A password needs at least {LEAST_PASSWORD_LETTERS} letters; a short sentence is good."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)
    value = {"password_hash": PasswordHasher().hash(password), "failures": 0, "locked_until": None}
    with coordinator.store.write() as connection:
        connection.execute(
            insert(tables.operators)
            .values({"operator": operator} | value)
            .on_conflict_do_update(index_elements=["operator"], set_=value)
        )
        connection.execute(delete(tables.sessions).where(tables.sessions.c.operator == operator))
        write_journal(connection, JournalEntry("operator-added", detail=operator), at=coordinator.clock.now())


def sign_in(coordinator: Coordinator, operator: str, password: str) -> str:
    """A new session's secret token, for the cookie; only its hash is kept.

    Refused for a wrong name or password, and for five minutes after five wrong ones for the same account.
    """
    now = coordinator.clock.now()
    stored = _stored(coordinator, operator, now)
    if not _matches(stored, password):
        _count_failure(coordinator, operator, now)
        raise Refused(ErrorCode.NOT_SIGNED_IN, "The name or the password is wrong.")
    token = secrets.token_hex(_TOKEN_BYTES)
    row = {
        "token_hash": _hash(token),
        "operator": operator,
        "csrf": secrets.token_hex(_TOKEN_BYTES),
        "started_at": now,
        "seen_at": now,
    }
    table = tables.operators
    with coordinator.store.write() as connection:
        connection.execute(tables.sessions.insert().values(row))
        reset = {"failures": 0, "locked_until": None}
        connection.execute(table.update().where(table.c.operator == operator).values(reset))
        write_journal(connection, JournalEntry("operator-signed-in", detail=operator), at=now)
    return token


def find_session(coordinator: Coordinator, token: str) -> Session | None:
    """The session of a cookie's token, or None when it has ended; being asked for keeps it alive."""
    now, table = coordinator.clock.now(), tables.sessions
    with coordinator.store.read() as connection:
        row = connection.execute(select(table).where(table.c.token_hash == _hash(token))).one_or_none()
    if row is None:
        return None
    idle = now - row.seen_at > timedelta(seconds=coordinator.settings.idle_seconds)
    if idle or now - row.started_at > timedelta(hours=LONGEST_SESSION_HOURS):
        sign_out(coordinator, token)
        return None
    # Not at every request: the page that shows progress asks every few seconds.
    if now - row.seen_at > timedelta(seconds=coordinator.settings.idle_seconds / 10):
        with coordinator.store.write() as connection:
            seen = table.update().where(table.c.token_hash == row.token_hash).values(seen_at=now)
            connection.execute(seen)
    return Session(row.operator, row.csrf)


def sign_out(coordinator: Coordinator, token: str) -> None:
    """Ends a session."""
    with coordinator.store.write() as connection:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.token_hash == _hash(token)))


def operator_names(connection: Connection) -> list[str]:
    """Every account's name, sorted."""
    return list(connection.execute(select(tables.operators.c.operator).order_by("operator")).scalars())


def _stored(coordinator: Coordinator, operator: str, now: datetime) -> str:
    query = select(tables.operators).where(tables.operators.c.operator == operator)
    with coordinator.store.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return _NOBODY
    if row.locked_until is not None and row.locked_until > now:
        sentence = f"Too many wrong passwords for this account. Try again in {LOCK_MINUTES} minutes."
        raise Refused(ErrorCode.NOT_SIGNED_IN, sentence)
    return str(row.password_hash)


def _matches(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(coordinator: Coordinator, operator: str, now: datetime) -> None:
    table = tables.operators
    with coordinator.store.write() as connection:
        this = table.c.operator == operator
        failures = connection.execute(select(table.c.failures).where(this)).scalar_one_or_none()
        if failures is None:
            return
        locked = failures + 1 >= MOST_FAILURES
        values = {
            "failures": 0 if locked else failures + 1,
            "locked_until": now + timedelta(minutes=LOCK_MINUTES) if locked else None,
        }
        connection.execute(table.update().where(this).values(values))
        if locked:
            write_journal(connection, JournalEntry("operator-locked", detail=operator), at=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
