"""The log at the coordinator only grows, is signed as it is, and stands or falls with what it tells."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from common.errors import FixSettings
from common.log_entries import Enrolled, Proposed, Released, Revoked, Withdrawn, read_entry
from common.signed_head import open_head
from common.transparency import frontier_of, leaf_hash, verify_consistency
from server import tables
from server.coordinator import Coordinator
from server.public_log import append_entry, consistency, log_head, read_entries, signed_head
from server.schools import revoke
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path)
    yield made
    made.close()


def test_enrolment_proposal_and_revocation_are_entries(coordinator: Coordinator) -> None:
    """In their order, with the keys that plans hold."""
    schools = three_schools(coordinator)
    enrol_schools(coordinator, schools)
    plan = add_test_campaign(coordinator, schools)
    revoke(coordinator, "west")
    with coordinator.store.read() as connection:
        entries = [read_entry(entry) for entry in read_entries(connection, 0, 100)]
    enrolled = [entry for entry in entries if isinstance(entry, Enrolled)]
    assert {entry.school: entry.identity_key for entry in enrolled} == {
        name: school.identity.public_key for name, school in schools.items()
    }
    assert entries[-2:] == [Proposed(campaign=plan.digest, name=plan.campaign), Revoked(school="west")]


def test_the_signed_head_is_the_tree_s(coordinator: Coordinator) -> None:
    """Empty, and after each entry."""
    for count in range(4):
        with coordinator.store.read() as connection:
            head = open_head(
                signed_head(coordinator, connection).signed, coordinator_key=coordinator.identity.public_key
            )
            leaves = [leaf_hash(entry) for entry in read_entries(connection, 0, 10)]
        assert (head.size, head.root) == (count, frontier_of(leaves).root().hex())
        with coordinator.store.write() as connection:
            append_entry(connection, Withdrawn(release="a" * 64, reason=str(count)))


def test_a_transaction_that_fails_leaves_no_entry(coordinator: Coordinator) -> None:
    """The event and its entry stand or fall together."""
    with pytest.raises(ZeroDivisionError), coordinator.store.write() as connection:
        append_entry(connection, Revoked(school="west"))
        raise ZeroDivisionError
    with coordinator.store.read() as connection:
        assert log_head(connection)[0] == 0


def test_nobody_changes_what_is_in_it(coordinator: Coordinator) -> None:
    """Not even by SQL."""
    with coordinator.store.write() as connection:
        append_entry(connection, Revoked(school="west"))
    for statement in (tables.log_entries.update().values(entry=b""), tables.log_entries.delete()):
        with pytest.raises(IntegrityError, match="only grows"), coordinator.store.write() as connection:
            connection.execute(statement)


def test_a_longer_log_proves_that_it_continues_a_shorter(coordinator: Coordinator) -> None:
    """For sizes that exist."""
    with coordinator.store.write() as connection:
        for number in range(7):
            entry = Released(campaign="c" * 64, release=f"{number:064x}", model="d" * 64)
            append_entry(connection, entry)
    with coordinator.store.read() as connection:
        leaves = [leaf_hash(entry) for entry in read_entries(connection, 0, 10)]
        proof = consistency(connection, 3, 7)
        old, new = (frontier_of(leaves[:size]).root() for size in (3, 7))
        assert verify_consistency(3, 7, old_root=old, new_root=new, proof=proof)
        for sizes in ((0, 7), (3, 8), (5, 4)):
            with pytest.raises(FixSettings):
                consistency(connection, *sizes)


def test_a_batch_is_bounded_in_bytes(coordinator: Coordinator) -> None:
    """As many whole entries as fit; an entry that is larger than a batch still comes, alone."""
    with coordinator.store.write() as connection:
        for number in range(6):
            append_entry(connection, Withdrawn(release="a" * 64, reason=f"{number} " + "x" * 100))
    with coordinator.store.read() as connection:
        whole = read_entries(connection, 0, 6)
        size = len(whole[0])
        assert len(whole) == 6
        assert read_entries(connection, 1, 6, most_bytes=3 * size) == whole[1:4]
        assert read_entries(connection, 1, 6, most_bytes=3 * size - 1) == whole[1:3]
        assert read_entries(connection, 5, 6, most_bytes=1) == whole[5:]
