"""What a school keeps of the public log: every entry's hash, the roster that they tell, the last signed head."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode
from common.log_entries import Committed, Enrolled, Revoked, read_entry
from common.sections import join_sections, split_sections
from common.transparency import Frontier, leaf_hash, split_hashes
from common.whole_file import write_whole

_PARTS = {"leaves", "head", "roster", "revoked", "own"}
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogState:
    """school: whose state it is. leaves: every entry's hash. head: the newest signed head that fits, or b"".

    roster: (school, identity key) of those enrolled. revoked: those whose membership ended. own_rows, own_head:
    how far the log has seen this school's privacy ledger.
    """

    school: str
    leaves: tuple[bytes, ...] = field(default=(), repr=False)
    head: bytes = field(default=b"", repr=False)
    roster: tuple[tuple[str, str], ...] = ()
    revoked: tuple[str, ...] = ()
    own_rows: int = 0
    own_head: str = ""

    @property
    def size(self) -> int:
        """How many entries were read."""
        return len(self.leaves)

    def root_at(self, size: int) -> str:
        """The root of the first `size` entries, hexadecimal."""
        return root_of(self.leaves[:size])

    def with_entry(self, data: bytes) -> "LogState":
        """One entry further. Corrupt for an entry that this version can't read."""
        entry, leaves = read_entry(data), (*self.leaves, leaf_hash(data))
        roster, revoked = dict(self.roster), set(self.revoked)
        rows, head = self.own_rows, self.own_head
        if isinstance(entry, Enrolled):
            roster[entry.school] = entry.identity_key
            revoked.discard(entry.school)
        elif isinstance(entry, Revoked):
            roster.pop(entry.school, None)
            revoked.add(entry.school)
        elif isinstance(entry, Committed):
            for one in entry.ledgers:
                if one.school == self.school and one.rows > rows:
                    rows, head = one.rows, one.head
        return replace(
            self,
            leaves=leaves,
            roster=tuple(sorted(roster.items())),
            revoked=tuple(sorted(revoked)),
            own_rows=rows,
            own_head=head,
        )


def root_of(leaves: Sequence[bytes]) -> str:
    """Of a log with these hashes, hexadecimal."""
    return reduce(Frontier.append, leaves, Frontier()).root().hex()


def load_log_state(path: Path, school: str) -> LogState:
    """What was kept, or nothing yet. Corrupt if the file is damaged: then the log is read again from its start."""
    if not path.exists():
        return LogState(school)
    data = path.read_bytes()
    digest, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    if digest.hex() != sha256_hex(body):
        raise _damaged()
    parts = split_sections(body)
    if set(parts) != _PARTS:
        raise _damaged()
    roster = parse_canonical_json(parts["roster"])
    rows, head = parse_canonical_json(parts["own"])
    return LogState(
        school,
        split_hashes(parts["leaves"]),
        parts["head"],
        roster=tuple((str(name), str(key)) for name, key in roster),
        revoked=tuple(map(str, parse_canonical_json(parts["revoked"]))),
        own_rows=int(rows),
        own_head=str(head),
    )


def save_log_state(path: Path, state: LogState) -> None:
    """Replaces what was kept, whole or not at all."""
    parts = {
        "leaves": b"".join(state.leaves),
        "head": state.head,
        "roster": canonical_json([list(pair) for pair in state.roster]),
        "revoked": canonical_json(list(state.revoked)),
        "own": canonical_json([state.own_rows, state.own_head]),
    }
    body = join_sections(parts)
    write_whole(path, bytes.fromhex(sha256_hex(body)) + body)


def _damaged() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "What this school kept of the public log is damaged.")
