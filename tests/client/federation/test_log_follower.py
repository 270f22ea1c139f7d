"""A school reads every entry itself, and a log that isn't a continuation of what it read is refused and proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.federation.log_follower import LogFollower
from client.federation.public_record import PublicLog
from common.errors import RetryLater
from common.log_entries import Committed, LedgerHead, Revoked, entry_bytes
from common.refusals import RefusalCode
from common.signed_head import sign_head, verify_conflict
from common.signing import new_identity
from common.transparency import frontier_of, leaf_hash
from server.coordinator import Coordinator
from server.public_log import append_entry
from tests.support.coordinators import enrol_schools, new_coordinator, three_schools
from tests.support.direct_record import DirectRecord


@dataclass(slots=True)
class OtherLog:
    """Another history under the coordinator's own key, as a liar would show it to one school."""

    coordinator: Coordinator
    shown: list[bytes]
    claimed: int | None = None
    root: str = ""

    def signed_head(self) -> bytes:
        """Signed for whatever is shown, unless it lies about that too."""
        root = self.root or frontier_of([leaf_hash(entry) for entry in self.shown]).root().hex()
        size = len(self.shown) if self.claimed is None else self.claimed
        head = sign_head(self.coordinator.identity, consortium="Valley", size=size, root=root, at="later")
        return head.signed

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """What is shown."""
        return self.shown[start:end]


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """With three schools in its log."""
    made = new_coordinator(tmp_path / "coordinator")
    enrol_schools(made, three_schools(made))
    yield made
    made.close()


def _follower(tmp_path: Path, coordinator: Coordinator, log: PublicLog) -> LogFollower:
    return LogFollower(tmp_path / "public-log", "east", coordinator.identity.public_key, log)


def _entries(coordinator: Coordinator) -> list[bytes]:
    record, found = DirectRecord(coordinator), []
    while more := record.entries(len(found), 1000):
        found += more
    return found


def test_it_reads_on_where_it_was(tmp_path: Path, coordinator: Coordinator) -> None:
    """The roster from enrolments and revocations, and how far its own ledger was seen."""
    follower = _follower(tmp_path, coordinator, DirectRecord(coordinator))
    first = follower.follow()
    assert (first.consistent, first.size, sorted(first.roster)) == (True, 3, ["east", "north", "west"])
    ledgers = tuple(
        LedgerHead(school=name, rows=4, head=letter * 64) for name, letter in (("east", "e"), ("west", "f"))
    )
    with coordinator.store.write() as connection:
        append_entry(connection, Revoked(school="west"))
        append_entry(connection, Committed(campaign="c" * 64, round=1, vectors="d" * 64, ledgers=ledgers))
    second = follower.follow()
    assert (second.size, sorted(second.roster), second.revoked) == (5, ["east", "north"], frozenset({"west"}))
    assert (second.own_ledger_rows, second.own_ledger_head) == (4, "e" * 64)
    assert second.root_at(3) == first.root_at(3)
    assert follower.known() == second


def test_without_the_coordinator_nothing_is_concluded(tmp_path: Path, coordinator: Coordinator) -> None:
    """Waiting is no contradiction."""
    follower = _follower(tmp_path, coordinator, DirectRecord(coordinator, unreachable=True))
    with pytest.raises(RetryLater):
        follower.follow()
    assert follower.known().size == 0


def test_every_way_to_rewrite_the_past_is_found(tmp_path: Path, coordinator: Coordinator) -> None:
    """Shorter, an entry changed, a head for other entries, an unknown kind, another's signature."""
    _follower(tmp_path, coordinator, DirectRecord(coordinator)).follow()
    entries = _entries(coordinator)
    flipped = entries[0].replace(b"east", b"eats")
    later = entry_bytes(Revoked(school="north"))
    lies = [
        OtherLog(coordinator, entries[:2]),
        OtherLog(coordinator, [flipped, *entries[1:]]),
        OtherLog(coordinator, [flipped, *entries[1:], later]),
        OtherLog(coordinator, [*entries, later], root="0" * 64),
        OtherLog(coordinator, entries, claimed=9),
        OtherLog(coordinator, [*entries, b'{"kind":"party"}']),
    ]
    for lie in lies:
        view = _follower(tmp_path, coordinator, lie).follow()
        assert not view.consistent
        assert view.size == 3, "nothing of it is kept"
    stranger = OtherLog(coordinator, [*entries, later])
    follower = LogFollower(tmp_path / "fresh", "east", new_identity().public_key, stranger)
    assert not follower.follow().consistent


def test_two_heads_of_one_size_leave_a_proof(tmp_path: Path, coordinator: Coordinator) -> None:
    """Anybody can check it offline; it names both roots."""
    _follower(tmp_path, coordinator, DirectRecord(coordinator)).follow()
    entries = _entries(coordinator)
    lie = OtherLog(coordinator, [entries[1], entries[0], entries[2]])
    assert not _follower(tmp_path, coordinator, lie).follow().consistent
    (proof,) = tmp_path.glob("equivocation-*.proof")
    heads = verify_conflict(proof.read_bytes(), coordinator_key=coordinator.identity.public_key)
    assert heads[0].root != heads[1].root


def test_after_a_proof_nothing_goes_on_until_somebody_settles_it(tmp_path: Path, coordinator: Coordinator) -> None:
    """A coordinator that shows the honest log again afterwards has lied all the same."""
    honest = _follower(tmp_path, coordinator, DirectRecord(coordinator))
    honest.follow()
    entries = _entries(coordinator)
    _follower(tmp_path, coordinator, OtherLog(coordinator, [entries[1], entries[0], entries[2]])).follow()
    (proof,) = tmp_path.glob("equivocation-*.proof")
    for view in (honest.follow(), honest.known()):
        assert not view.consistent
        assert proof.name in view.sentence
    proof.unlink()
    assert honest.follow().consistent
    assert honest.known().consistent


def test_a_head_that_another_school_was_shown_is_compared(tmp_path: Path, coordinator: Coordinator) -> None:
    """The same history at an earlier size is fine; another one is refused and proved."""
    record = DirectRecord(coordinator)
    earlier = record.signed_head()
    with coordinator.store.write() as connection:
        append_entry(connection, Revoked(school="west"))
    follower = _follower(tmp_path, coordinator, record)
    assert follower.hear([earlier, b"", record.signed_head()]) is None
    assert follower.hear([]) is None
    entries = _entries(coordinator)
    for shown in ([entries[1], entries[0], *entries[2:]], [entries[2], *entries[1:3]]):
        refusal = follower.hear([OtherLog(coordinator, shown).signed_head()])
        assert refusal is not None
        assert refusal.code is RefusalCode.LOG_INCONSISTENT
    assert len(list(tmp_path.glob("equivocation-*.proof"))) == 1


def test_a_damaged_file_is_read_again_from_the_start(tmp_path: Path, coordinator: Coordinator) -> None:
    """What is kept is a shortcut."""
    follower = _follower(tmp_path, coordinator, DirectRecord(coordinator))
    whole = follower.follow()
    follower.path.write_bytes(b"x" + follower.path.read_bytes()[1:])
    assert not follower.known().consistent
    assert follower.newest_head() == b""
    assert follower.follow().root_at(3) == whole.root_at(3)
