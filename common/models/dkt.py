"""The DKT in torch: a readable differentiable forward pass, and training on students that nobody has to protect.

Equations and array names: `common.models.dkt_shapes`. Gradients come from autograd, so this is also the oracle
for the private engine. Nothing here may see real students: `train_without_privacy` gives no guarantee at all.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from common.arrays import Arrays
from common.models.dkt_shapes import all_shapes
from common.models.encoding import EncodedHistory, item_difficulties, shares

Parameters = Mapping[str, torch.Tensor]

_GROUPS = 4  # a draw is cut into so many groups of similar length, to save padding
_RATE, _SAMPLING_RATE = 0.012, 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B padded histories of at most T attempts.

    skills, share (B, T, 4): skill rows (0 where there is none) and their weights (0 there); correct, weight,
    difficulty (B, T); weight is 0 for padding.
    """

    skills: torch.Tensor
    share: torch.Tensor
    correct: torch.Tensor
    weight: torch.Tensor
    difficulty: torch.Tensor


def initial_arrays(rows: int, hidden: int, seed: int) -> Arrays:
    """All six arrays before any training: uniform in +-1/sqrt(hidden), no bias but 1 at the forget gate."""
    rng = np.random.default_rng(seed)
    bound = 1 / math.sqrt(hidden)
    arrays = {
        name: rng.uniform(-bound, bound, shape).astype(np.float32) for name, shape in all_shapes(rows, hidden)
    }
    arrays["b"][:] = 0
    arrays["b"][hidden : 2 * hidden] = 1
    arrays["b_out"][:] = 0
    return arrays


def tensors(arrays: Arrays, dtype: torch.dtype = torch.float32) -> dict[str, torch.Tensor]:
    """Copies of the arrays as leaves that collect gradients."""
    return {name: torch.tensor(array, dtype=dtype, requires_grad=True) for name, array in arrays.items()}


def pad(
    histories: Sequence[EncodedHistory], difficulty: Mapping[str, float], dtype: torch.dtype = torch.float32
) -> Batch:
    """Histories side by side, padded to the longest. An item that `difficulty` doesn't hold has 0."""
    b, t = len(histories), max(len(history) for history in histories)
    skills, share = np.zeros((b, t, 4), np.int64), np.zeros((b, t, 4))
    correct, weight, offset = np.zeros((b, t)), np.zeros((b, t)), np.zeros((b, t))
    for row, history in enumerate(histories):
        n = len(history)
        skills[row, :n] = np.maximum(history.skill_rows, 0)
        share[row, :n] = shares(history.skill_rows)
        correct[row, :n], weight[row, :n] = history.correct, history.weight
        offset[row, :n] = item_difficulties(history, difficulty)
    floats = (torch.tensor(array, dtype=dtype) for array in (share, correct, weight, offset))
    return Batch(torch.tensor(skills), *floats)


def logits(parameters: Parameters, batch: Batch) -> torch.Tensor:
    """(B, T) logit of each attempt, from the attempts before it only; anything where there is padding."""
    given = _inputs(parameters, batch)
    b, t, hidden = *batch.correct.shape, parameters["W_hh"].shape[0]
    h = c = given.new_zeros(b, hidden)
    before = []
    for step in given.unbind(1):
        before.append(h)
        gates = torch.addmm(step, h, parameters["W_hh"])
        i, f, o = gates[:, : 3 * hidden].sigmoid().chunk(3, dim=1)
        c = f * c + i * gates[:, 3 * hidden :].tanh()
        h = o * c.tanh()
    weights = _mean_rows(parameters["W_out"], batch.skills, batch.share)
    bias = _mean_rows(parameters["b_out"][:, None], batch.skills, batch.share).view(b, t)
    states = torch.stack(before, 1).view(b * t, hidden)
    return (weights * states).sum(1).view(b, t) + bias + batch.difficulty


def loss_sum(parameters: Parameters, batch: Batch) -> torch.Tensor:
    """Weighted sum of the log losses of all attempts but each history's first."""
    losses = functional.binary_cross_entropy_with_logits(
        logits(parameters, batch), batch.correct, reduction="none"
    )
    return (losses * batch.weight)[:, 1:].sum()


def train_without_privacy(
    arrays: Arrays,
    histories: Sequence[EncodedHistory],
    difficulty: Mapping[str, float],
    *,
    steps: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> Arrays:
    """New arrays, all six trained by Adam on the mean log loss of Poisson draws of SIMULATED students.

    progress is told the share that is done, after each step. Histories of one attempt teach nothing.
    The rate falls linearly to a tenth.
    """
    parameters = tensors(arrays)
    optimiser = torch.optim.Adam(parameters.values(), lr=_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.1, total_iters=steps)
    rng = np.random.default_rng(seed)
    for step in range(1, steps + 1):
        chosen = rng.random(len(histories)) < _SAMPLING_RATE
        drawn = [h for h, taken in zip(histories, chosen, strict=True) if taken and len(h) > 1]
        drawn.sort(key=len)
        optimiser.zero_grad()
        _add_gradient_of_mean(parameters, drawn, difficulty)
        optimiser.step()
        schedule.step()
        if progress:
            progress(step / steps)
    return {name: tensor.detach().numpy().copy() for name, tensor in parameters.items()}


def _add_gradient_of_mean(
    parameters: Parameters, drawn: Sequence[EncodedHistory], difficulty: Mapping[str, float]
) -> None:
    """drawn: by length, so that each group is padded to about its own length."""
    total = sum(float(history.weight[1:].sum()) for history in drawn)
    size = -(-len(drawn) // _GROUPS)
    for start in range(0, len(drawn), max(size, 1)):
        batch = pad(drawn[start : start + size], difficulty)
        torch.autograd.backward(loss_sum(parameters, batch) / total)


def _inputs(parameters: Parameters, batch: Batch) -> torch.Tensor:
    """(B, T, 4H): everything in the gates but the recurrent part."""
    rows = parameters["W_out"].shape[0]
    tokens = batch.skills + (batch.correct.to(torch.int64) * rows)[..., None]
    means = _mean_rows(parameters["W_in"], tokens, batch.share).view(*batch.correct.shape, -1)
    return means + batch.difficulty[..., None] * parameters["u"] + parameters["b"]


def _mean_rows(table: torch.Tensor, rows: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """(B * T, width): for each attempt, the table's rows of its skills weighted by their shares."""
    slots = max(1, int((share > 0).sum(-1).max()))  # most items have one skill: the empty slots come last
    flat, weights = rows[..., :slots].reshape(-1, slots), share[..., :slots].reshape(-1, slots)
    return functional.embedding_bag(flat, table, mode="sum", per_sample_weights=weights)
