"""Bounding one student's contribution: clip factors, and the sum that carries its bound with it."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.errors import ErrorCode, FixSettings


@dataclass(frozen=True, slots=True, eq=False)
class ClippedSum:
    """A sum in which no student counts for more than `clip_norm` in Euclidean norm.

    values: (d,) float64. Sensitive until it has been noised.
    """

    values: NDArray[np.float64] = field(repr=False)
    clip_norm: float

    @property
    def norm(self) -> float:
        """Euclidean norm; at most clip_norm times the students drawn. Sensitive."""
        return float(np.linalg.norm(self.values))


def clip_factors(squared_norms: NDArray[np.floating], clip_norm: float) -> NDArray[np.float64]:
    """min(1, clip_norm / norm) per student, and 0 for a student whose norm isn't a finite number.

    squared_norms: (B,), returns (B,). A factor of 0 doesn't silence NaN or infinity (0 x NaN is NaN): leave
    such a student out of the sum.
    """
    _check_clip_norm(clip_norm)
    squared = np.asarray(squared_norms, np.float64)
    usable = np.isfinite(squared) & (squared >= 0)
    norms = np.sqrt(np.where(usable, squared, 0.0))
    # Dividing by no less than the bound keeps zero and tiny norms out of the division.
    return np.where(usable, clip_norm / np.maximum(norms, clip_norm), 0.0)


def sum_clipped(contributions: NDArray[np.floating], clip_norm: float) -> ClippedSum:
    """Clips each row and adds the rows up: the plain definition that a one-pass engine has to match.

    contributions: (B, d), one row per student. A row that holds NaN or infinity, or whose squared norm
    overflows, counts as zero.
    """
    rows = np.asarray(contributions, np.float64)
    finite: NDArray[np.bool_] = np.all(np.isfinite(rows), axis=1)
    rows = np.where(finite[:, None], rows, 0.0)
    with np.errstate(over="ignore"):  # an overflow gives infinity, and infinity gives factor 0
        squared = np.square(rows).sum(axis=1)
    factors = clip_factors(np.where(finite, squared, np.inf), clip_norm)
    return ClippedSum((rows * factors[:, None]).sum(axis=0), clip_norm)


def _check_clip_norm(clip_norm: float) -> None:
    if not 0 < clip_norm < math.inf:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"clip_norm must be a positive number, got {clip_norm}.")
