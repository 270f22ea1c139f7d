"""The readable twin of the engine: one autograd gradient per student, clipped, then added up."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from common.arrays import Arrays
from common.models.dkt_shapes import SHARED, zero_arrays
from common.models.encoding import EncodedHistory

Windows = Sequence[EncodedHistory]


def student_gradient(arrays: Arrays, windows: Windows, dtype: torch.dtype) -> NDArray[np.float64]:
    """The gradient of one student's summed log loss, flattened in the order of an update."""
    leaves = [torch.from_numpy(arrays[name]).to(dtype).requires_grad_() for name in SHARED]
    loss = torch.zeros((), dtype=dtype)
    for window in windows:
        loss = loss + _window_loss(leaves, window)
    if not loss.requires_grad:
        return np.zeros(sum(leaf.numel() for leaf in leaves))
    gradients = torch.autograd.grad(loss, leaves, materialize_grads=True)
    return np.concatenate([g.reshape(-1).numpy() for g in gradients]).astype(np.float64)


def clipped_sum_by_loop(
    arrays: Arrays, students: Sequence[Windows], clip_norm: float, dtype: torch.dtype
) -> NDArray[np.float64]:
    """(d,) float64: the definition of what the engine computes."""
    total = np.zeros(sum(arrays[name].size for name in SHARED))
    for windows in students:
        gradient = student_gradient(arrays, windows, dtype)
        norm = float(np.linalg.norm(gradient))
        if np.isfinite(norm):
            total += gradient * (min(1.0, clip_norm / norm) if norm > 0 else 0.0)
    return total


def random_arrays(rows: int, hidden: int, seed: int) -> Arrays:
    """All six arrays, uniform around zero, as a network before training."""
    generator = np.random.default_rng(seed)
    return {
        name: generator.uniform(-0.4, 0.4, a.shape).astype(np.float32)
        for name, a in zero_arrays(rows, hidden).items()
    }


def random_window(length: int, rows: int, *, skills: int, seed: int) -> EncodedHistory:
    """A window whose attempts have 1 to `skills` skills, some with a lower evidence weight."""
    generator = np.random.default_rng(seed)
    skill_rows = np.full((length, 4), -1, np.int32)
    for t in range(length):
        count = int(generator.integers(1, skills + 1))
        skill_rows[t, :count] = generator.choice(rows, count, replace=False)
    return EncodedHistory(
        student=f"s{seed}",
        items=("i",) * length,
        skill_rows=skill_rows,
        correct=generator.random(length) < 0.6,
        weight=generator.choice(np.array([1.0, 1.0, 0.2], np.float32), length),
        at_seconds=np.full(length, np.nan),
    )


def _window_loss(leaves: list[torch.Tensor], window: EncodedHistory) -> torch.Tensor:
    w_in, b, w_hh, w_out, b_out = leaves
    hidden = w_hh.shape[0]
    h = torch.zeros(hidden, dtype=w_in.dtype)
    c = torch.zeros(hidden, dtype=w_in.dtype)
    loss = torch.zeros((), dtype=w_in.dtype)
    for t in range(len(window)):
        skills = [int(row) for row in window.skill_rows[t] if row >= 0]
        if t:
            logit = (w_out[skills] @ h + b_out[skills]).mean()
            answer = torch.tensor(float(window.correct[t]), dtype=w_in.dtype)
            log_loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, answer)
            loss = loss + float(window.weight[t]) * log_loss
        tokens = [row + int(window.correct[t]) * w_out.shape[0] for row in skills]
        i, f, o, g = (w_in[tokens].mean(0) + b + h @ w_hh).view(4, hidden)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    return loss
