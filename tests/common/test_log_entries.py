"""Entries have one spelling, and a signed pair of heads proves two histories."""

import pytest

from common.canonical import canonical_json
from common.errors import Corrupt, Refused
from common.log_entries import (
    Committed,
    Confirmed,
    Enrolled,
    LedgerHead,
    LogEntry,
    Opened,
    Planned,
    Proposed,
    Released,
    Revoked,
    Withdrawn,
    entry_bytes,
    read_entry,
)

D = "d" * 64
ENTRIES: list[LogEntry] = [
    Enrolled(school="east", identity_key=D, students=100),
    Revoked(school="east"),
    Proposed(campaign=D, name="autumn"),
    Planned(campaign=D, round=1, plan=D),
    Committed(campaign=D, round=1, vectors=D, ledgers=(LedgerHead(school="east", rows=3, head=D),)),
    Opened(campaign=D, round=1, outcome=D),
    Confirmed(campaign=D, school="east", model=D, matched=True),
    Released(campaign=D, release=D, model=D),
    Withdrawn(release=D, reason="a school asked"),
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_an_entry_comes_back(entry: LogEntry) -> None:
    """Whatever its kind."""
    assert read_entry(entry_bytes(entry)) == entry


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"not json",
        canonical_json({"kind": "party", "school": "east"}),
        canonical_json({"kind": "revoked"}),
        canonical_json({"kind": "revoked", "school": "east", "student": "x"}),
        b'{"school":"east","kind":"revoked"}',
    ],
)
def test_anything_else_is_corrupt(data: bytes) -> None:
    """Unknown kinds, fields that don't belong, another spelling."""
    with pytest.raises((Corrupt, Refused)):
        read_entry(data)
