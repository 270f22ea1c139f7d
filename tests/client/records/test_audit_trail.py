"""Audit trail: a chain that shows any row changed, removed or added."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, text, update

from client.records.audit_trail import FIRST_PREVIOUS, first_broken, head, recent_audit, record_audit
from client.records.store import Store
from client.records.tables import audit_trail
from common.canonical import canonical_json, sha256_hex
from tests.support.stores import NOW, in_reader, in_writer

ROWS = 5


def test_the_first_row_s_hash_is_the_one_worked_by_hand(store: Store) -> None:
    """SHA-256 of number, time, deed and 64 zeros, as canonical JSON."""
    entry = in_writer(store, lambda c: record_audit(c, actor="office", action="export", subject="s-1", now=NOW))
    fields = [1, "2026-09-01T08:00:00+00:00", "office", "export", "s-1", "0" * 64]
    assert entry.hash == sha256_hex(canonical_json(fields))
    assert (entry.previous, in_reader(store, head)) == (FIRST_PREVIOUS, entry)


def test_an_untouched_trail_is_whole(store: Store) -> None:
    """An empty one as well; entries come newest first."""
    assert in_reader(store, first_broken) is None
    assert in_reader(store, head) is None
    _fill(store)
    assert in_reader(store, first_broken) is None
    assert [one.seq for one in in_reader(store, lambda c: recent_audit(c, count=3))] == [5, 4, 3]


@pytest.mark.parametrize("column", ["actor", "action", "subject", "previous", "hash"])
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_changed_row_is_found(store: Store, column: str, seq: int) -> None:
    """Whichever row, whichever column."""
    _fill(store)
    _tamper(store, lambda c: c.execute(update(audit_trail).where(audit_trail.c.seq == seq).values({column: "x"})))
    assert in_reader(store, first_broken) == seq


def test_a_changed_time_is_found(store: Store) -> None:
    """By a single second."""
    _fill(store)
    later = NOW + timedelta(seconds=1)
    _tamper(store, lambda c: c.execute(update(audit_trail).where(audit_trail.c.seq == 1).values(at=later)))
    assert in_reader(store, first_broken) == 1


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_row_is_found(store: Store, seq: int) -> None:
    """By the gap in the numbers."""
    _fill(store)
    _tamper(store, lambda c: c.execute(delete(audit_trail).where(audit_trail.c.seq == seq)))
    assert in_reader(store, first_broken) == seq


def test_an_added_row_is_found(store: Store) -> None:
    """Whoever can insert still can't hash what they don't chain."""
    _fill(store)
    values = {"seq": 6, "at": NOW, "actor": "x", "action": "x", "subject": "x", "previous": "x", "hash": "x"}
    in_writer(store, lambda c: c.execute(insert(audit_trail).values(values)).rowcount)
    assert in_reader(store, first_broken) == 6


def test_a_shortened_trail_shows_only_in_a_head_kept_elsewhere(store: Store) -> None:
    """The chain alone can't show what was cut off its end; the docstring says so."""
    _fill(store)
    kept = in_reader(store, head)
    _tamper(store, lambda c: c.execute(delete(audit_trail).where(audit_trail.c.seq == ROWS)))
    assert in_reader(store, first_broken) is None
    assert in_reader(store, head) != kept


def test_a_deed_that_fails_leaves_no_entry(store: Store) -> None:
    """Deed and entry are one transaction."""

    def deed(connection: Connection) -> None:
        record_audit(connection, actor="office", action="export", subject="s-1", now=NOW)
        raise KeyError

    with pytest.raises(KeyError):
        in_writer(store, deed)
    assert in_reader(store, head) is None


def _fill(store: Store) -> None:
    def work(connection: Connection) -> None:
        for number in range(ROWS):
            at = NOW + timedelta(minutes=number, microseconds=number)
            record_audit(connection, actor="office", action="read", subject=f"s-{number}", now=at)

    in_writer(store, work)


def _tamper(store: Store, change: Callable[[Connection], object]) -> None:
    """As somebody with full rights on the database would: without the triggers."""

    def work(connection: Connection) -> None:
        for deed in ("update", "delete"):
            on = " ON audit_trail" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER audit_trail_no_{deed}{on}"))
        change(connection)

    in_writer(store, work)
