"""Rung 3 in the benchmark: logistic and DKT logits joined by weights that validation students decide.

Each school's own, where a school is alone or privacy holds: nobody else may see its validation students. Without
privacy all members' together, and then each school's own line over the stacked logits.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.quality.entries import Entry, Model, find
from benchmarks.quality.outputs import Floats, PartLogits, calibrated
from benchmarks.quality.protocol import Consortium, School
from client.training.scored_answers import ScoredAnswers, scored_answers
from common.models.stack import StackWeights, fit_stack, stacked_logit

# Which two are joined: the first pair of a stack that is there.
_PAIRS: tuple[tuple[Model, Model, Model], ...] = (
    ("stack", "lr", "dkt_free"),
    ("stack", "lr", "dkt"),
    ("stack_trained", "lr_first", "dkt"),
)


def stack_entries(consortium: Consortium, entries: Sequence[Entry]) -> list[Entry]:
    """A stack for every regime and noise in which both models are there, but private ones only with own stages."""
    found = dict[str, Entry]()
    for kind in dict.fromkeys((one.regime, one.spent.label) for one in entries):
        for stack, lower, upper in _PAIRS:
            logistic, dkt = (find(entries, (model, kind[0]), kind[1]) for model in (lower, upper))
            if logistic is None or dkt is None or (dkt.spent.private and dkt.regime != "federated_personal"):
                continue
            joined = _stack(consortium, logistic, dkt, named=stack)
            found.setdefault(joined.name, joined)
    return list(found.values())


def _stack(consortium: Consortium, logistic: Entry, dkt: Entry, *, named: Model) -> Entry:
    own = logistic.regime == "local" or logistic.spent.private
    common = None if own else _fitted(consortium.members, logistic, dkt)
    outputs = {}
    for school in consortium.schools:
        parts = []
        for part, one, other in zip(
            school.parts, logistic.outputs[school.name], dkt.outputs[school.name], strict=True
        ):
            answers = scored_answers(part.validation)
            weights = common or _weights(answers, one.validation, other.validation)
            joined = _joined(weights, one, other)
            parts.append(
                calibrated(joined, part) if common and logistic.regime == "federated_personal" else joined
            )
        outputs[school.name] = tuple(parts)
    return Entry(named, logistic.regime, outputs, logistic.seconds + dkt.seconds, dkt.spent)


def _fitted(members: Iterable[School], logistic: Entry, dkt: Entry) -> StackWeights:
    """From all members' validation students: the same for all."""
    schools = list(members)
    answers = scored_answers([history for school in schools for history in school.parts[0].validation])
    one = np.concatenate([logistic.outputs[school.name][0].validation for school in schools])
    other = np.concatenate([dkt.outputs[school.name][0].validation for school in schools])
    return _weights(answers, one, other)


def _weights(answers: ScoredAnswers, logistic: Floats, dkt: Floats) -> StackWeights:
    return fit_stack(answers.correct, logistic, dkt, weight=answers.weight.astype(np.float64))


def _joined(weights: StackWeights, logistic: PartLogits, dkt: PartLogits) -> PartLogits:
    return PartLogits(
        stacked_logit(weights, logistic.validation, dkt.validation),
        stacked_logit(weights, logistic.test, dkt.test),
    )
