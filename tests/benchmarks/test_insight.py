"""The insight benchmark counts what it planted."""

import json
from pathlib import Path

import pytest

from benchmarks.insight.__main__ import main
from benchmarks.insight.unfair_schools import alarmed_schools
from benchmarks.insight.wrong_keys import KeyFindings, PlantedKey, summary


def test_recall_is_counted_by_how_many_were_able() -> None:
    """By hand: one of two keys found among eight to nineteen, and one sound item of ten accused."""
    keys = (PlantedKey(9, True, True), PlantedKey(19, False, True), PlantedKey(3, False, False))
    found = summary([KeyFindings(keys, 10, 1, 2, 0, {})])
    assert (found["keys_8_to_19_able"], found["accused_8_to_19_able"], found["noticed_8_to_19_able"]) == (
        2,
        0.5,
        1,
    )
    assert (found["keys_0_to_7_able"], found["noticed_0_to_7_able"]) == (1, 0)
    assert (found["false_alarms"], found["hard_false_alarms"]) == (0.1, 0)


def test_planted_bias_is_counted_and_none_is_not() -> None:
    """Four schools of each kind."""
    assert alarmed_schools(4, off=0.8) == 1
    assert alarmed_schools(4) <= 0.25


@pytest.mark.slow
def test_the_command_writes_its_report(tmp_path: Path) -> None:
    """One school of each size and kind."""
    out = tmp_path / "report.json"
    main(["--key-schools", "1", "--fair-schools", "1", "--out", str(out)])
    report = json.loads(out.read_text())
    assert set(report["wrong_keys"]) == {"120", "300"}
    assert set(report["fairness_alarms"]) == {"no_bias", "half_a_logit_off", "noise_of_2.5_logits"}
