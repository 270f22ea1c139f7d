"""A report over a gate stands against a release; a missing one does only where it is required."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common import attack_report
from server.attack_gate import attack_word
from server.coordinator import Coordinator
from tests.support.coordinators import new_coordinator


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that asks for no report."""
    made = new_coordinator(tmp_path / "coordinator")
    yield made
    made.close()


def _put(coordinator: Coordinator, report: Any) -> None:
    coordinator.folder.attack_report.write_text(report if isinstance(report, str) else json.dumps(report))


def test_without_a_report_it_depends_on_the_setting(coordinator: Coordinator, tmp_path: Path) -> None:
    """The sentence says what to run and where to put it."""
    assert attack_word(coordinator).problem == ""
    strict = new_coordinator(tmp_path / "strict", require_attack_report=True)
    assert "benchmarks.attack" in attack_word(strict).problem
    strict.close()


@pytest.mark.parametrize("report", ["not json", [1, 2], {"schema": "other"}, {"schema": attack_report.SCHEMA}])
def test_what_is_not_a_report_is_no_word_for_a_release(coordinator: Coordinator, report: Any) -> None:
    """Never another exception."""
    _put(coordinator, report)
    assert attack_word(coordinator).problem


def test_a_sound_report_gives_its_figures_and_a_bad_one_its_problems(
    coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every gate's figure goes onto the card; a figure over its limit is named."""
    gates = (attack_report.Gate("membership: AUC", 0.56, 0.6, at_least=False),)
    monkeypatch.setattr("server.attack_gate.gates_of", lambda report: gates)
    monkeypatch.setattr("server.attack_gate.problems_of", lambda report: [])
    _put(coordinator, {})
    assert attack_word(coordinator).figures == {"attack: membership: AUC": 0.56}
    monkeypatch.setattr("server.attack_gate.problems_of", lambda report: ["membership: AUC is 0.700."])
    assert "membership: AUC is 0.700." in attack_word(coordinator).problem
