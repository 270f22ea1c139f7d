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
# Of a row that says nothing about what its round left open.
UNKNOWN_MARGIN = -1


class RoundState(StrEnum):
    """How far a charged round got. A charge stands whatever became of its round."""

    CHARGED = "charged"
    SENT = "sent"
    OPENED = "opened"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. kind "charge": a round paid for; kind "state": what became of a charge, at no cost.

    at: UTC, ISO 8601. campaign and ctx: digests. round_kind: "train" or "evaluate". honest_schools: how many
    schools' noise the plan's figure relies on; own_honest_schools: this school's share was one part in so many of
    the variance, fewer being more noise of its own. cohorts: the enrolment cohorts whose students could be drawn,
    sorted; all of them pay.
    epsilon_after, epsilon_alone_after: what the dearest of these cohorts has cost over its lifetime, this row
    included, at the smallest delta among its charges. margin: by how many schools an opened sum exceeded
    honest_schools, -1 if that isn't known. salt: random, so that the hash, which leaves the school, tells nothing
    about the row. hash covers every other field.
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
    own_honest_schools: int
    round_kind: str
    cohorts: tuple[str, ...]
    margin: int = UNKNOWN_MARGIN
    salt: str = ""
    hash: str = ""

    @property
    def event(self) -> Event:
        """What this row's round costs under the plan's assumption."""
        return Event(self.noise_multiplier, self.sampling_rate)

    @property
    def event_alone(self) -> Event:
        """What it costs if every other school colludes: this school's own share is all that protects."""
        return self.event.alone(self.own_honest_schools)

    def concerns(self, cohort: str) -> bool:
        """Whether this cohort pays for the row; a row from before cohorts were kept is paid for by each."""
        return cohort in self.cohorts or not self.cohorts


# Entry's annotations are plain classes, so they double as the table of types; JSON has no tuples.
_KINDS: dict[str, Any] = {**Entry.__annotations__, "cohorts": list}
# What the first format of a row hadn't: then each school relied on as many schools as the plan said.
_ADDED = frozenset({"own_honest_schools", "round_kind", "cohorts", "margin", "salt"})
_FIRST_KINDS = {name: kind for name, kind in _KINDS.items() if name not in _ADDED}
_FIRST_FORMAT = ""


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
    return canonical_json(_fields(row)) + b"\n"


def row_hash(row: Entry) -> str:
    """SHA-256 over every field but the hash itself."""
    fields = _fields(row)
    del fields["hash"]
    return sha256_hex(canonical_json(fields))


def _fields(row: Entry) -> dict[str, Any]:
    fields = asdict(row)
    return fields if row.round_kind != _FIRST_FORMAT else {n: v for n, v in fields.items() if n not in _ADDED}


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
    kinds = {name: type(v) for name, v in value.items()} if isinstance(value, dict) else {}
    if kinds == _FIRST_KINDS:
        own = value["honest_schools"]
        return {**value, "own_honest_schools": own, "round_kind": _FIRST_FORMAT, "cohorts": ()}
    if kinds != _KINDS:
        raise TypeError("a row's fields have other names or types")
    cohorts = value["cohorts"]
    sound = all(type(cohort) is str for cohort in cohorts) and cohorts == sorted(set(cohorts))
    if not (sound and cohorts and value["round_kind"] != _FIRST_FORMAT):
        raise TypeError("a row's cohorts or kind can't be read")
    if not 1 <= value["own_honest_schools"] <= value["honest_schools"]:
        raise TypeError("a row relies on more schools than its plan allows")
    return {**value, "cohorts": tuple(cohorts)}


def _broken(number: int) -> Corrupt:
    return Corrupt(
        ErrorCode.LEDGER_BROKEN,
        f"Line {number} of the privacy ledger is damaged or doesn't follow from the line before.",
    )
