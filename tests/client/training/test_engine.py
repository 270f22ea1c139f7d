"""The one-pass engine equals one autograd gradient per student, whatever the students look like."""

import numpy as np
import pytest
import torch

from client.training.engine import clipped_sum
from client.training.windows_plan import Windows
from common.arrays import Arrays
from common.errors import HomeroomError
from tests.support.plain_gradients import (
    clipped_sum_by_loop,
    random_arrays,
    random_window,
    student_gradient,
)

ROWS = 9
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def _students(lengths: list[tuple[int, ...]], *, rows: int = ROWS, skills: int = 4) -> list[Windows]:
    """One student per tuple, which holds the lengths of the windows."""
    return [
        [random_window(length, rows, skills=skills, seed=97 * s + w) for w, length in enumerate(student)]
        for s, student in enumerate(lengths)
    ]


def _relative_error(got: np.ndarray, want: np.ndarray) -> float:
    return float(np.linalg.norm(got - want) / np.linalg.norm(want))


def _clipped_error(arrays: Arrays, students: list[Windows], dtype: torch.dtype, clip_norm: float) -> float:
    chunk_of_three = 3 * 4 * arrays["W_hh"].shape[0] ** 2 * torch.finfo(dtype).bits // 8
    got = clipped_sum(arrays, students, clip_norm, dtype=dtype, cache_bytes=chunk_of_three).values
    # The oracle always runs in float64: an oracle in float32 would add its own rounding to the difference.
    want = clipped_sum_by_loop(arrays, students, clip_norm, torch.float64)
    return _relative_error(got, want)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("hidden", [8, 24, 64])
@pytest.mark.parametrize("clip_norm", [0.3, 4.0, 1e6])
def test_the_sum_equals_one_gradient_per_student(dtype: torch.dtype, hidden: int, clip_norm: float) -> None:
    """Ragged lengths, one to four skills, one to three windows, one-answer and two-answer students."""
    lengths: list[tuple[int, ...]] = [(9,), (2,), (1,), (30, 7), (12, 3, 4), (5, 2), (26,), (8, 8, 8)]
    students = _students(lengths)
    assert _clipped_error(random_arrays(ROWS, hidden, 1), students, dtype, clip_norm) <= TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_long_windows_and_a_wide_network_agree_too(dtype: torch.dtype) -> None:
    """H 100, T 100: the benchmark's size."""
    students = _students([(100,), (100, 40), (70,)], rows=40, skills=2)
    assert _clipped_error(random_arrays(40, 100, 2), students, dtype, 1.0) <= TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_widest_network_and_four_windows_agree_too(dtype: torch.dtype) -> None:
    """H 200; every student's windows are added up before the clip, over chunk borders too."""
    students = _students([(20, 9, 7, 30), (21, 20), (5,), (8, 8, 8, 8), (31, 2, 2)], rows=20, skills=3)
    assert _clipped_error(random_arrays(20, 200, 13), students, dtype, 1.0) <= TOLERANCE[dtype]


def test_chunk_and_piece_sizes_change_nothing_but_rounding() -> None:
    """A cache of one byte takes the students one by one; a vast one takes all at once."""
    arrays, students = random_arrays(ROWS, 16, 14), _students([(20, 9), (21,), (5,), (8, 8, 8), (31, 2)])
    one, all_at_once = (
        clipped_sum(arrays, students, 1.0, dtype=torch.float64, cache_bytes=size).values for size in (1, 10**9)
    )
    assert _relative_error(one, all_at_once) <= 1e-14


def test_two_threads_give_the_same_bytes_each_time() -> None:
    """The order of additions doesn't depend on which thread comes first."""
    arrays, students = random_arrays(ROWS, 64, 15), _students([(60, 40)] * 16, skills=2)
    torch.set_num_threads(2)
    first, second = (clipped_sum(arrays, students, 1.0).values.tobytes() for _ in range(2))
    assert first == second


def test_single_skills_are_a_special_case_without_special_code() -> None:
    """Most packs have one skill an item."""
    students = _students([(20,), (14, 6), (3,)], skills=1)
    assert _clipped_error(random_arrays(ROWS, 16, 3), students, torch.float64, 1.0) <= 1e-12


def test_a_huge_clip_norm_gives_the_plain_gradient() -> None:
    """Nothing is scaled when nobody is above the bound."""
    arrays, students = random_arrays(ROWS, 8, 4), _students([(11,)])
    got = clipped_sum(arrays, students, 1e9, dtype=torch.float64).values
    want = student_gradient(arrays, students[0], torch.float64)
    assert _relative_error(got, want) <= 1e-12


