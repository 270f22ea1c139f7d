"""A distilled start answers as the logistic model does, and knows which skills it holds to be hard."""

import numpy as np
import pytest

from common.arrays import Arrays
from common.models.distil import answering_like, distilled
from common.models.encoding import EncodedHistory, encode
from common.models.logistic import design, initial_arrays, predict
from common.models.simulated_students import SimulatedItem, simulate
from tests.support.models import SKILLS

ITEMS = [SimulatedItem(name, (name,)) for name in SKILLS.names]


def model() -> Arrays:
    """Skills from far too hard to far too easy; who was right before will be right again."""
    arrays = initial_arrays(SKILLS.rows, 0)
    arrays["beta"][:] = np.linspace(-2, 2, SKILLS.rows)
    arrays["slopes"][4] = 2.0  # running share right
    return arrays


def invented(count: int) -> list[EncodedHistory]:
    """Histories whose answers don't matter."""
    histories = simulate("growth", ITEMS, students=count, rng=np.random.default_rng(0))
    return [encode(history, SKILLS) for history in histories]


def test_answers_are_as_frequent_as_the_model_says() -> None:
    """Calibrated along the way, from the drawn past: what is drawn is what the model predicts of it."""
    students = answering_like(model(), invented(600), np.random.default_rng(1))
    rows = design(students, {})
    chance = predict(model(), rows)
    for low, high in ((0.0, 0.3), (0.3, 0.6), (0.6, 1.0)):
        here = (chance >= low) & (chance < high)
        assert abs(rows.correct[here].mean() - chance[here].mean()) < 0.05


def test_attempts_stay_and_only_answers_are_drawn() -> None:
    """The same skills in the same order, as often; times are unknown."""
    before = {one.student: one for one in invented(20)}
    for one in answering_like(model(), list(before.values()), np.random.default_rng(1)):
        assert (one.skill_rows == before[one.student].skill_rows).all()
        assert np.isnan(one.at_seconds).all()
    assert answering_like(model(), [], np.random.default_rng(1)) == []


@pytest.mark.slow
def test_a_distilled_start_ranks_skills_like_the_model() -> None:
    """Its first prediction of each skill rises with the model's."""
    arrays = distilled(model(), SKILLS, 6, seed=2)
    assert np.corrcoef(arrays["b_out"][1:], model()["beta"][1:])[0, 1] > 0.9
