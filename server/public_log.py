"""The consortium's public log at the coordinator: entries that can only be added, and heads that it signs."""

from collections.abc import Sequence
from functools import reduce

from sqlalchemy import Connection, func, select

from common.errors import ErrorCode, FixSettings
from common.log_entries import LogEntry, entry_bytes
from common.signed_head import LogHead, sign_head
from common.transparency import Frontier, consistency_proof, leaf_hash
from server import tables
from server.coordinator import Coordinator

# In base64 a batch stays below 4 MB. A round of a thousand schools is one entry of 150 kB.
MOST_BYTES = 2_500_000


def append_entry(connection: Connection, entry: LogEntry) -> None:
    """Adds one entry in the caller's transaction: an event and its entry stand or fall together."""
    data = entry_bytes(entry)
    size = log_size(connection)
    values = {"place": size, "entry": data, "leaf": leaf_hash(data)}
    connection.execute(tables.log_entries.insert().values(values))


def log_size(connection: Connection) -> int:
    """How many entries there are."""
    return int(connection.execute(select(func.count()).select_from(tables.log_entries)).scalar_one())


def log_head(connection: Connection) -> tuple[int, str]:
    """Size and root (hexadecimal) of the log as it is."""
    frontier = reduce(Frontier.append, _leaves(connection), Frontier())
    return frontier.size, frontier.root().hex()


def signed_head(coordinator: Coordinator, connection: Connection) -> LogHead:
    """The coordinator's signature under its log as it is."""
    size, root = log_head(connection)
    at = coordinator.clock.now().isoformat(timespec="seconds")
    consortium = coordinator.settings.consortium
    return sign_head(coordinator.identity, consortium=consortium, size=size, root=root, at=at)


def read_entries(connection: Connection, start: int, end: int, *, most_bytes: int = MOST_BYTES) -> list[bytes]:
    """Entries from place `start` to before `end`, as many as there are and fit; the first always does."""
    columns = tables.log_entries.c
    query = select(columns.entry).where(columns.place >= start, columns.place < end).order_by(columns.place)
    found: list[bytes] = []
    left = most_bytes
    for entry in connection.execute(query.execution_options(yield_per=100)).scalars():
        left -= len(entry)
        if found and left < 0:
            break
        found.append(bytes(entry))
    return found


def consistency(connection: Connection, old: int, new: int) -> tuple[bytes, ...]:
    """That the log of size `old` is the beginning of the one of size `new`; FixSettings for wrong sizes."""
    leaves = _leaves(connection)
    if not 0 < old <= new <= len(leaves):
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"The log has {len(leaves)} entries, not {old} and {new}.")
    return consistency_proof(leaves[:new], old)


def _leaves(connection: Connection) -> Sequence[bytes]:
    columns = tables.log_entries.c
    query = select(columns.leaf).order_by(columns.place)
    return [bytes(leaf) for leaf in connection.execute(query).scalars()]
