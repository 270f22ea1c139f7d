"""SGD with momentum on the shared model: elementwise float64 in a fixed order, so that any machine can redo it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.plan import OptimiserTerms


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """model and velocity: (d,) float64 each, in the order of `shared_shapes`."""

    model: NDArray[np.float64] = field(repr=False)
    velocity: NDArray[np.float64] = field(repr=False)


def start_weights(model: NDArray[np.floating]) -> Weights:
    """Weights before the first round: a model (d,) at rest."""
    start = np.asarray(model, np.float64)
    return Weights(start, np.zeros_like(start))


def learning_rate(terms: OptimiserTerms, round_number: int, rounds: int) -> float:
    """Falls linearly from `learning_rate` in round 1 to `final_fraction` of it in the last round."""
    passed = (round_number - 1) / (rounds - 1) if rounds > 1 else 0.0
    return terms.learning_rate * (1.0 - (1.0 - terms.final_fraction) * passed)


def step(weights: Weights, mean_update: NDArray[np.float64], *, rate: float, momentum: float) -> Weights:
    """One round: velocity' = momentum velocity + update; model' = model - rate velocity'.

    mean_update: (d,) float64, the mean of clipped gradients of the loss. No library of linear algebra is
    involved: each number sees the same two products and two sums everywhere.
    """
    velocity = momentum * weights.velocity + mean_update
    return Weights(weights.model - rate * velocity, velocity)
