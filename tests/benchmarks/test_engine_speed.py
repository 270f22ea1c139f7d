"""The benchmark times the private step on histories that both steps can read."""

import torch

from benchmarks.engine_speed import Size, invented, measure


def test_students_have_one_full_window_each() -> None:
    """steps predictions need steps + 1 attempts."""
    students = invented(Size(students=3, steps=7, skills=5, hidden=4))
    assert [[len(window) for window in student] for student in students] == [[8], [8], [8]]
    assert all(0 <= row < 5 for s in students for row in s[0].skill_rows[:, 0])


def test_a_measurement_orders_its_ratios() -> None:
    """A tiny size, so that the whole benchmark's code runs in a test."""
    torch.set_num_threads(1)
    row = measure(Size(students=2, steps=5, skills=4, hidden=4), repeats=3)
    assert 0 < row.lowest <= row.ratio <= row.highest
    assert row.ours_seconds > 0
    assert row.usual_seconds > 0
