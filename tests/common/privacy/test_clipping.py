"""The clip law: whatever a student's numbers are, their part of the sum is at most clip_norm long."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from common.errors import FixSettings
from common.privacy.clipping import ClippedSum, clip_factors, sum_clipped

ANY_NUMBER = st.floats(width=64) | st.sampled_from([0.0, -0.0, 5e-324, 1e-200, 1e200, math.inf, math.nan])
ROWS = hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=ANY_NUMBER)
CLIP = st.floats(1e-3, 100)


def clip_plainly(row: NDArray[np.float64], clip_norm: float) -> NDArray[np.float64]:
    """The definition, one student at a time."""
    if not np.isfinite(row).all():
        return np.zeros_like(row)
    with np.errstate(over="ignore"):
        squared = float(np.square(row).sum())
    if not math.isfinite(squared):
        return np.zeros_like(row)
    norm = math.sqrt(squared)
    return row if norm <= clip_norm else row * (clip_norm / norm)


@given(ROWS, CLIP)
def test_no_student_counts_for_more_than_the_clip_norm(rows: NDArray[np.float64], clip_norm: float) -> None:
    """Including NaN, infinity, zero, tiny and enormous numbers."""
    for row in rows:
        clipped = sum_clipped(row[None, :], clip_norm)
        assert math.isfinite(clipped.norm)
        assert clipped.norm <= clip_norm * (1 + 1e-12)


@given(ROWS, CLIP)
def test_the_sum_is_that_of_the_plainly_clipped_rows(rows: NDArray[np.float64], clip_norm: float) -> None:
    """The vectorised sum agrees with the definition."""
    expected = np.sum([clip_plainly(row, clip_norm) for row in rows], axis=0)
    clipped = sum_clipped(rows, clip_norm)
    assert clipped.clip_norm == clip_norm
    np.testing.assert_allclose(clipped.values, expected, rtol=1e-9, atol=1e-12)


@given(ROWS, CLIP)
def test_adding_a_student_moves_the_sum_by_at_most_the_clip_norm(
    rows: NDArray[np.float64], clip_norm: float
) -> None:
    """The sensitivity that the noise is scaled to."""
    with_all, without_last = sum_clipped(rows, clip_norm), sum_clipped(rows[:-1], clip_norm)
    assert np.linalg.norm(with_all.values - without_last.values) <= clip_norm * (1 + 1e-9)


def test_factors_worked_by_hand() -> None:
    """Norms 0, 1, 2 and 4 under clip 2; then what isn't a norm."""
    squared = np.array([0.0, 1.0, 4.0, 16.0, math.nan, math.inf, -1.0, 5e-324])
    np.testing.assert_array_equal(clip_factors(squared, 2.0), [1, 1, 1, 0.5, 0, 0, 0, 1])


def test_factors_take_float32_norms() -> None:
    """A float32 engine hands over float32."""
    assert clip_factors(np.array([100.0], np.float32), 1.0)[0] == pytest.approx(0.1)


def test_nobody_sums_to_zero() -> None:
    """An empty draw is a zero vector of the right length."""
    clipped = sum_clipped(np.zeros((0, 3)), 1.0)
    np.testing.assert_array_equal(clipped.values, np.zeros(3))


@pytest.mark.parametrize("clip_norm", [0.0, -1.0, math.inf, math.nan])
def test_a_clip_norm_that_bounds_nothing_is_refused(clip_norm: float) -> None:
    """Zero, negative, infinite or NaN."""
    with pytest.raises(FixSettings, match="clip_norm"):
        clip_factors(np.ones(1), clip_norm)


def test_a_clipped_sum_doesnt_print_its_numbers() -> None:
    """A sensitive vector must not end in a log by accident."""
    assert "7.25" not in repr(ClippedSum(np.array([7.25]), 1.0))
