"""Policies, runs and figures on few students."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.practice.__main__ import main
from benchmarks.practice.baselines import NOTHING, Simple, View, surely_known, three_in_a_row
from benchmarks.practice.compare import FAMILIES, POLICIES, RATIOS, figures, run_world
from benchmarks.practice.records import Answers, Records
from benchmarks.practice.runs import Run
from benchmarks.practice.targets import Target
from benchmarks.practice.worlds import SKILLS
from common.models.bkt import default_bkt


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_runs_and_repeats(policy: str) -> None:
    """Sixty items at most; what is failed or known already is among them; the same seed, the same run."""
    one, same = (run_world(("fading", policy), world=0, students=30, seed=1) for _ in range(2))
    for name in Run.__slots__:
        assert (getattr(one, name) == getattr(same, name)).all()
    assert (one.asked <= 60).all()
    assert (one.failed + one.over <= 2 * one.asked).all()
    assert (one.unheld <= one.declared).all()
    assert (one.later <= one.ever).all()


def test_figures_are_ratios_of_sums_with_an_interval_over_students() -> None:
    """Worked by hand: two of four gained of 60 asked each."""
    n = np.ones(4)
    done = Run(np.array([0.0, 1.0, 0.0, 1.0]), 30 * n, 15 * n, 60 * n, 2 * n, 0 * n, 4 * n, 3 * n)
    found = figures(done, seed=0)
    assert set(found) == set(RATIOS)
    assert found["gained_per_100"]["value"] == pytest.approx(100 * 2 / 240)
    assert found["failure"] == {"value": 0.5, "low": 0.5, "high": 0.5}
    assert found["retention_30d"]["value"] == pytest.approx(0.75)
    assert found["gained_of_60"]["low"] < 0.5 < found["gained_of_60"]["high"]


def test_a_gate_is_done_when_its_rule_says_so() -> None:
    """Three right in a row end a skill for good; a student who has shown everything is asked nothing."""
    records, policy = Records(default_bkt(SKILLS), 1), Simple(three_in_a_row, 1, 0)
    for skill in range(SKILLS):
        for n in range(3):
            assert policy.choose(records, 0.0)[0] == skill
            yes = np.ones(1, np.bool_)
            records.observe(Answers(np.array([skill]), np.array([n]), yes, yes, 60.0 * (3 * skill + n)))
    assert policy.choose(records, 0.0)[0] == NOTHING
    view = View(np.zeros((1, SKILLS), np.bool_), np.zeros((1, SKILLS), np.bool_), 0, np.random.default_rng(0))
    records.known[:] = 0.96
    assert surely_known(records, view)[0] == NOTHING


def test_a_target_holds_at_its_limit_and_not_beyond() -> None:
    """Both directions."""
    assert Target("gain", 1.3, 1.3).holds
    assert not Target("gain", 1.29, 1.3).holds
    assert Target("failure", 0.5, 0.5, at_least=False).holds
    assert not Target("failure", 0.51, 0.5, at_least=False).holds


def test_the_report_has_every_policy_in_every_family(tmp_path: Path) -> None:
    """With schema, command, seed and versions."""
    out = tmp_path / "report.json"
    assert main(["--out", str(out), "--worlds", "1", "--students", "20"]) == 0
    report = json.loads(out.read_text())
    assert report["schema"] == "homeroom.practice/1"
    assert (report["seed"], report["command"][:29]) == (0, "python -m benchmarks.practice")
    assert set(report["versions"]) == {"homeroom", "numpy"}
    assert set(report["families"]) == set(FAMILIES)
    for rows in report["families"].values():
        assert set(rows) == set(POLICIES)
        for row in rows.values():
            assert {"gained_per_100", "failure", "over_practice", "under_practice", "retention_30d"} <= set(row)
            assert all(set(figure) == {"value", "low", "high"} for figure in row.values())
