"""Squared norms and bias gradients of students, formed piece by piece, are those of their whole gradients."""

import numpy as np
import pytest
import torch

from client.training.gate_errors import Network, step_errors
from client.training.table_norms import student_cells, student_parts
from client.training.windows_plan import batches
from common.models.dkt_shapes import SHARED, shared_shapes
from tests.support.plain_gradients import random_arrays, random_window, student_gradient

ROWS, HIDDEN = 7, 8


@pytest.mark.parametrize("piece_bytes", [1, 10**9])
def test_parts_are_those_of_the_whole_gradient(piece_bytes: int) -> None:
    """Autograd is the oracle: every block but W_hh, for students one by one and all together."""
    arrays = random_arrays(ROWS, HIDDEN, 1)
    students = [
        [random_window(n, ROWS, skills=3, seed=n + k) for k in range(windows)]
        for n, windows in ((12, 3), (9, 1), (2, 1))
    ]
    network = Network(*(torch.from_numpy(arrays[name]).double() for name in SHARED))
    # One length group: the batch keeps the given order, since windows are fewer from student to student.
    (batch,) = batches(students, rows=ROWS, hidden=HIDDEN, dtype=torch.float64)
    errors, cells = step_errors(network, batch), student_cells(batch)
    parts = student_parts(errors, cells, students=batch.students, piece_bytes=piece_bytes)
    for s, windows in enumerate(students):
        blocks = _blocks(student_gradient(arrays, windows, torch.float64))
        squared = sum(float(np.square(block).sum()) for name, block in blocks.items() if name != "W_hh")
        assert float(parts.squared[s]) == pytest.approx(squared, rel=1e-12)
        np.testing.assert_allclose(parts.bias[s].numpy(), blocks["b"], rtol=1e-12, atol=1e-14)


def _blocks(flat: np.ndarray) -> dict[str, np.ndarray]:
    sizes = {name: int(np.prod(shape)) for name, shape in shared_shapes(ROWS, HIDDEN)}
    return dict(zip(sizes, np.split(flat, np.cumsum(list(sizes.values()))[:-1]), strict=True))
