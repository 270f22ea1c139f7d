"""The attack suite's gates: which figures a report has to hold before a model may be released. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "homeroom.attack-report/1"
HONEST_RUNS = 20
FAULTS = frozenset(
    {"half_noise", "no_clip", "doubled_clip", "reused_noise", "windows_clipped_apart", "shuffled_batches"}
)
COORDINATOR_ATTACKS = 10


@dataclass(frozen=True, slots=True)
class Gate:
    """One figure and its limit. A gate with the protection off shows that the attack has power at all."""

    name: str
    value: float
    limit: float
    at_least: bool

    @property
    def passed(self) -> bool:
        """Never for a figure that isn't a number."""
        if not math.isfinite(self.value):
            return False
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def gates_of(report: Mapping[str, Any]) -> tuple[Gate, ...]:
    """Every gate with what this report says; KeyError or TypeError if the report lacks a part."""
    return (
        *_inversion_gates(report["inversion"]),
        *_membership_gates(report["membership"]),
        *_classmate_gates(report["classmates"]),
        *_coordinator_gates(report),
        *_audit_gates(report["audit"]),
    )


def _inversion_gates(found: Mapping[str, Any]) -> tuple[Gate, ...]:
    above_blind = found["on"]["f1"] - found["blind_f1"]
    return (
        Gate("inversion without noise: F1", found["off"]["f1"], 0.99, at_least=True),
        Gate("inversion: F1 above blind guessing", above_blind, 0.05, at_least=False),
        Gate("inversion: AUC", found["on"]["auc"], 0.55, at_least=False),
        Gate("inversion: AUC of mostly right answers", found["mostly_right"]["on"], 0.60, at_least=False),
    )


def _membership_gates(found: Mapping[str, Any]) -> tuple[Gate, ...]:
    """A campaign's AUC has no limit of its own: its epsilon allows more than chance, and the bound judges it."""
    campaign, model = found["campaign"], found["black_box"]
    over = campaign["epsilon_lower_bound"] - campaign["epsilon_claimed"]
    return (
        Gate("membership without noise: AUC", found["off"]["auc"], 0.95, at_least=True),
        Gate("membership in a round: AUC", found["on"]["auc"], 0.60, at_least=False),
        Gate("membership from the model, without noise: AUC", model["off"]["auc"], 0.95, at_least=True),
        Gate("membership over the campaign: bound less claim", over, 0.0, at_least=False),
    )


def _classmate_gates(found: Mapping[str, Any]) -> tuple[Gate, ...]:
    """Students among others over a whole campaign. What needs everybody's answers has its epsilon as its limit."""
    power = min(ways["likelihood_ratio"] for ways in found["off"].values())
    over = found["epsilon_lower_bound"] - found["epsilon_claimed"]
    return (
        Gate("membership of students, without noise: AUC", power, 0.95, at_least=True),
        *(
            Gate(f"membership of {kind} students: AUC", _best(found["on"][kind]), 0.60, at_least=False)
            for kind in ("ordinary", "rare")
        ),
        Gate("membership of students, everybody's answers known: bound less claim", over, 0.0, at_least=False),
    )


def _best(ways: Mapping[str, float]) -> float:
    """Of the attacks that need one student's answers; nan if one of them is."""
    figures = [ways[way] for way in ("inner_product", "loss", "loss_drop")]
    return math.nan if any(map(math.isnan, figures)) else max(figures)


def _coordinator_gates(report: Mapping[str, Any]) -> tuple[Gate, ...]:
    inconsistency, poisoning = report["inconsistency"], report["poisoning"]
    refused = float(inconsistency["the_school_itself"]["refused"])
    losses = [poisoning["start_auc"] - attack["on"]["auc"] for attack in poisoning["attacks"].values()]
    lost = math.nan if any(map(math.isnan, losses)) else max(losses)
    attacks = float(len(_refused_attacks(report["coordinator"])))
    return (
        Gate("inconsistency without masks: cosine", inconsistency["off"]["cosine"], 0.95, at_least=True),
        Gate("inconsistency: cosine", abs(inconsistency["on"]["cosine"]), 0.30, at_least=False),
        Gate("inconsistency: refused by the school", refused, 1.0, at_least=True),
        Gate("poisoning: AUC lost against the start", lost, 0.01, at_least=False),
        Gate("coordinator: attacks refused", attacks, float(COORDINATOR_ATTACKS), at_least=True),
    )


def _audit_gates(found: Mapping[str, Any]) -> tuple[Gate, ...]:
    honest = [row for row in found["honest"] if row["highest_bound"] <= found["claimed"] and not row["found"]]
    caught = {row["fault"] for row in found["faults"] if row["found"]}
    return (
        Gate("audit: honest runs within the claim", float(len(honest)), float(HONEST_RUNS), at_least=True),
        Gate("audit: seeded faults found", float(len(caught & FAULTS)), float(len(FAULTS)), at_least=True),
    )


def _refused_attacks(rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """Numbers of the attacks of which everything that was tried was refused."""
    tried = {row["number"] for row in rows}
    went_through = {row["number"] for row in rows if not row["refused"]}
    return (tried - went_through) & set(range(1, COORDINATOR_ATTACKS + 1))


def problems_of(report: Mapping[str, Any]) -> list[str]:
    """Why a model mustn't be released on this report, in sentences; empty if nothing stands against it."""
    if report.get("schema") != SCHEMA:
        return ["This isn't a report of the attack suite of this version."]
    try:
        gates = gates_of(report)
    except (KeyError, TypeError, AttributeError, ValueError):
        return ["The attack report is incomplete."]
    return [f"{gate.name} is {gate.value:.3f}; the limit is {gate.limit:g}." for gate in gates if not gate.passed]
