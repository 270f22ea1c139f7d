"""The local BKT predicts in the order of scored answers and starts from built-in values."""

import numpy as np

from client.training.bkt_rung import fit_local_bkt, predict_local_bkt
from client.training.scored_answers import scored_answers
from common.models.bkt import default_bkt, predict_bkt
from common.models.metrics import auc
from tests.support.models import SKILLS, random_encoded
from tests.support.simulated_school import SKILL_MAP, simulated_school


def test_it_learns_from_the_schools_own_students() -> None:
    """Better than a coin and than the built-in values, on students that it never saw."""
    school = simulated_school()
    correct = scored_answers(school.test).correct
    fitted = fit_local_bkt(school.train, SKILL_MAP.rows)
    score = auc(correct, predict_local_bkt(fitted, school.test))
    assert score > max(0.6, auc(correct, predict_local_bkt(default_bkt(SKILL_MAP.rows), school.test)))


def test_predictions_leave_out_first_attempts() -> None:
    """The same answers as every other model is scored on."""
    parameters, histories = default_bkt(SKILLS.rows), [random_encoded(n, n) for n in (3, 1, 5)]
    want = [*predict_bkt(parameters, histories[0])[1:], *predict_bkt(parameters, histories[2])[1:]]
    assert predict_local_bkt(parameters, histories).tolist() == want


def test_a_school_without_answers_has_the_built_in_values() -> None:
    """From the first minute."""
    fitted = fit_local_bkt([random_encoded(0, 1)], 4)
    np.testing.assert_allclose(fitted.p_init, default_bkt(4).p_init)
