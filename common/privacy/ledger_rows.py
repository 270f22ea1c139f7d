"""The ledger's rows: one canonical JSON line each, chained by SHA-256. Reading needs no accountant."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode, FixSettings
from common.privacy.terms import Event

FIRST_PREVIOUS = "0" * 64


class RoundState(StrEnum):
    """How far a charged round got. A charge stands whatever became of its round."""

    CHARGED = "charged"
    SENT = "sent"
    OPENED = "opened"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. kind "charge": a round paid for; kind "state": what became of a charge, at no cost.

    at: UTC, ISO 8601. campaign and ctx: digests. epsilon_after, epsilon_alone_after: all charges up to and
    including this row, at the smallest delta among them. hash covers every other field.
    """

    seq: int
    at: str
    kind: str
    campaign: str
    round: int
    ctx: str
    noise_multiplier: float
    sampling_rate: float
    honest_schools: int
    delta: float
    epsilon_after: float
    epsilon_alone_after: float
    state: str
    previous: str
    hash: str = ""

    @property
    def event(self) -> Event:
        """What this row's round costs under the plan's assumption."""
        return Event(self.noise_multiplier, self.sampling_rate)

    @property
    def event_alone(self) -> Event:
        """What it costs if every other school colludes."""
        return self.event.alone(self.honest_schools)


def charges_of(rows: Iterable[Entry]) -> list[Entry]:
    """The rows that cost something."""
    return [row for row in rows if row.kind == "charge"]


def read_rows(path: Path) -> tuple[Entry, ...]:
    """All rows, verified; () if there is no ledger yet. Corrupt (`ledger-broken`) for any damage.

    A last line without its end was never acknowledged and is left out.
    """
    try:
        return parse_rows(path.read_bytes())
    except FileNotFoundError:
        return ()


def parse_rows(data: bytes) -> tuple[Entry, ...]:
    """The rows of a ledger's bytes, each checked against the one before."""
    *lines, _unfinished = data.split(b"\n")
    rows: list[Entry] = []
    previous = FIRST_PREVIOUS
    for number, line in enumerate(lines, start=1):
        row = _parse_row(line, number)
        if row.seq != number or row.previous != previous:
            raise _broken(number)
        rows.append(row)
        previous = row.hash
    return tuple(rows)


def row_line(row: Entry) -> bytes:
    """The row's line, with its newline."""
    return canonical_json(asdict(row)) + b"\n"


def row_hash(row: Entry) -> str:
    """SHA-256 over every field but the hash itself."""
    fields = asdict(row)
    del fields["hash"]
    return sha256_hex(canonical_json(fields))


def _parse_row(line: bytes, number: int) -> Entry:
    try:
        row = Entry(**_typed_fields(parse_canonical_json(line)))
        row.event_alone  # noqa: B018 - out-of-range figures raise here rather than in the accountant
    except (Corrupt, FixSettings, TypeError) as error:
        raise _broken(number) from error
    if row.hash != row_hash(row):
        raise _broken(number)
    return row


def _typed_fields(value: Any) -> dict[str, Any]:
    # Entry's annotations are plain classes, so they double as the table of types.
    kinds = Entry.__annotations__
    if not isinstance(value, dict) or {name: type(v) for name, v in value.items()} != kinds:
        raise TypeError("a row's fields have other names or types")
    return value


def _broken(number: int) -> Corrupt:
    return Corrupt(
        ErrorCode.LEDGER_BROKEN,
        f"Line {number} of the privacy ledger is damaged or doesn't follow from the line before.",
    )
