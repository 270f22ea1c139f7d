"""What schools serve: the stack where the product's gate lets it take over from the logistic rung, else that."""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.quality.entries import Entry, Regime, find
from benchmarks.quality.looks import Json
from benchmarks.quality.outputs import PartLogits
from benchmarks.quality.protocol import Consortium, Part
from client.training import gate
from client.training.scored_answers import scored_answers
from common.models.ladder import LOGISTIC, STACK
from common.models.odds import sigmoid

PERSONAL: Regime = "federated_personal"


def served_entries(consortium: Consortium, entries: Sequence[Entry]) -> list[Entry]:
    """One for each stack with own stages; each part of a school is decided by its own validation students."""
    found = []
    for stack in entries:
        logistic = find(entries, ("lr", PERSONAL), stack.spent.label)
        if (stack.model, stack.regime) == ("stack", PERSONAL) and logistic is not None:
            outputs = {}
            for school in consortium.schools:
                rungs = zip(school.parts, stack.outputs[school.name], logistic.outputs[school.name], strict=True)
                outputs[school.name] = tuple(
                    upper if _verdict(part, upper, lower)[0] == "stack" else lower for part, upper, lower in rungs
                )
            found.append(replace(stack, model="served", outputs=outputs))
    return found


def gates(consortium: Consortium, entries: Sequence[Entry], label: str) -> list[Json]:
    """What each member's gate says of the stack against the logistic rung, and why."""
    stack, logistic = find(entries, ("stack", PERSONAL), label), find(entries, ("lr", PERSONAL), label)
    if stack is None or logistic is None:
        return []
    found: list[Json] = []
    for school in consortium.members:
        name = school.name
        rung, reason = _verdict(school.parts[0], stack.outputs[name][0], logistic.outputs[name][0])
        found.append({"school": name, "label": label, "rung": rung, "reason": reason})
    return found


def _verdict(part: Part, stack: PartLogits, logistic: PartLogits) -> tuple[str, str]:
    answers = scored_answers(part.validation)
    said = {STACK: sigmoid(stack.validation), LOGISTIC: sigmoid(logistic.validation)}
    judged = gate.Judged(answers.correct, answers.student, said)
    if not gate.is_enough(judged.students, len(judged.correct)):
        few = f"{judged.students} students with {len(judged.correct)} answers are too few to compare the two."
        return "lr", few
    one = gate.compare(judged, STACK, LOGISTIC)
    return "stack" if one.takes_over else "lr", one.sentence
