"""The dot product of each pair of rows, read once: what squared gradient norms and logits are made of."""

import numpy as np
import torch


def row_dots(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """(...,) from two tensors (..., width); NaN and infinity go through, an overflow is infinite.

    torch.linalg.vecdot writes the whole product out before it adds it up: three times the time, and as much
    memory again. No gradient flows through this one.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return torch.from_numpy(np.asarray(np.vecdot(left.numpy(), right.numpy())))


def squared_lengths(rows: torch.Tensor) -> torch.Tensor:
    """(...,) from (..., width)."""
    return row_dots(rows, rows)
