"""Students who answer as a model says: the same paths, answers of the model's own chances."""

from dataclasses import replace

import numpy as np

from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.logistic import design, initial_arrays, logits
from common.models.logistic_students import answer_as
from common.models.odds import sigmoid
from tests.support.models import SKILLS, random_encoded

PATHS = [random_encoded(length, seed, student=str(seed)) for seed, length in enumerate((40, 3, 25) * 60)]


def model(**blocks: float) -> Arrays:
    """All zeros but these blocks."""
    arrays = initial_arrays(SKILLS.rows, 0)
    for name, value in blocks.items():
        arrays[name][:] = value
    return arrays


def test_only_the_answers_are_new() -> None:
    """Students, items, skills and times stay, in the given order."""
    made = answer_as(model(), PATHS, difficulty={}, ability_spread=0.5, rng=np.random.default_rng(1))
    for path, one in zip(PATHS, made, strict=True):
        assert (one.student, one.items) == (path.student, path.items)
        assert len(one.correct) == len(path)
        np.testing.assert_array_equal(one.skill_rows, path.skill_rows)
        np.testing.assert_array_equal(one.at_seconds, path.at_seconds)


def test_answers_come_with_the_models_own_chances() -> None:
    """Calibrated in five bins: what produced an answer is what the design computes afterwards."""
    arrays = model(bias=0.2)
    arrays["slopes"][:9] = np.random.default_rng(7).normal(0, 0.5, 9)
    arrays["beta"][:] = np.linspace(-1, 1, SKILLS.rows)
    made = answer_as(arrays, PATHS, difficulty={}, ability_spread=0.0, rng=np.random.default_rng(2))
    rows = design([_unweighted(one) for one in made], {})
    chance = sigmoid(logits(arrays, rows))
    for low in np.arange(0.0, 1.0, 0.2):
        some = (chance >= low) & (chance < low + 0.2)
        error = 4 * np.sqrt(0.25 / max(some.sum(), 1))
        assert some.any()
        assert abs(chance[some].mean() - rows.correct[some].mean()) < error


def test_a_difficulty_and_an_ability_are_in_the_answers() -> None:
    """An item of offset 6 is nearly always right, and with a spread students differ more than coins do."""
    rng = np.random.default_rng(3)
    easy = answer_as(model(), PATHS, difficulty={f"item {n}": 6.0 for n in range(20)}, ability_spread=0.0, rng=rng)
    assert np.concatenate([one.correct for one in easy]).mean() > 0.98
    spread = answer_as(model(), PATHS, difficulty={}, ability_spread=2.0, rng=rng)
    means = [one.correct.mean() for one in spread if len(one) == 40]
    assert np.std(means) > 2 * np.sqrt(0.25 / 40)


def _unweighted(one: EncodedHistory) -> EncodedHistory:
    return replace(one, weight=np.ones(len(one), np.float32))
