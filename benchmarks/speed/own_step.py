"""The product's engine without per-student clipping: the plain sum of gradients, as fast as its parts allow.

Same plan, forward and backward pass as the private step; then one product over all steps for the recurrent block
and one weighted sum of steps for each table. What it lacks is the price of privacy: cells, norms, factors.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from client.training.gate_errors import Network, step_errors
from client.training.windows_plan import Windows, batches
from common.arrays import Arrays
from common.models.dkt_shapes import SHARED


@torch.inference_mode()
def summed_gradient(
    arrays: Arrays, students: Sequence[Windows], dtype: torch.dtype = torch.float32
) -> NDArray[np.float64]:
    """(d,) float64 in the order of `shared_shapes`: what `clipped_sum` gives when nobody is clipped."""
    network = Network(*(torch.from_numpy(arrays[name]).to(dtype) for name in SHARED))
    rows, hidden = network.w_out.shape
    total = np.zeros(sum(arrays[name].size for name in SHARED))
    for batch in batches(students, rows=rows, hidden=hidden, dtype=dtype):
        errors = step_errors(network, batch)
        gates, states = errors.gates.flatten(0, 1), errors.hidden[1:].flatten(0, 1)
        w_in = batch.seen.spread.total(gates)
        blocks = (
            w_in,
            w_in.sum(0),  # a step's shares sum to 1
            errors.hidden[:-1].flatten(0, 1).t() @ gates,
            batch.asked.spread.scaled(errors.output).total(states),
            batch.asked.spread.total(errors.output.unsqueeze(1)),
        )
        total += np.concatenate([block.reshape(-1).numpy() for block in blocks])
    return total
