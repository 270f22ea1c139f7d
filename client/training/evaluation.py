"""Which rung serves at this school: all rungs fitted, the gate on held-back students, figures on test students.

Test students are in no training round, no local fit and no decision. Every figure and prediction stays here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from client.training.gate import Judged, climb, is_enough
from client.training.joining import fit_joining, judged_chances
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
from common.models.ladder import BKT, Rung
from common.models.stack import StackWeights

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
    answers = held_back.answers
    judged = Judged(answers.correct, answers.student, judged_chances(answers, held_back.logits))
    decision = climb(judged, default=offered.default, serving=serving)
    released = offered.quantile if decision.rung != BKT else None
    certainty = calibrate(
        answers.correct, judged.chances[decision.rung], students=answers.students, released=released
    )
    joining = fit_joining(answers, held_back.logits)
    fitted = joining.applied(held_back.fitted)
    predictions = _test_predictions(test, fitted, joining.weights, rung=decision.rung, shared=(start, offered.dkt))
    return RungReport(decision, fitted, joining.weights, certainty, held_back.folds, predictions)


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
