"""Batches pad to a public ladder, keep each student's windows together and lose no scored answer."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from client.training import windows_plan
from client.training.windows_plan import Batch, Windows, batches
from tests.support.plain_gradients import random_window


def _students(lengths: list[list[int]]) -> list[Windows]:
    return [
        [random_window(length, 5, skills=2, seed=31 * s + w) for w, length in enumerate(windows)]
        for s, windows in enumerate(lengths)
    ]


def _batches(lengths: list[list[int]], hidden: int = 8) -> list[Batch]:
    return list(batches(_students(lengths), rows=5, hidden=hidden, dtype=torch.float32))


def test_windows_are_laid_out_first_windows_first() -> None:
    """Students with 1, 3 and 2 windows: three first, two second, one third."""
    (batch,) = _batches([[4], [4, 4, 4], [4, 4]])
    assert batch.windows == (3, 2, 1)
    assert (batch.students, batch.rows, batch.steps) == (3, 6, 12)
    assert batch.owner.tolist() == [0, 1, 2, 0, 1, 0]


def test_an_empty_row_keeps_steps_off_the_same_lines_of_cache() -> None:
    """128 rows of 4 x 64 gates are 2^17 bytes a step; one more row, of nobody, breaks the pattern."""
    (batch,) = _batches([[4]] * 128, 64)
    assert (batch.students, batch.rows) == (128, 129)


def test_lengths_are_padded_to_the_ladder() -> None:
    """13 attempts are 12 steps; 14 need the next rung; beyond the last rung come its multiples."""
    assert [batch.steps for batch in _batches([[13], [14], [201], [202], [500]])] == [12, 25, 200, 400, 600]


def test_the_shape_of_a_students_group_does_not_depend_on_the_others() -> None:
    """The longest window alone decides, whoever else is drawn."""
    assert {batch.steps for batch in _batches([[20]])} <= {batch.steps for batch in _batches([[20], [3], [90]])}


def test_a_large_group_is_cut_into_even_batches() -> None:
    """A batch holds at most GATE_BYTES of gate values, here 100 windows of 200 steps; nobody trains alone."""
    hidden = windows_plan.GATE_BYTES // (200 * 16 * 100)
    assert [batch.rows for batch in _batches([[150]] * 201, hidden)] == [67, 67, 67]


def test_a_wide_network_still_gets_thick_products() -> None:
    """Below MIN_ROWS rows a step's product runs at half speed, so memory gives way."""
    assert [batch.rows for batch in _batches([[150]] * 126, 401)] == [63, 63]


def test_a_student_with_more_windows_than_a_batch_holds_stays_whole() -> None:
    """The clip needs all windows of a student at once."""
    lengths = [[150] * 70, [150], [150]]
    batches = _batches(lengths, windows_plan.GATE_BYTES // (200 * 16 * 2))
    assert [batch.windows for batch in batches] == [(1,) * 70, (2,)]


def test_nothing_to_score_gives_no_batch() -> None:
    """Windows of one attempt and students without windows hold nothing to predict."""
    assert _batches([[1], [], [1, 1]]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(1, 40), max_size=3), max_size=6))
def test_every_scored_answer_is_in_exactly_one_batch(lengths: list[list[int]]) -> None:
    """The weights that the batches hold are those of the second attempt on, each once."""
    held = sum(float(batch.weight.sum()) for batch in _batches(lengths))
    owed = sum(float(window.weight[1:].sum()) for windows in _students(lengths) for window in windows)
    assert abs(held - owed) < 1e-3
