"""The logistic model: its logit by hand, its shapes, and what it refuses."""

import numpy as np
import pytest

from common.arrays import shapes_of
from common.errors import Corrupt
from common.interactions import History, Interaction
from common.models.encoding import encode
from common.models.logistic import (
    design,
    initial_arrays,
    logistic_shapes,
    logits,
    predict,
    sizes_of,
)
from tests.support.models import SKILLS, random_encoded


def _one(*skills: str, item: str = "q") -> History:
    return History("s", (Interaction(item, skills, True),))


def test_the_logit_of_a_first_attempt_by_hand() -> None:
    """bias + mean of two betas + never met + first attempt + family + offset; everything else is 0."""
    arrays = initial_arrays(SKILLS.rows, 2)
    arrays["bias"][:] = 0.5
    arrays["beta"][:] = [0, 1, 2, 3, 4, 5]
    arrays["slopes"][:] = [7] * 7 + [0.25, 0.125] + [7] * 6
    arrays["family"][:] = [10, 20]
    rows = design([encode(_one("add", "divide"), SKILLS)], {"q": 1})
    assert logits(arrays, rows, np.array([0.0625])).tolist() == [0.5 + 2.5 + 0.25 + 0.125 + 20 + 0.0625]
    assert predict(arrays, rows).tolist() == pytest.approx([1 / (1 + np.exp(-23.375))])


def test_an_item_of_no_family_is_as_hard_as_its_skills() -> None:
    """With F = 0 too."""
    arrays = initial_arrays(SKILLS.rows, 0)
    arrays["beta"][1] = 1.5
    rows = design([encode(_one("add", item="own"), SKILLS)], {})
    assert rows.family.tolist() == [-1]
    assert logits(arrays, rows).tolist() == [1.5]


def test_a_design_holds_every_attempt_of_every_student_in_order() -> None:
    """First attempts too, with the student's index; nobody and nothing is no special case."""
    histories = [random_encoded(n, n) for n in (3, 0, 2)]
    rows = design(histories, {})
    assert rows.student.tolist() == [0, 0, 0, 2, 2]
    assert rows.correct.tolist() == [*histories[0].correct, *histories[2].correct]
    assert rows.only(rows.student == 2).features.tolist() == rows.features[3:].tolist()
    assert len(design([], {})) == 0
    assert logits(initial_arrays(SKILLS.rows, 0), design([], {})).shape == (0,)


def test_shapes_and_sizes_agree() -> None:
    """124 numbers for 107 skills and no family."""
    shapes = logistic_shapes(108, 0)
    assert shapes_of(initial_arrays(108, 0)) == shapes
    assert sum(int(np.prod(shape)) for _, shape in shapes) == 124
    assert sizes_of(initial_arrays(108, 3)) == (108, 3)


@pytest.mark.parametrize("name", ["bias", "slopes", "beta", "family"])
def test_arrays_of_another_shape_are_refused(name: str) -> None:
    """Also when one is missing."""
    arrays = initial_arrays(4, 2)
    missing = {key: value for key, value in arrays.items() if key != name}
    with pytest.raises(Corrupt):
        sizes_of(missing)
    with pytest.raises(Corrupt):
        sizes_of({**arrays, name: np.zeros((2, 2), np.float32)})
