"""The file of a recomputed model: a shortcut that can be lost, and is never believed when it is damaged."""

import stat
from pathlib import Path

import numpy as np
import pytest

from client.training.model_store import ModelStore
from tests.support.published_rounds import PublishedRounds, flipped
from tests.support.schools import consortium_of


@pytest.fixture
def published() -> PublishedRounds:
    """Two rounds on record."""
    consortium = consortium_of("1" * 64)
    published = PublishedRounds(consortium.campaign, consortium.model)
    for _ in range(2):
        published.publish(published.opened())
    return published


def test_what_was_kept_is_read_back_to_the_bit(tmp_path: Path, published: PublishedRounds) -> None:
    """Model, velocity, start and where it stands."""
    store, known = ModelStore(tmp_path / "models"), published.known()
    assert store.read(published.campaign) is None
    assert store.start(published.campaign) is None
    store.keep(known)
    again = store.read(published.campaign)
    assert again is not None
    assert (again.round, again.plan, again.outcome) == (2, known.plan, known.outcome)
    np.testing.assert_array_equal(again.weights.memory, known.weights.memory)
    assert again.model == known.model
    assert store.start(published.campaign) == published.first_model


def test_only_the_owner_reads_it(tmp_path: Path, published: PublishedRounds) -> None:
    """As everything in a school's folder."""
    ModelStore(tmp_path / "models").keep(published.known())
    [path] = (tmp_path / "models").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_damaged_file_counts_as_lost(tmp_path: Path, published: PublishedRounds) -> None:
    """Flipped or cut anywhere."""
    store = ModelStore(tmp_path / "models")
    store.keep(published.known())
    [path] = (tmp_path / "models").iterdir()
    good = path.read_bytes()
    for at in range(0, len(good), 101):
        for damaged in (flipped(good, at), good[:at]):
            path.write_bytes(damaged)
            assert store.read(published.campaign) is None
