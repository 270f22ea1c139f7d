"""The public log read from its first entry on, so that nothing that was kept before is believed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from client.federation.log_state import LogState
from client.federation.public_record import PublicLog
from common.errors import Corrupt, ErrorCode, Refused
from common.log_entries import Committed, LogEntry, Opened, Planned, Released, read_entry
from common.signed_head import open_head

OfRound = TypeVar("OfRound", Planned, Committed, Opened)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. fault: what is wrong with it, in a sentence; empty if nothing is.

    what: "log", "log entry", "plan", "model", "sum", "vectors", "signature", "release" or "round".
    """

    what: str
    said: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class WholeLog:
    """state: as a follower keeps it. entries: all of them, in order; an entry's place counts from 0."""

    state: LogState = field(repr=False)
    entries: tuple[LogEntry, ...] = field(repr=False)

    def place_of(self, entry: LogEntry) -> int | None:
        """Where exactly this stands first, if it does."""
        return next((place for place, one in enumerate(self.entries) if one == entry), None)

    def of_round(self, kind: type[OfRound], campaign: str, number: int) -> list[tuple[int, OfRound]]:
        """What the log holds of this kind about a round, with its place."""
        return [
            (place, one)
            for place, one in enumerate(self.entries)
            if isinstance(one, kind) and one.campaign == campaign and one.round == number
        ]

    def last_round(self, campaign: str) -> int:
        """The highest round that anything in the log is about; 0 before the first."""
        about = (Planned, Committed, Opened)
        rounds = (one.round for one in self.entries if isinstance(one, about) and one.campaign == campaign)
        return max(rounds, default=0)

    def releases(self, campaign: str) -> list[tuple[int, Released]]:
        """The campaign's releases, withdrawn ones too, with their places."""
        found = ((place, one) for place, one in enumerate(self.entries) if isinstance(one, Released))
        return [(place, one) for place, one in found if one.campaign == campaign]


def read_whole_log(record: PublicLog, known: LogState, *, coordinator_key: str) -> tuple[WholeLog, Check]:
    """Every entry, and whether they are what the head was signed for and what was read here before."""
    fresh, entries = LogState(known.school), []
    try:
        head = open_head(record.signed_head(), coordinator_key=coordinator_key)
        while fresh.size < head.size and (more := record.entries(fresh.size, head.size)):
            for data in more[: head.size - fresh.size]:
                fresh = fresh.with_entry(data)
                entries.append(read_entry(data))
    except (Corrupt, Refused) as error:
        if error.code == ErrorCode.BAD_SIGNATURE:
            return WholeLog(fresh, tuple(entries)), Check("signature", "head of the log", error.sentence)
        return WholeLog(fresh, tuple(entries)), Check("log entry", f"entry {fresh.size}", error.sentence)
    log, said = WholeLog(fresh, tuple(entries)), f"{fresh.size} entries, root {head.root[:16]}"
    changed = _first_difference(fresh.leaves, known.leaves)
    if changed is not None and changed < fresh.size:
        fault = f"Entry {changed} of the log isn't the one that this school read before."
        return log, Check("log entry", said, fault)
    if fresh.size != head.size or fresh.root_at(head.size) != head.root:
        fault = f"The log's {head.size} entries aren't the ones that its head was signed for."
        return log, Check("log entry", said, fault)
    if changed is not None:
        return log, Check("log", said, f"The log is shorter than the {known.size} entries that were read before.")
    return log, Check("log", said)


def _first_difference(fresh: Sequence[bytes], known: Sequence[bytes]) -> int | None:
    """The first place at which `fresh` doesn't hold what is known; None if it goes on from there."""
    pairs = enumerate(known)
    return next((place for place, leaf in pairs if fresh[place : place + 1] != (leaf,)), None)
