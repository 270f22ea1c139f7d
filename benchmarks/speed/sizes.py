"""The sizes that are measured, and the invented histories that every variant reads."""

from dataclasses import dataclass

import numpy as np
import torch

from client.training.windows_plan import Windows
from common.models.encoding import EncodedHistory


@dataclass(frozen=True, slots=True)
class Size:
    """students: one window each. steps: predictions in a window. skills: model rows. hidden: H."""

    students: int
    steps: int
    skills: int
    hidden: int


SIZES = (Size(64, 100, 123, 100), Size(128, 100, 110, 64), Size(256, 200, 110, 64), Size(256, 200, 110, 200))


@dataclass(frozen=True, slots=True)
class Tensors:
    """The same histories as the other variants take them, batch first: (B, T) each.

    token: skill read, plus `skills` if it was answered right. asked: skill predicted. correct: 0. or 1.
    """

    token: torch.Tensor
    asked: torch.Tensor
    correct: torch.Tensor


def invented(size: Size, seed: int = 0) -> list[Windows]:
    """Students with `steps` + 1 random attempts at items of one random skill each."""
    rng = np.random.default_rng(seed)
    return [[_window(size, rng)] for _ in range(size.students)]


def tensors_of(size: Size, students: list[Windows]) -> Tensors:
    """For histories as `invented` makes them."""
    skill = torch.from_numpy(np.stack([s[0].skill_rows[:, 0] for s in students]).astype(np.int64))
    correct = torch.from_numpy(np.stack([s[0].correct for s in students]).astype(np.float32))
    token = skill[:, :-1] + size.skills * correct[:, :-1].long()
    return Tensors(token, skill[:, 1:].contiguous(), correct[:, 1:].contiguous())


def _window(size: Size, rng: np.random.Generator) -> EncodedHistory:
    length = size.steps + 1
    skill_rows = np.full((length, 4), -1, np.int32)
    skill_rows[:, 0] = rng.integers(0, size.skills, length)
    return EncodedHistory(
        student="invented",
        items=("item",) * length,
        skill_rows=skill_rows,
        correct=rng.random(length) < 0.6,
        weight=np.ones(length, np.float32),
        at_seconds=np.full(length, np.nan),
    )
