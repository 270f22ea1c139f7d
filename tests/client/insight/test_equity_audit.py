"""The fairness check on a school's own records, and its labels nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.insight.equity_audit import audit_equity
from client.records.insight_checks import recent_checks
from client.records.store import Store
from client.records.student_groups import set_groups
from tests.support.stores import NOW, in_reader, in_writer, sqlite_store
from tests.support.watched import BANK, watched_school


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Empty."""
    opened = sqlite_store(tmp_path)
    yield opened
    opened.close()


def test_each_thing_that_is_compared_is_checked(store: Store, tmp_path: Path) -> None:
    """Two students without a label are too few to be a group of their own, and the other ten join them."""
    school = watched_school(store, tmp_path / "releases")
    school.practise(0)
    assert audit_equity(store, school.releases, BANK).by == {}
    labels = {one: {"home": "a", "meals": "free" if n else ""} for n, one in enumerate(school.students[2:])}
    in_writer(store, lambda c: set_groups(c, store.vault, labels, by="abe", now=NOW))
    found = audit_equity(store, school.releases, BANK)
    assert found.rung == "logistic"
    assert found.by == {"home": (), "meals": ()}


def test_nothing_of_it_is_kept(store: Store, tmp_path: Path) -> None:
    """Neither figures nor labels."""
    school = watched_school(store, tmp_path / "releases")
    school.practise(0)
    audit_equity(store, school.releases, BANK)
    assert in_reader(store, lambda c: recent_checks(c, "equity", count=1)) == []
