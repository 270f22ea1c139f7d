"""Dot products of rows are those of torch, and pass on what isn't a finite number without a warning."""

import math

import torch

from client.training.row_dots import row_dots, squared_lengths


def test_each_row_is_multiplied_with_its_own() -> None:
    """(1, 2).(3, 4) = 11 and (0, 1).(5, 6) = 6; a view with gaps between its rows counts as well."""
    left, right = torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([[3.0, 4.0, 9.0], [5.0, 6.0, 9.0]])
    assert row_dots(left, right[:, :2]).tolist() == [11.0, 6.0]


def test_it_agrees_with_torch_in_both_precisions() -> None:
    """Three axes: the last one goes."""
    torch.manual_seed(0)
    for dtype, tolerance in ((torch.float32, 1e-6), (torch.float64, 1e-14)):
        values = torch.randn(3, 5, 300, dtype=dtype)
        torch.testing.assert_close(
            squared_lengths(values), torch.linalg.vecdot(values, values), rtol=tolerance, atol=0
        )


def test_what_is_not_finite_stays_in_its_row() -> None:
    """NaN, infinity, and a square that float32 can't hold; warnings would fail this test."""
    lengths = squared_lengths(torch.tensor([[math.nan, 1.0], [math.inf, 1.0], [3e38, 1.0], [3.0, 4.0]]))
    assert math.isnan(lengths[0])
    assert lengths[1:].tolist() == [math.inf, math.inf, 25.0]
