"""Between chances and logits."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sigmoid(logit: NDArray[np.floating]) -> Floats:
    """1 / (1 + exp(-logit)) without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logit)), np.float64)


def logit_of(chance: Floats) -> Floats:
    """log(p / (1 - p)), for chances between 0 and 1, both excluded."""
    return np.asarray(np.log(chance / (1 - chance)), np.float64)