def test_nobody_counts_for_more_than_the_clip_norm() -> None:
    """The promise that the noise is scaled to; rho = .001 leaves room for float32."""
    arrays = {name: 5 * a for name, a in random_arrays(ROWS, 16, 5).items()}
    for student in _students([(40,), (13, 13), (2,)]):
        assert clipped_sum(arrays, [student], 0.5).norm <= 0.5 * 1.001


def test_an_empty_draw_gives_zeros_of_full_length() -> None:
    """A school with nobody drawn still has something to add noise to."""
    arrays = random_arrays(ROWS, 8, 6)
    result = clipped_sum(arrays, [], 1.0)
    assert result.clip_norm == 1.0
    assert result.values.dtype == np.float64
    assert result.values.shape == (2 * ROWS * 32 + 32 + 8 * 32 + ROWS * 8 + ROWS,)
    assert not result.values.any()


def test_a_student_without_a_scored_answer_adds_nothing() -> None:
    """A single answer predicts nothing, nor does a student without any window."""
    arrays, some = random_arrays(ROWS, 8, 7), _students([(6,)])
    quiet: list[Windows] = [*some, [], [random_window(1, ROWS, skills=2, seed=3)]]
    assert np.array_equal(clipped_sum(arrays, quiet, 1.0).values, clipped_sum(arrays, some, 1.0).values)


@pytest.mark.parametrize("poison", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["W_in", "W_out", "b_out"])
def test_a_student_whose_gradient_is_not_finite_is_left_out(name: str, poison: float) -> None:
    """Only one student meets the poisoned row; the others' sum is what it would be without that student."""
    arrays = random_arrays(ROWS, 8, 8)
    healthy = [[random_window(12, ROWS - 1, skills=3, seed=s)] for s in range(5)]
    sick = random_window(12, ROWS - 1, skills=3, seed=50)
    sick.skill_rows[1:5] = [ROWS - 1, -1, -1, -1]
    arrays[name][ROWS - 1] = poison
    if name == "W_in":
        arrays[name][2 * ROWS - 1] = poison
    got = clipped_sum(arrays, [*healthy[:3], [sick], *healthy[3:]], 1.0).values
    assert np.isfinite(got).all()
    want = clipped_sum_by_loop(arrays, [*healthy, [sick]], 1.0, torch.float32)
    assert _relative_error(got, want) <= 1e-6


def test_a_norm_that_overflows_counts_as_not_finite() -> None:
    """A gradient of 1e38 has a squared norm that float32 can't hold: zero is the safe reading."""
    arrays = random_arrays(ROWS, 8, 8)
    healthy = [[random_window(12, ROWS - 1, skills=3, seed=s)] for s in range(3)]
    sick = random_window(12, ROWS, skills=1, seed=50)
    sick.skill_rows[1:5, 0] = ROWS - 1
    arrays["W_out"][ROWS - 1] = 3e38
    got = clipped_sum(arrays, [*healthy, [sick]], 1.0).values
    assert np.array_equal(got != 0, clipped_sum(arrays, healthy, 1.0).values != 0)
    assert _relative_error(got, clipped_sum(arrays, healthy, 1.0).values) <= 1e-6


def test_company_does_not_change_a_contribution() -> None:
    """What a student adds depends on that student alone: the difference with and without is the same anywhere."""
    arrays = random_arrays(ROWS, 24, 9)
    one = _students([(31, 17)])[0]
    alone = clipped_sum(arrays, [one], 1.0).values
    crowd = _students([(40, 2), (18,), (33,), (50, 50, 50), (9,), (27,)])
    together = clipped_sum(arrays, [*crowd[:3], one, *crowd[3:]], 1.0).values
    assert _relative_error(together - clipped_sum(arrays, crowd, 1.0).values, alone) <= 1e-6


def test_the_same_inputs_give_the_same_bytes() -> None:
    """A round can be replayed."""
    arrays, students = random_arrays(ROWS, 24, 10), _students([(40, 2), (18,), (33,), (60,), (9,), (27,)])
    assert (
        clipped_sum(arrays, students, 1.0).values.tobytes() == clipped_sum(arrays, students, 1.0).values.tobytes()
    )


def test_arrays_of_another_model_are_refused() -> None:
    """The engine never guesses what an array means."""
    arrays = random_arrays(ROWS, 8, 11)
    del arrays["W_hh"]
    with pytest.raises(HomeroomError):
        clipped_sum(arrays, _students([(5,)]), 1.0)


def test_a_clip_norm_that_is_no_bound_is_refused() -> None:
    """Zero, negative, infinite and NaN bounds bound nothing."""
    for clip_norm in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(HomeroomError):
            clipped_sum(random_arrays(ROWS, 8, 12), _students([(5,)]), clip_norm)
