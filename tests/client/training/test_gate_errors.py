"""The forward pass is the network of dkt_shapes, and the hand-written way back is its derivative."""

import numpy as np
import torch

from client.training.gate_errors import Network, step_errors
from client.training.windows_plan import batches
from common.arrays import Arrays
from common.models.dkt_numpy import state_after
from common.models.dkt_shapes import SHARED
from tests.support.plain_gradients import random_arrays, random_window, student_gradient


def _network(arrays: Arrays) -> Network:
    return Network(*(torch.from_numpy(arrays[name]).double() for name in SHARED))


def test_states_equal_those_that_the_school_predicts_with() -> None:
    """Training and serving run the same network: the numpy version is the oracle."""
    arrays, window = random_arrays(6, 8, 1), random_window(10, 6, skills=3, seed=2)
    (batch,) = batches([[window]], rows=6, hidden=8, dtype=torch.float64)
    errors = step_errors(_network(arrays), batch)
    # A training window of ten attempts reads nine: the tenth is only predicted.
    nine = random_window(10, 6, skills=3, seed=2)
    nine = type(nine)(
        "s", nine.items[:9], nine.skill_rows[:9], nine.correct[:9], nine.weight[:9], nine.at_seconds[:9]
    )
    want = state_after(arrays, nine, {}).h
    np.testing.assert_allclose(errors.hidden[9, 0].numpy(), want, atol=1e-5)


def test_gate_errors_sum_to_the_gradient_of_the_bias() -> None:
    """b enters every gate once, so its gradient is the sum of gate errors; autograd is the oracle."""
    arrays, window = random_arrays(6, 8, 3), random_window(12, 6, skills=3, seed=4)
    (batch,) = batches([[window]], rows=6, hidden=8, dtype=torch.float64)
    errors = step_errors(_network(arrays), batch)
    start = arrays["W_in"].size
    want = student_gradient(arrays, [window], torch.float64)[start : start + 32]
    np.testing.assert_allclose(errors.gates.sum((0, 1)).numpy(), want, rtol=1e-12, atol=1e-14)


def test_padding_has_no_error() -> None:
    """Steps after a window's end add nothing to any gradient."""
    arrays, window = random_arrays(6, 8, 5), random_window(5, 6, skills=3, seed=6)
    (batch,) = batches([[window]], rows=6, hidden=8, dtype=torch.float64)
    errors = step_errors(_network(arrays), batch)
    assert not errors.gates[4:].any()
    assert not errors.output[4:].any()
