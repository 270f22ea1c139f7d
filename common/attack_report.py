"""The attack suite's gates: which figures a report has to hold before a model may be released. Pure."""

import math
from collections.abc import Mapping
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
    inversion, membership, audits = report["inversion"], report["membership"], report["audit"]
    honest = [row for row in audits["honest"] if row["highest_bound"] <= audits["claimed"] and not row["found"]]
    caught = {row["fault"] for row in audits["faults"] if row["found"]}
    refused = [row for row in report["coordinator"] if row["refused"]]
    poisoned = report["poisoning"]["attacks"].values()
    lost = max(report["poisoning"]["start_auc"] - attack["on"]["auc"] for attack in poisoned)
    campaign = membership["campaign"]
    return (
        Gate("inversion without noise: F1", inversion["off"]["f1"], 0.99, at_least=True),
        Gate(
            "inversion: F1 above blind guessing",
            inversion["on"]["f1"] - inversion["blind_f1"],
            0.05,
            at_least=False,
        ),
        Gate("inversion: AUC", inversion["on"]["auc"], 0.55, at_least=False),
        Gate("membership without noise: AUC", membership["off"]["auc"], 0.95, at_least=True),
        Gate("membership: AUC", membership["on"]["auc"], 0.60, at_least=False),
        Gate(
            "membership over the campaign: bound less claim",
            campaign["epsilon_lower_bound"] - campaign["epsilon_claimed"],
            0.0,
            at_least=False,
        ),
        Gate("inconsistency without masks: cosine", report["inconsistency"]["off"]["cosine"], 0.95, at_least=True),
        Gate("inconsistency: cosine", abs(report["inconsistency"]["on"]["cosine"]), 0.30, at_least=False),
        Gate(
            "inconsistency: refused by the school",
            float(report["inconsistency"]["the_school_itself"]["refused"]),
            1.0,
            at_least=True,
        ),
        Gate("poisoning: AUC lost against the start", lost, 0.01, at_least=False),
        Gate("coordinator: attacks refused", float(len(refused)), float(COORDINATOR_ATTACKS), at_least=True),
        Gate("audit: honest runs within the claim", float(len(honest)), float(HONEST_RUNS), at_least=True),
        Gate("audit: seeded faults found", float(len(caught & FAULTS)), float(len(FAULTS)), at_least=True),
    )


def problems_of(report: Mapping[str, Any]) -> list[str]:
    """Why a model mustn't be released on this report, in sentences; empty if nothing stands against it."""
    if report.get("schema") != SCHEMA:
        return ["This isn't a report of the attack suite of this version."]
    try:
        gates = gates_of(report)
    except (KeyError, TypeError, AttributeError, ValueError):
        return ["The attack report is incomplete."]
    return [f"{gate.name} is {gate.value:.3f}; the limit is {gate.limit:g}." for gate in gates if not gate.passed]
