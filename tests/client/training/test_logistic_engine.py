"""The logistic engine against a loop over one student at a time, and what may never get into its sum."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from client.training.logistic_engine import clipped_sum
from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.logistic import initial_arrays
from common.privacy.clipping import sum_clipped
from tests.support.models import SKILLS, random_encoded
from tests.support.plain_logistic import mean_loss_gradient

ROWS, FAMILIES = SKILLS.rows, {"item 0": 0, "item 2": 1}
SCALES = np.concatenate([[0.3], np.full(15, 0.1), np.full(ROWS, 0.5), np.ones(2)])


def model(seed: int = 5) -> Arrays:
    """Random numbers of the model's shapes."""
    rng = np.random.default_rng(seed)
    shapes = initial_arrays(ROWS, len(FAMILIES))
    return {name: rng.normal(0, 0.5, array.shape).astype(np.float32) for name, array in shapes.items()}


def students(count: int = 12) -> list[EncodedHistory]:
    """Histories of 1 to 40 answers, and one without any."""
    lengths = np.random.default_rng(8).integers(1, 40, count)
    found = [random_encoded(int(length), seed, student=str(seed)) for seed, length in enumerate(lengths)]
    return [*found, random_encoded(0, 99, student="nobody")]


def plain_gradient(arrays: Arrays, history: EncodedHistory) -> NDArray[np.float64]:
    """(d,) one student's scaled gradient, answer by answer."""
    theta = np.concatenate([array.ravel() for array in arrays.values()]).astype(np.float64)
    return mean_loss_gradient(theta, history, FAMILIES, rows=ROWS) * SCALES if len(history) else 0.0 * SCALES


def engine(histories: list[EncodedHistory], clip_norm: float) -> NDArray[np.float64]:
    """The engine's sum with the test's model."""
    return clipped_sum(model(), histories, clip_norm, families=FAMILIES, scales=SCALES).values


@pytest.mark.parametrize("clip_norm", [100.0, 0.5, 0.05])
def test_it_equals_the_loop_over_students(clip_norm: float) -> None:
    """Nobody clipped, some, and everybody."""
    rows = [plain_gradient(model(), history) for history in students()]
    expected = sum_clipped(np.array(rows), clip_norm).values
    np.testing.assert_allclose(engine(students(), clip_norm), expected, rtol=1e-10, atol=1e-12)


def test_one_student_moves_the_sum_by_at_most_the_clip() -> None:
    """Add or remove one student: the whole of what a round may reveal."""
    everybody = students()
    for left_out in range(len(everybody)):
        rest = everybody[:left_out] + everybody[left_out + 1 :]
        assert np.linalg.norm(engine(everybody, 0.05) - engine(rest, 0.05)) <= 0.05 + 1e-12


@pytest.mark.parametrize("bad", [np.nan, 1e300])
def test_a_student_that_is_not_finite_contributes_zero(bad: float) -> None:
    """Not even a NaN in a cell of a table gets through; everybody else counts as before."""
    broken = random_encoded(7, 3, student="broken")
    weight = broken.weight.astype(np.float64)
    weight[2] = bad
    broken = replace(broken, weight=weight)
    np.testing.assert_array_equal(engine([broken, *students()], 0.5), engine(students(), 0.5))


def test_nobody_gives_zeros() -> None:
    """An empty draw still has a sum to add noise to."""
    assert engine([], 0.5).tolist() == [0.0] * len(SCALES)
    assert engine([random_encoded(0, 1)], 0.5).tolist() == [0.0] * len(SCALES)


def test_a_schools_own_item_leaves_no_mark_of_its_own() -> None:
    """A plan names built-in families alone; of an imported item only the skill counts, whichever item it is."""
    sums = []
    for private in ("oatutor.p1a", "school.own"):
        renamed = [replace(one, items=tuple(private for _ in one.items)) for one in students()]
        sums.append(engine(renamed, 0.5))
    np.testing.assert_array_equal(*sums)
    named = [replace(one, items=tuple("item 0" for _ in one.items)) for one in students()]
    assert not np.array_equal(engine(named, 0.5), sums[0])
