"""RungReport: what serves at this school and why, and how good every rung is on students nothing was fitted on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from client.training.gate import Comparison, GateDecision
from client.training.rungs import Chances, FittedRungs
from common.models.bkt import BktParameters
from common.models.conformal import Conformal, coverage_of, decided_share
from common.models.ladder import LadderModels, Rung
from common.models.metrics import Answers, auc, calibration_error, log_loss
from common.models.stack import StackWeights


@dataclass(frozen=True, slots=True, eq=False)
class TestPredictions:
    """Labels and chances of a right answer for every scored answer of the test students, (N,) each. Sensitive.

    start: the campaign's warm start; model: the shared network as released; both None without one. rungs: as
    fitted here; served: what the gate chose.
    """

    __test__ = False  # not a test case, whatever its name says

    correct: Answers
    student: NDArray[np.int64]
    start: Chances | None
    model: Chances | None
    rungs: Mapping[Rung, Chances]
    served: Chances

    def named(self) -> dict[str, Chances]:
        """Everything that was predicted, by the name of its figure; the school's BKT is "local"."""
        found = {"local" if rung == "bkt" else rung: chances for rung, chances in self.rungs.items()}
        shared = {"start": self.start, "model": self.model}
        return {**{n: c for n, c in shared.items() if c is not None}, **found, "served": self.served}


@dataclass(frozen=True, slots=True, eq=False)
class RungReport:
    """What serves from now on, why, and how good each rung is. weights: of the stack; folds: 1 = none."""

    decision: GateDecision
    fitted: FittedRungs = field(repr=False)
    weights: StackWeights
    certainty: Conformal
    folds: int
    test: TestPredictions = field(repr=False)

    @property
    def rung(self) -> Rung:
        """Which rung serves."""
        return self.decision.rung

    @property
    def reason(self) -> str:
        """Why, in sentences."""
        return self.decision.reason

    @property
    def bkt(self) -> BktParameters:
        """The school's own fit of the bottom rung."""
        return self.fitted.bkt

    @property
    def models(self) -> LadderModels:
        """The rungs above BKT, as practice serves them."""
        personal = self.fitted.personal
        return LadderModels(
            self.fitted.logistic.model,
            None if personal is None else personal.arrays,
            {} if personal is None else dict(personal.difficulty),
            self.weights,
            self.certainty,
        )

    def figures(self) -> dict[str, float]:
        """The numbers that are known, by name, as JSON can carry them."""
        test, known = self.test, dict[str, float]()
        for name, chances in test.named().items():
            known[f"auc_{name}"] = auc(test.correct, chances)
            known[f"log_loss_{name}"] = log_loss(test.correct, chances)
        known["calibration_error_served"] = calibration_error(test.correct, test.served)
        known["coverage_served"] = coverage_of(self.certainty.quantile, test.correct, test.served)
        known["decided_served"] = decided_share(self.certainty.quantile, test.served)
        known["test_answers"] = len(test.correct)
        known["gate_students"], known["gate_answers"] = self.decision.students, self.decision.answers
        known["gate_folds"] = self.folds
        for one in self.decision.comparisons:
            known |= _gate_figures(one)
        return {name: float(value) for name, value in known.items() if np.isfinite(value)}


def pooled_auc(reports: Mapping[str, RungReport], name: str) -> float | None:
    """AUC over all schools' test answers together; only where one machine may see them all, as in a demo.

    name: as in `TestPredictions.named`.
    """
    tests = [report.test for report in reports.values()]
    if not tests:
        return None
    correct = np.concatenate([test.correct for test in tests])
    value = auc(correct, np.concatenate([test.named()[name] for test in tests]))
    return None if np.isnan(value) else value


def _gate_figures(one: Comparison) -> dict[str, float]:
    return {
        f"gate_log_loss_{one.upper}": one.log_loss_upper,
        f"gate_log_loss_{one.lower}": one.log_loss_lower,
        f"gate_share_better_{one.upper}": one.share_better,
        f"gate_bias_{one.upper}": one.bias,
    }
