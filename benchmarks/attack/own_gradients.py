"""Every student's own clipped gradient, one row each: what somebody who knows a student's answers can compute.

The product's engine never holds these; here they are formed from its own errors of each step, for students of one
window. A test compares each row with the engine's sum over that student alone.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from client.training.gate_errors import Network, step_errors
from client.training.segments import Reads
from client.training.windows_plan import Batch, Windows, batches
from common.arrays import Arrays
from common.models.dkt_shapes import SHARED
from common.privacy.clipping import clip_factors

Rows = NDArray[np.float32]


@torch.no_grad()
def own_gradients(arrays: Arrays, students: Sequence[Windows], clip_norm: float) -> Rows:
    """(n, d) in the order of `students`, each row of norm at most clip_norm. Every student has one window."""
    network = Network(*(torch.from_numpy(np.array(arrays[name])) for name in SHARED))
    table_rows, hidden = network.w_out.shape
    # By length, so that the engine's batches come in the same order.
    order = sorted(range(len(students)), key=lambda number: len(students[number][0]))
    parts = batches([students[n] for n in order], rows=table_rows, hidden=hidden, dtype=torch.float32)
    found = torch.cat([_gradients(network, batch, clip_norm) for batch in parts]).numpy()
    rows = np.empty_like(found)
    rows[order] = found
    return rows


def _gradients(network: Network, batch: Batch, clip_norm: float) -> torch.Tensor:
    errors, table_rows = step_errors(network, batch), len(network.w_out)
    # A batch may hold an empty row at its end.
    gates = errors.gates[:, : batch.students].permute(1, 0, 2)
    hidden = errors.hidden[:, : batch.students].permute(1, 2, 0)
    output = errors.output.unsqueeze(1)
    blocks = (
        _by_row(errors.gates.flatten(0, 1), batch.seen.reads, batch, rows=2 * table_rows),
        gates.sum(1),
        torch.bmm(hidden[:, :, :-1], gates),
        _by_row(errors.hidden[1:].flatten(0, 1) * output, batch.asked.reads, batch, rows=table_rows),
        _by_row(output, batch.asked.reads, batch, rows=table_rows),
    )
    whole = torch.cat([block.reshape(batch.students, -1) for block in blocks], dim=1)
    squared = torch.linalg.vecdot(whole, whole).numpy().astype(np.float64)
    return whole * torch.from_numpy(clip_factors(squared, clip_norm)).to(whole.dtype).unsqueeze(1)


def _by_row(steps: torch.Tensor, reads: Reads, batch: Batch, *, rows: int) -> torch.Tensor:
    """(students, rows, width): what each student's steps, (T * B, width), leave in each row that they read."""
    student = np.asarray(batch.owner)[reads.step % batch.rows]
    places = torch.from_numpy(student * rows + reads.row)
    share = torch.from_numpy(reads.share).to(steps.dtype).unsqueeze(1)
    dense = steps.new_zeros(batch.students * rows, steps.shape[1])
    return dense.index_add_(0, places, steps[torch.from_numpy(reads.step)] * share)
