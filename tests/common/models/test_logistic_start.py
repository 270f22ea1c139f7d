"""The start of a logistic campaign: what it knows, what it doesn't, and whether its curvature is the true one."""

import numpy as np

from common.arrays import Arrays, flatten, from_bytes, unflatten
from common.models.logistic import initial_arrays, logistic_shapes
from common.models.logistic_start import TRAINING_SHARE, curvature, logistic_start
from common.models.simulated_students import SimulatedItem
from common.shared_model import CURVATURE, check_shapes, column_scales, trained_arrays
from tests.support.models import SKILLS, random_encoded
from tests.support.plain_logistic import mean_loss_gradient
from tests.support.plans import logistic_model

FAMILIES = {"item 0": 0, "item 3": 1}
TERMS = logistic_model(skill_names=SKILLS.names, families=tuple(FAMILIES))


def test_it_knows_about_practice_and_nothing_about_skills() -> None:
    """Who was right before will be right again; skills and families start at 0. The same seed, the same bytes."""
    items = [SimulatedItem(f"item {n}", (name,)) for n, name in enumerate(TERMS.skill_names)]
    start = logistic_start(TERMS, 0.5, seed=1, items=items)
    arrays = from_bytes(start)
    check_shapes(TERMS, arrays)
    slopes = arrays["slopes"]
    assert slopes[0] > 0 > slopes[1]
    assert slopes[4] > 0
    assert not arrays["beta"].any()
    assert not arrays["family"].any()
    assert (arrays[CURVATURE] >= 0).all()
    assert (arrays[CURVATURE][-2:] > 0).all()
    assert logistic_start(TERMS, 0.5, seed=1, items=items) == start


def test_the_curvature_is_the_slope_of_the_mean_update() -> None:
    """By differences of the plain gradient; without clipping, since a clip's own slope is left out on purpose."""
    students = [random_encoded(15, seed) for seed in range(6)]
    arrays = _random(3)
    found = curvature(arrays, students, TERMS, clip_norm=1e6).astype(np.float64)
    scales, step = column_scales(TERMS), 1e-3
    shapes = logistic_shapes(6, 2)
    theta = flatten(arrays, shapes).astype(np.float64)
    for column in range(len(theta)):
        after = []
        for sign in (1.0, -1.0):
            moved = theta.copy()
            moved[column] += sign * step * scales[column]
            gradients = [mean_loss_gradient(moved, student, FAMILIES, rows=6) for student in students]
            after.append(np.mean([gradient[column] * scales[column] for gradient in gradients]))
        expected = TRAINING_SHARE * (after[0] - after[1]) / (2 * step) / 1e6
        np.testing.assert_allclose(found[column], expected, rtol=1e-3, atol=1e-12)


def test_a_clipped_student_bends_less() -> None:
    """With half the clip's length everybody's part is halved, and so is what is divided by."""
    students, arrays = [random_encoded(30, seed) for seed in range(4)], _random(4)
    tight, tighter = (curvature(arrays, students, TERMS, clip_norm=norm) for norm in (0.02, 0.01))
    np.testing.assert_allclose(tight, tighter, rtol=1e-6)


def _random(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    shapes = logistic_shapes(6, 2)
    size = sum(array.size for array in initial_arrays(6, 2).values())
    return trained_arrays(TERMS, unflatten(rng.normal(0, 0.5, size), shapes))
