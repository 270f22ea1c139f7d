"""A school's last fit joins its rungs by what held-back students say, and never judges itself."""

from dataclasses import replace

import numpy as np
import pytest

from client.training.joining import Joining, fit_joining, judged_chances
from client.training.rungs import RungLogits, as_served, logits_by_rung
from client.training.scored_answers import ScoredAnswers, scored_answers
from common.models.bkt import default_bkt
from common.models.calibration import AS_IT_IS, Calibration
from common.models.encoding import EncodedHistory
from common.models.odds import sigmoid
from common.models.stack import LOGISTIC_ALONE, StackWeights
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS, random_encoded

HISTORIES = [random_encoded(40, n) for n in range(60)]


def judged(*, noise: float) -> tuple[ScoredAnswers, RungLogits]:
    """A network that knows the answers but for noise, and a logistic model that knows nothing."""
    answers, rng = scored_answers(HISTORIES), np.random.default_rng(0)
    network = (2.0 * answers.correct - 1) + rng.normal(0, noise, len(answers))
    return answers, RungLogits(np.full(len(answers), 0.5), rng.normal(0, 1, len(answers)), network)


def test_a_network_that_knows_gets_most_of_the_stack() -> None:
    """And a logistic model that promises what it can't keep is held back."""
    answers, logits = judged(noise=0.1)
    joining = fit_joining(answers, logits)
    assert joining.weights.dkt > 0.8
    assert joining.calibration.slope < 0.6
    chances = judged_chances(answers, logits)
    assert list(chances) == ["bkt", "logistic", "stack"]
    assert ((chances["stack"] > 0.5) == answers.correct).mean() > 0.95


def test_no_student_is_predicted_with_numbers_that_it_gave() -> None:
    """Turning one student's answers round changes the predictions of the other half alone."""
    answers, logits = judged(noise=1.0)
    before = judged_chances(answers, logits)["stack"]
    first = answers.student == 0
    turned = replace(answers, correct=answers.correct ^ first)
    moved = judged_chances(turned, logits)["stack"] != before
    assert moved.any()
    assert not moved[first].any()


def test_without_answers_or_with_a_broken_network_the_logistic_model_speaks() -> None:
    """Nothing to fit, or nothing that a fit could use."""
    nothing = scored_answers([])
    none = np.zeros(0)
    assert fit_joining(nothing, RungLogits(none, none, none)) == Joining(AS_IT_IS, LOGISTIC_ALONE)
    assert judged_chances(nothing, RungLogits(none, none, None))["logistic"].tolist() == []
    answers, logits = judged(noise=1.0)
    broken = RungLogits(logits.bkt, logits.logistic, np.full(len(answers), np.nan))
    assert fit_joining(answers, broken).weights == LOGISTIC_ALONE
    assert np.isnan(judged_chances(answers, broken)["stack"]).all()


def test_what_serves_predicts_as_it_was_joined() -> None:
    """The calibrated model's logits, stacked with the network's, are the joining of the uncalibrated ones."""
    models, histories = random_ladder(SKILLS, 2), list[EncodedHistory](HISTORIES[:4])
    fitted = as_served(default_bkt(SKILLS.rows), models)
    joining = Joining(Calibration(0.2, 0.7), StackWeights(-0.1, 0.6, 0.4))
    logits = logits_by_rung(fitted, histories)
    served = logits_by_rung(joining.applied(fitted), histories).chances(joining.weights)
    for rung, chances in joining.chances(logits).items():
        assert served[rung] == pytest.approx(chances, abs=1e-6)
    assert joining.chances(logits)["logistic"] == pytest.approx(sigmoid(0.2 + 0.7 * logits.logistic))
