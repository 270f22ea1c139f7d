"""What serves, as rows and files: it comes back equal, and damage to either is noticed."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from client.records.releases import InstalledRelease, record_release
from client.records.serving import (
    DKT,
    ServedBkt,
    ServedDkt,
    load_bkt,
    load_dkt,
    model_file,
    save_bkt,
    save_dkt,
    write_durably,
)
from client.records.store import Store
from common.models.bkt import default_bkt
from tests.support.models import SKILLS, random_arrays
from tests.support.stores import NOW, in_reader, in_writer

DIGEST = "a" * 64


def install(store: Store, folder: Path, *, rung: str = DKT, digest: str = DIGEST) -> ServedDkt:
    """A served model and the active release that it belongs to."""
    served = ServedDkt(digest, SKILLS, random_arrays(SKILLS.rows, 4, seed=3), {"item 1": 0.5})

    def work(connection: Connection) -> None:
        save_dkt(connection, served, folder, now=NOW)
        release = InstalledRelease(digest, folder / "file", rung, "better here", {}, NOW, active=True)
        record_release(connection, release)

    in_writer(store, work)
    return served


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
    """Arrays, difficulty and skill map."""
    served = install(store, tmp_path)
    found = in_reader(store, lambda connection: load_dkt(connection, tmp_path))
    assert found is not None
    assert (found.digest, found.skill_map, found.difficulty) == (DIGEST, SKILLS, {"item 1": 0.5})
    for name, array in served.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)
    assert (model_file(tmp_path, DIGEST).stat().st_mode & 0o777) == 0o600


def test_each_release_keeps_its_own_model(store: Store, tmp_path: Path) -> None:
    """Going back needs the earlier one as it was."""
    install(store, tmp_path)
    install(store, tmp_path, digest="b" * 64)
    found = in_reader(store, lambda connection: load_dkt(connection, tmp_path))
    assert found is not None
    assert found.digest == "b" * 64
    assert len(list(tmp_path.glob("*.model"))) == 2


def test_a_release_on_bkts_rung_or_without_its_row_gives_none(store: Store, tmp_path: Path) -> None:
    """Practice then takes the school's own fit."""
    install(store, tmp_path, rung="bkt")
    assert in_reader(store, lambda connection: load_dkt(connection, tmp_path)) is None
    stray = InstalledRelease("c" * 64, tmp_path / "file", DKT, "better here", {}, NOW, active=True)
    in_writer(store, lambda connection: record_release(connection, stray))
    assert in_reader(store, lambda connection: load_dkt(connection, tmp_path)) is None


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
    assert in_reader(store, lambda connection: load_dkt(connection, tmp_path)) is None


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    """And no draft is left beside it."""
    path = tmp_path / "file.model"
    write_durably(path, b"one")
    write_durably(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]
