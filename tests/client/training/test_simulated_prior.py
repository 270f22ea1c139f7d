"""The prior of a school without a release comes from simulated students, for a skill map of any size."""

import numpy as np

from client.training.local_fit import predict_logits
from client.training.scored_answers import scored_answers
from client.training.simulated_prior import simulated_prior
from common.models.encoding import encode
from common.models.logistic_features import COLUMNS
from common.models.metrics import auc
from common.models.odds import sigmoid
from common.models.simulated_students import SimulatedItem, simulate
from tests.support.models import SKILLS


def test_it_knows_what_all_practice_has_in_common_and_nothing_of_skills() -> None:
    """Wins raise a chance, fails lower it; every skill is equally hard; twice the same numbers."""
    prior = simulated_prior(7)
    slopes = dict(zip(COLUMNS, prior.arrays["slopes"].tolist(), strict=True))
    assert slopes["log wins"] > 0 > slopes["log fails"]
    assert slopes["running share right on skill"] > 0
    assert prior.arrays["beta"].tolist() == [0.0] * 7
    assert np.array_equal(simulated_prior(3).arrays["slopes"], prior.arrays["slopes"])


def test_it_predicts_students_that_it_never_saw() -> None:
    """Of another seed and on other skills: better than guessing, with no answer of theirs fitted."""
    items = [SimulatedItem(f"{k}/{n}", (k,)) for k in SKILLS.names for n in range(3)]
    students = [encode(h, SKILLS) for h in simulate("growth", items, students=60, rng=np.random.default_rng(5))]
    chances = sigmoid(predict_logits(simulated_prior(SKILLS.rows).as_model(), students))
    assert auc(scored_answers(students).correct, chances) > 0.65
