"""Per-student clipped gradient sums in one pass, without ever holding one gradient per student.

A student's gradient is read off the step errors of one forward and backward pass (`gate_errors`): the two
tables need only the (student, row) cells that occur, and the recurrent product is formed for a chunk of students
that fits the cache, measured, weighted and added while it is there. A student's windows are clipped together:
the unit is the whole history. Idea: ghost clipping (Li et al. 2022), here for a recurrent network.
"""

from collections.abc import Sequence

import numpy as np
import torch

from client.training.gate_errors import Network, StepErrors, step_errors
from client.training.row_dots import squared_lengths
from client.training.table_norms import StudentParts, student_cells, student_parts
from client.training.windows_plan import Batch, Windows, batches
from common.arrays import Arrays, size_of
from common.models.dkt_shapes import SHARED, hidden_of, shared_shapes
from common.privacy.clipping import ClippedSum, clip_factors

CACHE_BYTES = 1_300_000  # per-student products (H, 4H) of one chunk: what fits a 2 MB second-level cache


@torch.inference_mode()  # less work for each of some thousand small operations than no_grad
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
        start = 0
        for block in _batch_sum(network, batch, clip_norm, cache_bytes=cache_bytes):
            total[start : start + block.numel()] += block.view(-1).numpy()
            start += block.numel()
    return ClippedSum(total, clip_norm)


def _network(arrays: Arrays, dtype: torch.dtype) -> Network:
    hidden_of(arrays)  # refuses arrays that aren't a DKT's
    # Bytes off the wire can't be written to, which torch wants, and only they are copied.
    return Network(*(torch.from_numpy(np.require(arrays[name], requirements="W")).to(dtype) for name in SHARED))


def _batch_sum(network: Network, batch: Batch, clip_norm: float, *, cache_bytes: int) -> list[torch.Tensor]:
    """The batch's clipped sum, block by block in the order of `shared_shapes`."""
    cells = student_cells(batch)
    errors = step_errors(network, batch)
    # Read once: need not fit the cache.
    parts = student_parts(errors, cells, students=batch.students, piece_bytes=3 * cache_bytes)
    product_bytes = 4 * network.hidden * network.hidden * errors.gates.element_size()
    chunk = min(batch.students, max(1, cache_bytes // product_bytes))
    recurrent, factors = _recurrent_sum(errors, batch, parts.squared, clip_norm=clip_norm, chunk=chunk)
    _silence(errors, batch, parts)
    by_step = factors[torch.from_numpy(batch.owner)].expand(batch.steps, -1).reshape(-1)
    output = errors.output * by_step
    return [
        batch.seen.spread.scaled(by_step).total(errors.gates.flatten(0, 1)),
        factors @ parts.bias,
        recurrent,
        batch.asked.spread.scaled(output).total(errors.hidden[1:].flatten(0, 1)),
        batch.asked.spread.total(output.unsqueeze(1)),
    ]


def _recurrent_sum(
    errors: StepErrors, batch: Batch, squared: torch.Tensor, *, clip_norm: float, chunk: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The clipped sum of the recurrent blocks (H * 4H) and every student's factor (S,); completes `squared`."""
    size, width = errors.hidden.shape[2], errors.gates.shape[2]
    products, total = errors.gates.new_empty(chunk, size, width), errors.gates.new_zeros(size * width)
    factors = torch.empty_like(squared)
    for start in range(0, batch.students, chunk):
        end = min(batch.students, start + chunk)
        formed = _products(errors, batch, start, out=products[: end - start])
        here = squared[start:end].add_(squared_lengths(formed).sum(1)).numpy()
        factor = factors[start:end].copy_(torch.from_numpy(clip_factors(here, clip_norm)))
        usable = np.isfinite(here)
        if not usable.all():
            formed[torch.from_numpy(~usable)] = 0.0  # before the sum: 0 times NaN is NaN
        total.addmv_(formed.view(end - start, -1).t(), factor)
    return total, factors


def _products(errors: StepErrors, batch: Batch, start: int, *, out: torch.Tensor) -> torch.Tensor:
    """(n, H, 4H): the recurrent gradients of students start .. start + n - 1, over all their windows."""
    hidden, gates = errors.hidden[:-1].permute(1, 2, 0), errors.gates.permute(1, 0, 2)  # (B, H, T), (B, T, 4H)
    end = start + len(out)
    torch.bmm(hidden[start:end], gates[start:end], out=out)
    offset = batch.students
    for count in batch.windows[1:]:
        last = min(end, count)
        if last > start:
            more = slice(offset + start, offset + last)
            out[: last - start].baddbmm_(hidden[more], gates[more])
        offset += count
    return out


def _silence(errors: StepErrors, batch: Batch, parts: StudentParts) -> None:
    """Replaces every value of a student whose norm isn't finite by zero, after the norms and before the sums."""
    bad = ~parts.squared.isfinite()
    if not bool(bad.any()):
        return
    parts.bias[bad] = 0.0
    rows = bad[torch.from_numpy(batch.owner)]
    errors.gates[:, rows] = 0.0
    errors.hidden[:, rows] = 0.0
    errors.output.view(batch.steps, batch.rows)[:, rows] = 0.0
