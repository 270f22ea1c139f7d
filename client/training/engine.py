"""Per-student clipped gradient sums in one pass, without ever holding one gradient per student.

A student's gradient is read off the step errors of one forward and backward pass (`gate_errors`): the two
tables need only the (student, row) cells that occur, and the recurrent product is formed for a chunk of students
that fits the cache, measured, weighted and added while it is there. A student's windows are clipped together:
the unit is the whole history. Idea: ghost clipping (Li et al. 2022), here for a recurrent network.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from client.training.gate_errors import Network, StepErrors, step_errors
from client.training.windows_plan import Batch, Windows, batches
from common.arrays import Arrays, size_of
from common.models.dkt_shapes import SHARED, hidden_of, shared_shapes
from common.privacy.clipping import ClippedSum, clip_factors

CACHE_BYTES = 1_300_000  # per-student products (H, 4H) of one chunk: what fits a 2 MB second-level cache


@dataclass(frozen=True, slots=True)
class _Parts:
    """Every student's gradient but the recurrent block, and the squared norm of those blocks, (S,)."""

    in_cells: torch.Tensor
    out_cells: torch.Tensor
    out_biases: torch.Tensor
    bias: torch.Tensor
    squared: torch.Tensor


@torch.no_grad()
def clipped_sum(
    arrays: Arrays,
    students: Sequence[Windows],
    clip_norm: float,
    *,
    dtype: torch.dtype = torch.float32,
    cache_bytes: int = CACHE_BYTES,
) -> ClippedSum:
    """Sum over students of gradient * min(1, clip_norm / norm), (d,) float64 in the order of `shared_shapes`.

    The gradient is that of the student's summed log loss over scored answers (second on in each window), each
    times its evidence weight, with item difficulty 0. A student whose gradient isn't finite contributes zero; so
    does one without a scored answer. Same inputs in the same order give the same bytes.
    """
    network = _network(arrays, dtype)
    rows, hidden = network.w_out.shape
    total = np.zeros(size_of(shared_shapes(rows, hidden)), np.float64)
    for batch in batches(students, rows=rows, hidden=hidden, dtype=dtype):
        total += _batch_sum(network, batch, clip_norm, cache_bytes=cache_bytes)
    return ClippedSum(total, clip_norm)


def _network(arrays: Arrays, dtype: torch.dtype) -> Network:
    hidden_of(arrays)  # refuses arrays that aren't a DKT's
    return Network(*(torch.from_numpy(np.array(arrays[name])).to(dtype) for name in SHARED))


def _batch_sum(network: Network, batch: Batch, clip_norm: float, *, cache_bytes: int) -> NDArray[np.float64]:
    errors = step_errors(network, batch)
    parts = _sparse_parts(errors, batch)
    chunk = max(1, cache_bytes // (4 * network.hidden * network.hidden * errors.gates.element_size()))
    recurrent, factors = _recurrent_sum(errors, batch, parts.squared, clip_norm=clip_norm, chunk=chunk)
    _silence(parts, batch, factors)
    in_scale, out_scale = factors[batch.seen.cell_student], factors[batch.asked.cell_student]
    blocks = (
        batch.seen.spread.total_scaled(parts.in_cells, in_scale),
        factors @ parts.bias,
        recurrent,
        batch.asked.spread.total_scaled(parts.out_cells, out_scale),
        batch.asked.spread.total_scaled(parts.out_biases, out_scale),
    )
    return np.concatenate([block.reshape(-1).numpy().astype(np.float64) for block in blocks])


def _sparse_parts(errors: StepErrors, batch: Batch) -> _Parts:
    in_cells = batch.seen.gather.total(errors.gates.flatten(0, 1))
    out_cells = batch.asked.gather.total_scaled(errors.hidden[1:].flatten(0, 1), errors.output)
    out_biases = batch.asked.gather.total(errors.output.unsqueeze(1))
    bias = _per_student(errors.gates.sum(0), batch)
    squared = torch.linalg.vecdot(bias, bias)
    squared.index_add_(0, batch.seen.cell_student, torch.linalg.vecdot(in_cells, in_cells))
    out_squared = torch.linalg.vecdot(out_cells, out_cells) + out_biases.squeeze(1).square()
    squared.index_add_(0, batch.asked.cell_student, out_squared)
    return _Parts(in_cells, out_cells, out_biases, bias, squared)


def _per_student(by_row: torch.Tensor, batch: Batch) -> torch.Tensor:
    """(B, width) -> (S, width): a student's further windows added to the first."""
    summed = by_row[: batch.students]
    start = batch.students
    for count in batch.windows[1:]:
        summed[:count] += by_row[start : start + count]
        start += count
    return summed


def _recurrent_sum(
    errors: StepErrors, batch: Batch, squared: torch.Tensor, *, clip_norm: float, chunk: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The clipped sum of the recurrent blocks (H, 4H) and every student's factor (S,); completes `squared`."""
    hidden = errors.hidden[:-1].permute(1, 2, 0)  # (B, H, T)
    gates = errors.gates.permute(1, 0, 2)  # (B, T, 4H)
    total = gates.new_zeros(hidden.shape[1] * gates.shape[2])
    factors = torch.empty_like(squared)
    for start in range(0, batch.students, chunk):
        end = min(batch.students, start + chunk)
        product = torch.bmm(hidden[start:end], gates[start:end])
        offset = batch.students
        for count in batch.windows[1:]:
            last = min(end, count)
            if last > start:
                more = slice(offset + start, offset + last)
                product[: last - start].baddbmm_(hidden[more], gates[more])
            offset += count
        flat = product.view(end - start, -1)
        squared[start:end] += torch.linalg.vecdot(flat, flat)
        factors[start:end] = _factors(squared[start:end], clip_norm)
        bad = ~squared[start:end].isfinite()
        if bool(bad.any()):
            flat[bad] = 0.0  # before the product: 0 times NaN is NaN
        total.addmv_(flat.t(), factors[start:end])
    return total.view(hidden.shape[1], -1), factors


def _factors(squared: torch.Tensor, clip_norm: float) -> torch.Tensor:
    return torch.from_numpy(clip_factors(squared.numpy().astype(np.float64), clip_norm)).to(squared.dtype)


def _silence(parts: _Parts, batch: Batch, factors: torch.Tensor) -> None:
    """Replaces every value of a student whose norm isn't finite by zero, after the norms and before the sums."""
    bad = ~parts.squared.isfinite()
    if not bool(bad.any()):
        return
    parts.bias[bad] = 0.0
    parts.in_cells[bad[batch.seen.cell_student]] = 0.0
    asked = bad[batch.asked.cell_student]
    parts.out_cells[asked] = 0.0
    parts.out_biases[asked] = 0.0
    factors[bad] = 0.0
