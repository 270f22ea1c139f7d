"""What serves now is one record, whoever brought it."""

from pathlib import Path

from sqlalchemy import Connection

from client.records.releases import InstalledRelease, record_release
from client.records.serving import OWN, ServedLadder, save_ladder
from client.records.serving_now import serving_now
from client.records.store import Store
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS
from tests.support.stores import NOW, in_reader, in_writer


def test_nothing_was_measured_at_first(store: Store) -> None:
    """Practice has its built-in values."""
    assert in_reader(store, serving_now) is None


def test_a_release_comes_before_what_was_measured_alone(store: Store, tmp_path: Path) -> None:
    """Each with its rung, reason and figures."""
    models = random_ladder(SKILLS, network=False)
    own = ServedLadder(OWN, SKILLS, "logistic", models, "It counts better.", {"auc_logistic": 0.75})
    in_writer(store, lambda connection: save_ladder(connection, own, tmp_path, now=NOW))
    found = in_reader(store, serving_now)
    assert found is not None
    assert (found.rung, found.reason, found.figures) == ("logistic", "It counts better.", {"auc_logistic": 0.75})
    assert (found.measured_at, found.release) == (NOW, None)

    def install(connection: Connection) -> None:
        figures = {"auc_served": 0.8, "note": "not a number"}
        release = InstalledRelease("a" * 64, tmp_path / "r", "stack", "Both.", figures, NOW, active=True)
        record_release(connection, release)

    in_writer(store, install)
    found = in_reader(store, serving_now)
    assert found is not None
    assert found.release is not None
    assert (found.rung, found.reason, found.figures) == ("stack", "Both.", {"auc_served": 0.8})
