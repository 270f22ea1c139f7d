"""Installed releases: many on disk, at most one that serves."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from client.records.releases import (
    InstalledRelease,
    activate_release,
    active_release,
    deactivate_releases,
    installed_releases,
    record_release,
)
from client.records.store import Store
from common.errors import ErrorCode, FixSettings
from tests.support.stores import NOW, in_reader, in_writer

FIRST = InstalledRelease(
    digest="a" * 64,
    path=Path("releases/first.release"),
    rung="dkt",
    reason="Better than the school's own model on students it never saw.",
    figures={"auc": 0.744, "students": 61, "bkt": {"auc": 0.71}},
    installed_at=NOW,
    active=True,
)
SECOND = replace(FIRST, digest="b" * 64, installed_at=NOW + timedelta(days=30))


def test_a_release_comes_back_whole(store: Store) -> None:
    """With the figures of the school's own gate."""
    _record(store, FIRST)
    assert in_reader(store, active_release) == FIRST
    assert in_reader(store, installed_releases) == [FIRST]


def test_nothing_serves_at_first(store: Store) -> None:
    """Practice then uses the school's own model."""
    assert in_reader(store, active_release) is None
    _record(store, replace(FIRST, active=False))
    assert in_reader(store, active_release) is None


def test_at_most_one_release_serves(store: Store) -> None:
    """The newer replaces the older, and rolling back is activating the older again."""
    _record(store, FIRST, SECOND)
    assert in_reader(store, active_release) == SECOND
    in_writer(store, lambda c: activate_release(c, FIRST.digest))
    assert in_reader(store, active_release) == FIRST
    assert in_reader(store, installed_releases) == [replace(SECOND, active=False), FIRST]
    in_writer(store, deactivate_releases)
    assert in_reader(store, active_release) is None


def test_the_same_release_again_replaces_its_row(store: Store) -> None:
    """A second evaluation brings new figures."""
    _record(store, FIRST, replace(FIRST, figures={"auc": 0.7}, active=False))
    assert in_reader(store, installed_releases) == [replace(FIRST, figures={"auc": 0.7}, active=False)]


def test_a_release_that_isn_t_installed_can_t_serve(store: Store) -> None:
    """And the one that serves goes on."""
    _record(store, FIRST)
    with pytest.raises(FixSettings) as refused:
        in_writer(store, lambda c: activate_release(c, "f" * 64))
    assert refused.value.code is ErrorCode.NOT_FOUND
    assert in_reader(store, active_release) == FIRST


def _record(store: Store, *releases: InstalledRelease) -> None:
    for one in releases:
        in_writer(store, lambda c, one=one: record_release(c, one))  # type: ignore[misc]
