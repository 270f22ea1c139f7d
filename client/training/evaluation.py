"""What a release is worth at this school: the gate on validation students, and figures on test students.

Test students are in no training round, no local fit and no decision. Every figure and prediction stays here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from client.training.bkt_rung import fit_local_bkt, predict_local_bkt
from client.training.gate import GateDecision, GateFigures, Rung, is_enough, judge
from client.training.personalise import PersonalModel, personalise, predict_personal
from client.training.scored_answers import ScoredAnswers, scored_answers
from common.arrays import Arrays
from common.models.bkt import BktParameters
from common.models.encoding import EncodedHistory
from common.models.metrics import Answers, PairedPredictions, auc, log_loss

Histories = Sequence[EncodedHistory]
Chances = NDArray[np.float64]

FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class TestPredictions:
    """Labels and chances of a right answer for every scored answer of the test students, (N,) each. Sensitive.

    start: the campaign's warm start. model: the shared model as released. local: the school's BKT. personal: the
    shared model as adapted here. served: what the gate chose.
    """

    __test__ = False  # not a test case, whatever its name says

    correct: Answers
    student: NDArray[np.int64]
    start: Chances
    model: Chances
    local: Chances
    personal: Chances
    served: Chances


@dataclass(frozen=True, slots=True, eq=False)
class RungReport:
    """What serves from now on, why, and how good each rung is. AUCs are None where they can't be computed."""

    rung: Rung
    reason: str
    gate: GateFigures
    folds: int
    auc_start: float | None
    auc_model: float | None
    auc_local: float | None
    auc_personal: float | None
    auc_served: float | None
    log_loss_local: float | None
    log_loss_served: float | None
    bkt: BktParameters = field(repr=False)
    personal: PersonalModel = field(repr=False)
    test: TestPredictions = field(repr=False)

    def figures(self) -> dict[str, float]:
        """The numbers that are known, by name, as JSON can carry them."""
        named: dict[str, float | None] = {
            "gate_students": self.gate.students,
            "gate_answers": self.gate.answers,
            "gate_log_loss_bkt": self.gate.log_loss_bkt,
            "gate_log_loss_dkt": self.gate.log_loss_dkt,
            "gate_share_better": self.gate.share_better,
            "gate_bias_dkt": self.gate.bias_dkt,
            "gate_folds": self.folds,
            "test_answers": len(self.test.correct),
            "auc_start": self.auc_start,
            "auc_model": self.auc_model,
            "auc_local": self.auc_local,
            "auc_personal": self.auc_personal,
            "auc_served": self.auc_served,
            "log_loss_local": self.log_loss_local,
            "log_loss_served": self.log_loss_served,
        }
        return {name: float(value) for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Both rungs as fitted here, and what the gate said. folds: 1 = the validation students themselves."""

    bkt: BktParameters
    personal: PersonalModel
    decision: GateDecision
    folds: int


def compare_rungs(
    train: Histories,
    validation: Histories,
    test: Histories,
    *,
    release: Arrays,
    start: Arrays,
    seed: int = 0,
) -> RungReport:
    """Fits the local rungs, lets the gate choose, and measures everything on `test`.

    Fits see `train`, early stops and the gate see `validation`. With too few validation students for a verdict,
    local stages and gate run by 5-fold over train and validation students together.
    """
    held_back = scored_answers(validation)
    if is_enough(held_back.students, len(held_back)):
        fitted = _fit_once(train, validation, release, seed=seed)
    else:
        fitted = _fit_folds([*train, *validation], release, seed=seed)
    predictions = _test_predictions(test, fitted, release=release, start=start)
    return _report(fitted, predictions)


def _fit_once(train: Histories, validation: Histories, release: Arrays, *, seed: int) -> _Fitted:
    bkt, personal = _fit(train, validation, release, seed=seed)
    return _Fitted(bkt, personal, judge(_pairs(validation, bkt, personal), seed=seed), folds=1)


def _fit_folds(students: Histories, release: Arrays, *, seed: int) -> _Fitted:
    """Each fold is judged by models that saw the others; the fifth after it stops the personal stages early."""
    order = np.random.default_rng(seed).permutation(len(students))
    folds = [[students[i] for i in order[k::FOLDS]] for k in range(FOLDS)]
    parts = []
    for k, held_back in enumerate(folds):
        tuning = folds[(k + 1) % FOLDS]
        rest = [one for j, fold in enumerate(folds) if j not in (k, (k + 1) % FOLDS) for one in fold]
        parts.append(_pairs(held_back, *_fit(rest, tuning, release, seed=seed)))
    decision = judge(_joined(parts), seed=seed)
    rest = [one for fold in folds[1:] for one in fold]
    return _Fitted(*_fit(rest, folds[0], release, seed=seed), decision, folds=FOLDS)


def _fit(
    train: Histories, validation: Histories, release: Arrays, *, seed: int
) -> tuple[BktParameters, PersonalModel]:
    rows = release["W_out"].shape[0]
    return fit_local_bkt(train, rows), personalise(release, train, validation, seed=seed)


def _pairs(histories: Histories, bkt: BktParameters, personal: PersonalModel) -> PairedPredictions:
    answers = scored_answers(histories)
    return PairedPredictions(
        answers.correct,
        first=predict_personal(personal, histories),
        second=predict_local_bkt(bkt, histories),
        student=answers.student,
    )


def _joined(parts: Sequence[PairedPredictions]) -> PairedPredictions:
    """Folds one after the other; students keep apart."""
    most = 1 + max((int(part.student.max(initial=0)) for part in parts), default=0)
    return PairedPredictions(
        np.concatenate([part.correct for part in parts]),
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.second for part in parts]),
        np.concatenate([part.student + k * most for k, part in enumerate(parts)]),
    )


def _test_predictions(test: Histories, fitted: _Fitted, *, release: Arrays, start: Arrays) -> TestPredictions:
    answers: ScoredAnswers = scored_answers(test)
    local, personal = predict_local_bkt(fitted.bkt, test), predict_personal(fitted.personal, test)
    return TestPredictions(
        answers.correct,
        answers.student,
        start=predict_personal(PersonalModel(start, {}), test),
        model=predict_personal(PersonalModel(release, {}), test),
        local=local,
        personal=personal,
        served=personal if fitted.decision.rung == "dkt" else local,
    )


def _report(fitted: _Fitted, test: TestPredictions) -> RungReport:
    return RungReport(
        rung=fitted.decision.rung,
        reason=fitted.decision.reason,
        gate=fitted.decision.figures,
        folds=fitted.folds,
        auc_start=_known(auc(test.correct, test.start)),
        auc_model=_known(auc(test.correct, test.model)),
        auc_local=_known(auc(test.correct, test.local)),
        auc_personal=_known(auc(test.correct, test.personal)),
        auc_served=_known(auc(test.correct, test.served)),
        log_loss_local=_known(log_loss(test.correct, test.local)),
        log_loss_served=_known(log_loss(test.correct, test.served)),
        bkt=fitted.bkt,
        personal=fitted.personal,
        test=test,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def pooled_auc(reports: Mapping[str, RungReport], rung: str) -> float | None:
    """AUC over all schools' test answers together; only where one machine may see them all, as in a demo.

    rung: a field of TestPredictions.
    """
    tests = [report.test for report in reports.values()]
    if not tests:
        return None
    correct = np.concatenate([test.correct for test in tests])
    return _known(auc(correct, np.concatenate([getattr(test, rung) for test in tests])))
