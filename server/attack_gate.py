"""The attack suite's word on a release: over a gate, or without a report where one is required, there is none.

The suite needs no student: `python -m benchmarks.attack --out attack-report.json` runs on any machine with this
version, and the file goes into the coordinator's folder.
"""

import json
from dataclasses import dataclass, field

from common.attack_report import gates_of, problems_of
from server.coordinator import Coordinator


@dataclass(frozen=True, slots=True)
class AttackWord:
    """figures: for the release's card. problem: a sentence if the candidate mustn't be released."""

    figures: dict[str, float] = field(default_factory=dict)
    problem: str = ""


def attack_word(coordinator: Coordinator) -> AttackWord:
    """What the report in the coordinator's folder says; nothing if there is none and none is required."""
    path = coordinator.folder.attack_report
    if not path.exists():
        if not coordinator.settings.require_attack_report:
            return AttackWord()
        sentence = "No report of the attack suite is here, and `require_attack_report` asks for one"
        return AttackWord(problem=f"{sentence}: run `python -m benchmarks.attack` and put it at {path.name}.")
    try:
        report = json.loads(path.read_text("utf-8"))
        problems = problems_of(report)
    except (ValueError, AttributeError):
        return AttackWord(problem=f"{path.name} isn't a report of the attack suite.")
    if problems:
        return AttackWord(problem=f"The attack suite stands against a release. {' '.join(problems)}")
    return AttackWord({f"attack: {gate.name}": gate.value for gate in gates_of(report)})
