"""Entries of the consortium's public log: what happened, in canonical JSON, without times and without students."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from common.canonical import canonical_json, parse_canonical_json
from common.errors import Corrupt, ErrorCode
from common.wire import Count, Hex64, Name, Wire

Reason = Annotated[str, Field(max_length=500)]


class Enrolled(Wire):
    """A school joined, with its identity key and its public number of students."""

    kind: Literal["enrolled"] = "enrolled"
    school: Name
    identity_key: Hex64
    students: Count


class Revoked(Wire):
    """A school's membership ended."""

    kind: Literal["revoked"] = "revoked"
    school: Name


class Proposed(Wire):
    """A campaign's plan, by its digest."""

    kind: Literal["proposed"] = "proposed"
    campaign: Hex64
    name: Name


class Planned(Wire):
    """A round's plan, before it was sent."""

    kind: Literal["planned"] = "planned"
    campaign: Hex64
    round: Count
    plan: Hex64


class LedgerHead(Wire):
    """How far a school's ledger had come when it answered: a number of rows and a hash that only it can read."""

    school: Name
    rows: Count
    head: Hex64


class Committed(Wire):
    """Who sent a vector in a round: the digest of the list of vectors, and each school's ledger."""

    kind: Literal["committed"] = "committed"
    campaign: Hex64
    round: Count
    vectors: Hex64
    ledgers: tuple[LedgerHead, ...]


class Opened(Wire):
    """What came of a round: the digest of its OpenedRound, also of an aborted one."""

    kind: Literal["opened"] = "opened"
    campaign: Hex64
    round: Count
    outcome: Hex64


class Confirmed(Wire):
    """A school's word on a candidate: its own replay gives the same model, or doesn't."""

    kind: Literal["confirmed"] = "confirmed"
    campaign: Hex64
    school: Name
    model: Hex64
    matched: bool


class Released(Wire):
    """A release, and the digest of the model that every school computes itself."""

    kind: Literal["released"] = "released"
    campaign: Hex64
    release: Hex64
    model: Hex64


class Withdrawn(Wire):
    """A release that schools should stop using."""

    kind: Literal["withdrawn"] = "withdrawn"
    release: Hex64
    reason: Reason


LogEntry = Enrolled | Revoked | Proposed | Planned | Committed | Opened | Confirmed | Released | Withdrawn
_ENTRY: TypeAdapter[LogEntry] = TypeAdapter(Annotated[LogEntry, Field(discriminator="kind")])


def entry_bytes(entry: LogEntry) -> bytes:
    """Canonical JSON: what the log holds."""
    return canonical_json(entry.model_dump(mode="json"))


def read_entry(data: bytes) -> LogEntry:
    """Corrupt unless `data` is exactly one entry of a kind that this version knows."""
    parse_canonical_json(data)
    try:
        return _ENTRY.validate_json(data)
    except ValidationError as error:
        raise Corrupt(
            ErrorCode.BAD_MESSAGE, "The public log holds an entry that this version can't read."
        ) from error
