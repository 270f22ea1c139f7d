"""What serves, as rows and files: it comes back equal, and damage to either is noticed."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from client.records.releases import InstalledRelease, record_release
from client.records.serving import (
    OWN,
    ServedBkt,
    ServedLadder,
    load_bkt,
    load_ladder,
    model_file,
    save_bkt,
    save_ladder,
)
from client.records.serving_json import packed
from client.records.store import Store
from common.models.bkt import default_bkt
from common.models.ladder import Rung
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS
from tests.support.stores import NOW, in_reader, in_writer

DIGEST = "a" * 64


def install(store: Store, folder: Path, *, rung: Rung = "stack", digest: str = DIGEST) -> ServedLadder:
    """A served ladder and the active release that it belongs to."""
    served = ServedLadder(digest, SKILLS, rung, random_ladder(SKILLS, seed=3))

    def work(connection: Connection) -> None:
        save_ladder(connection, served, folder, now=NOW)
        release = InstalledRelease(digest, folder / "file", rung, "better here", {}, NOW, active=True)
        record_release(connection, release)

    in_writer(store, work)
    return served


def loaded(store: Store, folder: Path) -> ServedLadder | None:
    """What practice would get."""
    return in_reader(store, lambda connection: load_ladder(connection, folder))


def test_a_fit_comes_back_equal_and_the_newest_counts(store: Store) -> None:
    """None before the first."""
    assert in_reader(store, load_bkt) is None
    for parameters in (default_bkt(3), default_bkt(SKILLS.rows)):
        served = ServedBkt(SKILLS, parameters)
        in_writer(store, lambda connection: save_bkt(connection, served, now=NOW))  # noqa: B023 - runs at once
    found = in_reader(store, load_bkt)
    assert found is not None
    assert found.skill_map == SKILLS
    assert found.parameters.rows == SKILLS.rows


def test_a_model_comes_back_bit_for_bit(store: Store, tmp_path: Path) -> None:
    """Arrays of both models, what is known of items, weights and certainty."""
    served = install(store, tmp_path)
    found = loaded(store, tmp_path)
    assert found is not None
    assert (found.digest, found.skill_map, found.rung) == (DIGEST, SKILLS, "stack")
    for name, array in packed(served.models).items():
        np.testing.assert_array_equal(packed(found.models)[name], array)
    assert found.models.difficulty == {"item 1": 0.5}
    assert found.models.logistic.offsets == served.models.logistic.offsets
    assert found.models.logistic.families == served.models.logistic.families
    assert (found.models.weights, found.models.certainty) == (served.models.weights, served.models.certainty)
    assert (model_file(tmp_path, DIGEST).stat().st_mode & 0o777) == 0o600


def test_without_a_release_the_schools_own_ladder_counts(store: Store, tmp_path: Path) -> None:
    """Measured alone: a logistic model without a network; a release that BKT beat hides it."""
    own = ServedLadder(OWN, SKILLS, "logistic", random_ladder(SKILLS, network=False))
    in_writer(store, lambda connection: save_ladder(connection, own, tmp_path, now=NOW))
    found = loaded(store, tmp_path)
    assert found is not None
    assert (found.digest, found.rung, found.models.dkt) == (OWN, "logistic", None)
    install(store, tmp_path, rung="bkt")
    assert loaded(store, tmp_path) is None


def test_a_ladder_measured_alone_on_bkts_rung_gives_none(store: Store, tmp_path: Path) -> None:
    """Its logistic model wasn't better."""
    own = ServedLadder(OWN, SKILLS, "bkt", random_ladder(SKILLS, network=False))
    in_writer(store, lambda connection: save_ladder(connection, own, tmp_path, now=NOW))
    assert loaded(store, tmp_path) is None


def test_each_release_keeps_its_own_model(store: Store, tmp_path: Path) -> None:
    """Going back needs the earlier one as it was."""
    install(store, tmp_path)
    install(store, tmp_path, digest="b" * 64)
    found = loaded(store, tmp_path)
    assert found is not None
    assert found.digest == "b" * 64
    assert len(list(tmp_path.glob("*.model"))) == 2


def test_a_release_on_bkts_rung_or_without_its_row_gives_none(store: Store, tmp_path: Path) -> None:
    """Practice then takes the school's own fit."""
    install(store, tmp_path, rung="bkt")
    assert loaded(store, tmp_path) is None
    stray = InstalledRelease("c" * 64, tmp_path / "file", "stack", "better here", {}, NOW, active=True)
    in_writer(store, lambda connection: record_release(connection, stray))
    assert loaded(store, tmp_path) is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "another model", "gone"])
def test_a_damaged_file_is_noticed(store: Store, tmp_path: Path, damage: str) -> None:
    """Also when it is a sound file of the wrong model."""
    install(store, tmp_path)
    path = model_file(tmp_path, DIGEST)
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "another model":
        path.write_bytes(data.replace(data[-4:], b"\x00\x00\x80\x3f"))
    else:
        path.write_bytes(data[:-1] if damage == "cut" else data[:50] + bytes([data[50] ^ 4]) + data[51:])
    assert loaded(store, tmp_path) is None
