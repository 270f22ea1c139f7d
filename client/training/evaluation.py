"""Which rung serves at this school: all rungs fitted, the gate on held-back students, figures on test students.

Test students are in no training round, no local fit and no decision. Every figure and prediction stays here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from client.training.gate import Judged, climb, is_enough, judge
from client.training.personalise import PersonalModel, predict_personal
from client.training.rung_report import RungReport, TestPredictions
from client.training.rungs import (
    FittedRungs,
    Histories,
    Offered,
    RungLogits,
    fit_rungs,
    joined_logits,
    logits_by_rung,
)
from client.training.scored_answers import ScoredAnswers, scored_answers
from common.arrays import Arrays
from common.models.conformal import calibrate
from common.models.ladder import STACK, Rung
from common.models.metrics import Answers, PairedPredictions
from common.models.odds import sigmoid
from common.models.stack import CONSORTIUM, StackWeights, fit_stack, stacked_logit

FOLDS = 5
FEW_STUDENTS, FEW_HELD_BACK = 100, 50  # below either, every student is held back once


@dataclass(frozen=True, slots=True, eq=False)
class _HeldBack:
    """What every rung says of answers that its fits haven't seen, and the fits that serve."""

    answers: ScoredAnswers
    logits: RungLogits
    fitted: FittedRungs
    folds: int


def climb_here(
    train: Histories,
    validation: Histories,
    test: Histories,
    *,
    offered: Offered,
    start: Arrays | None = None,
    serving: Rung | None = None,
) -> RungReport:
    """Fits the local rungs, lets the gate choose, and measures everything on `test`.

    Fits see `train`, their tuning and the gate see `validation`. A school of fewer than 100 students, or with so
    few to validate on that a verdict would mostly be luck, holds each back once, in five folds. serving: the rung
    that serves now.
    """
    held_back = _held_back(train, validation, offered)
    answers, logits = held_back.answers, held_back.logits
    judged = Judged(answers.correct, answers.student, logits.chances())
    decision = climb(judged, default=offered.default, serving=serving)
    weights = _stack_weights(held_back) if decision.rung == STACK else CONSORTIUM
    chances = logits.chances(weights)[decision.rung]
    certainty = calibrate(answers.correct, chances, students=answers.students)
    predictions = _test_predictions(
        test, held_back.fitted, weights, rung=decision.rung, shared=(start, offered.dkt)
    )
    return RungReport(decision, held_back.fitted, weights, certainty, held_back.folds, predictions)


def _held_back(train: Histories, validation: Histories, offered: Offered) -> _HeldBack:
    answers = scored_answers(validation)
    many = len(train) + len(validation) >= FEW_STUDENTS and answers.students >= FEW_HELD_BACK
    if many and is_enough(answers.students, len(answers)):
        fitted = fit_rungs(offered, train, validation)
        return _HeldBack(answers, logits_by_rung(fitted, validation), fitted, folds=1)
    return _by_folds([*train, *validation], offered)


def _by_folds(students: Histories, offered: Offered, *, seed: int = 0) -> _HeldBack:
    """Each fold is judged by models that saw the others; the fold after it tunes them."""
    order = np.random.default_rng(seed).permutation(len(students))
    folds = [[students[i] for i in order[k::FOLDS]] for k in range(FOLDS)]
    parts = []
    for k, fold in enumerate(folds):
        tuning = (k + 1) % FOLDS
        rest = [one for j, other in enumerate(folds) if j not in (k, tuning) for one in other]
        parts.append(logits_by_rung(fit_rungs(offered, rest, folds[tuning]), fold))
    rest = [one for other in folds[1:] for one in other]
    answers = scored_answers([one for fold in folds for one in fold])
    return _HeldBack(answers, joined_logits(parts), fit_rungs(offered, rest, folds[0]), folds=FOLDS)


def _stack_weights(held_back: _HeldBack) -> StackWeights:
    """The school's own weights if they pass the gate against the consortium's, else the consortium's.

    Judged by halves: each half of the students is predicted with weights that the other half gave.
    """
    answers, logits = held_back.answers, held_back.logits
    if logits.dkt is None:
        return CONSORTIUM
    half = np.random.default_rng(0).permutation(int(answers.student.max()) + 1)[answers.student] % 2 == 0
    own = np.zeros(len(answers))
    for part in (half, ~half):
        own[part] = stacked_logit(_fit_weights(answers, logits, ~part), logits.logistic[part], logits.dkt[part])
    consortium = logits.chances()[STACK]
    verdict, _ = judge(PairedPredictions(answers.correct, sigmoid(own), consortium, answers.student))
    return _fit_weights(answers, logits, half | ~half) if verdict == "better" else CONSORTIUM


def _fit_weights(answers: ScoredAnswers, logits: RungLogits, some: Answers) -> StackWeights:
    network = np.zeros(len(answers)) if logits.dkt is None else logits.dkt
    weight = answers.weight.astype(np.float64)[some]
    return fit_stack(answers.correct[some], logits.logistic[some], network[some], weight=weight)


def _test_predictions(
    test: Histories,
    fitted: FittedRungs,
    weights: StackWeights,
    *,
    rung: Rung,
    shared: Sequence[Arrays | None],
) -> TestPredictions:
    """shared: the network at the campaign's start and as released."""
    answers = scored_answers(test)
    rungs = logits_by_rung(fitted, test).chances(weights)
    start, model = (
        None if arrays is None else predict_personal(PersonalModel(arrays, {}), test) for arrays in shared
    )
    return TestPredictions(answers.correct, answers.student, start, model, rungs, rungs[rung])
