"""Rung 3 in the benchmark: logistic and DKT logits joined by weights that validation students decide."""

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.quality.entries import Entry, logistic_of
from benchmarks.quality.outputs import Floats, PartLogits
from benchmarks.quality.protocol import Consortium, School
from client.training.scored_answers import ScoredAnswers, scored_answers
from common.models.stack import CONSORTIUM, StackWeights, fit_stack, stacked_logit


def stack_entries(consortium: Consortium, entries: Sequence[Entry]) -> list[Entry]:
    """A stack for every regime and noise in which both models are there."""
    found = []
    for dkt in entries:
        logistic = logistic_of(entries, dkt.regime, dkt.spent.label)
        if dkt.model == "dkt" and logistic is not None:
            found.append(_stack(consortium, logistic, dkt))
    return found


def _stack(consortium: Consortium, logistic: Entry, dkt: Entry) -> Entry:
    """The weights of the consortium, but at a school alone its own."""
    common = CONSORTIUM if logistic.regime == "local" else _fitted(consortium.members, logistic, dkt)
    outputs = {}
    for school in consortium.schools:
        pairs = list(zip(logistic.outputs[school.name], dkt.outputs[school.name], strict=True))
        parts = []
        for number, (one, other) in enumerate(pairs):
            weights = common
            if logistic.regime == "local":
                answers = scored_answers(school.parts[number].validation)
                weights = _weights(answers, one.validation, other.validation)
            parts.append(_joined(weights, one, other))
        outputs[school.name] = tuple(parts)
    return Entry("stack", logistic.regime, outputs, logistic.seconds + dkt.seconds, dkt.spent)


def _fitted(members: Iterable[School], logistic: Entry, dkt: Entry) -> StackWeights:
    """From all members' validation students: three numbers, the same for all."""
    schools = list(members)
    answers = scored_answers([history for school in schools for history in school.parts[0].validation])
    one = np.concatenate([logistic.outputs[school.name][0].validation for school in schools])
    other = np.concatenate([dkt.outputs[school.name][0].validation for school in schools])
    return _weights(answers, one, other)


def _weights(answers: ScoredAnswers, logistic: Floats, dkt: Floats) -> StackWeights:
    if len(answers) == 0:
        return CONSORTIUM
    return fit_stack(answers.correct, logistic, dkt, weight=answers.weight.astype(np.float64))


def _joined(weights: StackWeights, logistic: PartLogits, dkt: PartLogits) -> PartLogits:
    return PartLogits(
        stacked_logit(weights, logistic.validation, dkt.validation),
        stacked_logit(weights, logistic.test, dkt.test),
    )
