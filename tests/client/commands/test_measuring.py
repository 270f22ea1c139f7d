"""A school without any consortium measures itself, and serves what its gate chose."""

from pathlib import Path

import pytest

from client.cli import main
from client.records.audit_trail import recent_audit
from client.records.serving import OWN, load_bkt, load_ladder
from client.records.serving_now import serving_now
from client.records.store import open_school_store
from client.settings import SchoolFolder, load_settings


def test_a_school_alone_climbs_to_its_own_logistic_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Students whose skills grow: counts tell more than five numbers a skill. Measured twice, the same serves."""
    folder = SchoolFolder(tmp_path / "hill")
    at = ["--folder", str(folder.path)]
    assert main(["init", "--school", "Hill", *at]) == 0
    assert main(["simulate", "--students", "60", "--answers", "40", "--model", "growth", *at]) == 0
    for _ in range(2):
        assert main(["measure", "--by", "Ms Reed", *at]) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith("The logistic model serves.")
    assert main(["report", *at]) == 0
    assert "Serving: the logistic model, fitted by this school alone." in capsys.readouterr().out
    store = open_school_store(folder, load_settings(folder))
    try:
        with store.read() as connection:
            served, bkt, now = (
                load_ladder(connection, folder.releases),
                load_bkt(connection),
                serving_now(connection),
            )
            trail = recent_audit(connection, count=1)
    finally:
        store.close()
    assert served is not None
    assert bkt is not None
    assert now is not None
    assert (served.digest, served.rung, served.skill_map) == (OWN, "logistic", bkt.skill_map)
    assert now.figures["auc_logistic"] > 0.5
    assert [(row.actor, row.action, row.subject) for row in trail] == [("Ms Reed", "models-measured", OWN)]


def test_a_new_school_keeps_the_skill_tracer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has answered yet."""
    at = ["--folder", str(tmp_path / "new")]
    assert main(["init", "--school", "New", *at]) == 0
    assert main(["measure", *at]) == 0
    assert "too few" in capsys.readouterr().out
