"""Chance is over whole students, and its figures are what can be worked out by hand."""

import numpy as np
import pytest

from client.insight.student_shuffles import share_at_least, signs, student_mean, sums_by_student


def test_sums_are_by_student() -> None:
    """Student 2 has no answer and no row."""
    student = np.array([0, 3, 0, 1])
    assert sums_by_student(student, np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [4.0, 4.0, 2.0]
    table = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0], [0.0, 0.0]])
    assert sums_by_student(student, table).tolist() == [[4.0, 0.0], [0.0, 0.0], [0.0, 2.0]]


def test_the_chance_of_all_students_on_one_side_is_one_in_two_to_their_number() -> None:
    """Eight students, each worse: 1/256 in this direction, 2/256 in either."""
    found = student_mean(np.arange(8), np.full(8, 0.1))
    assert found.p_above == pytest.approx(1 / 256, abs=0.004)
    assert found.p_beyond == pytest.approx(2 / 256, abs=0.006)
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


def test_more_answers_of_one_student_are_no_more_evidence() -> None:
    """A hundred answers of the only student who did worse leave it a matter of chance."""
    student = np.array([0] * 100 + [1, 2, 3, 4, 5, 6, 7, 8, 9])
    values = np.array([0.5] * 100 + [0.01, -0.01] * 4 + [0.01])
    assert student_mean(student, values).p_above > 0.2


def test_a_share_is_never_nought() -> None:
    """The finding itself is one of the outcomes."""
    assert share_at_least(np.zeros(99), 1.0) == 0.01
    assert share_at_least(np.ones(99), 1.0) == 1.0


def test_the_same_seed_flips_the_same_students() -> None:
    """So a figure can be worked out again."""
    assert np.array_equal(signs(5, seed=1, draws=10), signs(5, seed=1, draws=10))
    assert set(np.unique(signs(5, seed=2, draws=10))) == {-1.0, 1.0}
