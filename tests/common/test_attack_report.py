"""The gates pass a sound report and name what stands against any other."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from common.attack_report import COORDINATOR_ATTACKS, FAULTS, HONEST_RUNS, SCHEMA, Gate, gates_of, problems_of

SOUND: dict[str, Any] = {
    "schema": SCHEMA,
    "inversion": {
        "off": {"f1": 1.0},
        "on": {"f1": 0.29, "auc": 0.5},
        "blind_f1": 0.3,
        "mostly_right": {"off": 0.9, "on": 0.5},
    },
    "membership": {
        "off": {"auc": 1.0},
        "on": {"auc": 0.56},
        "black_box": {"off": {"auc": 1.0}, "on": {"auc": 0.67}},
        "campaign": {"epsilon_lower_bound": 1.9, "epsilon_claimed": 3.0},
    },
    "classmates": {
        "off": {"ordinary": {"likelihood_ratio": 0.99}, "rare": {"likelihood_ratio": 0.995}},
        "on": {
            kind: {"inner_product": 0.56, "likelihood_ratio": 0.62, "loss": 0.52, "loss_drop": 0.57}
            for kind in ("ordinary", "rare")
        },
        "epsilon_lower_bound": 0.8,
        "epsilon_claimed": 3.0,
    },
    "inconsistency": {"off": {"cosine": 1.0}, "on": {"cosine": -0.01}, "the_school_itself": {"refused": True}},
    "poisoning": {"start_auc": 0.6, "attacks": {"sign_flip": {"on": {"auc": 0.6}}, "none": {"on": {"auc": 0.65}}}},
    "coordinator": [{"number": n, "refused": True} for n in (*range(1, COORDINATOR_ATTACKS + 1), 3, 9)],
    "audit": {
        "claimed": 8.0,
        "honest": [{"highest_bound": 5.0, "found": False}] * HONEST_RUNS,
        "faults": [{"fault": fault, "found": True} for fault in sorted(FAULTS)],
    },
}


def _changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    report = copy.deepcopy(SOUND)
    change(report)
    return report


def test_a_sound_report_passes_every_gate() -> None:
    """Nothing stands against a release."""
    assert problems_of(SOUND) == []
    assert all(gate.passed for gate in gates_of(SOUND))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda r: r["inversion"]["off"].update(f1=0.9), "inversion without noise"),
        (lambda r: r["inversion"]["on"].update(f1=0.36), "above blind guessing"),
        (lambda r: r["membership"]["on"].update(auc=0.61), "membership in a round: AUC"),
        (lambda r: r["membership"]["off"].update(auc=0.6), "membership without noise"),
        (lambda r: r["membership"]["campaign"].update(epsilon_lower_bound=3.1), "bound less claim"),
        (lambda r: r["classmates"]["off"]["rare"].update(likelihood_ratio=0.7), "of students, without noise"),
        (lambda r: r["classmates"]["on"]["ordinary"].update(loss=0.61), "of ordinary students"),
        (lambda r: r["classmates"]["on"]["rare"].update(inner_product=0.61), "of rare students"),
        (lambda r: r["classmates"]["on"]["rare"].update(loss_drop=float("nan")), "of rare students"),
        (lambda r: r["classmates"].update(epsilon_lower_bound=3.1), "everybody's answers known"),
        (lambda r: r["inconsistency"]["on"].update(cosine=-0.9), "inconsistency: cosine"),
        (lambda r: r["inconsistency"]["the_school_itself"].update(refused=False), "refused by the school"),
        (lambda r: r["poisoning"]["attacks"]["none"]["on"].update(auc=0.5), "poisoning"),
        (lambda r: r["poisoning"]["attacks"]["none"]["on"].update(auc=float("nan")), "poisoning"),
        (lambda r: r["coordinator"].pop(3), "attacks refused"),
        (lambda r: r["coordinator"][-1].update(refused=False), "attacks refused"),
        (lambda r: r["coordinator"][0].update(number=11), "attacks refused"),
        (lambda r: r["audit"]["honest"][3].update(highest_bound=8.1), "honest runs"),
        (lambda r: r["audit"]["honest"][3].update(found=True), "honest runs"),
        (lambda r: r["audit"]["faults"][0].update(found=False), "seeded faults"),
        (lambda r: r["audit"]["faults"].pop(), "seeded faults"),
        (lambda r: r["membership"]["on"].update(auc=float("nan")), "membership in a round: AUC"),
        (lambda r: r["membership"]["black_box"]["off"].update(auc=0.9), "membership from the model, without"),
        (lambda r: r["inversion"]["mostly_right"].update(on=0.7), "mostly right"),
    ],
)
def test_each_figure_over_its_limit_is_named(change: Callable[[dict[str, Any]], None], word: str) -> None:
    """One problem, in a sentence with the figure and the limit."""
    report = copy.deepcopy(SOUND)
    report["audit"]["honest"] = [dict(row) for row in report["audit"]["honest"]]
    change(report)
    (problem,) = problems_of(report)
    assert word in problem


@pytest.mark.parametrize("missing", ["audit", "classmates", "coordinator", "membership"])
def test_an_incomplete_report_passes_nothing(missing: str) -> None:
    """Nor does another schema."""
    assert problems_of(_changed(lambda report: report.pop(missing))) == ["The attack report is incomplete."]
    assert problems_of(_changed(lambda report: report.update(schema="other"))) != []
    assert problems_of({}) != []


def test_a_gate_never_passes_without_a_number() -> None:
    """In either direction."""
    assert not Gate("x", float("nan"), 1.0, at_least=False).passed
    assert not Gate("x", float("inf"), 1.0, at_least=True).passed
