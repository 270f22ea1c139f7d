"""How one mean update moves the shared model: elementwise float64 in a fixed order, so any machine can redo it.

No library of linear algebra is involved: each number sees the same products and sums everywhere.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.model_terms import MomentumTerms

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """model and memory: (d,) float64 each, in the order of an update.

    memory: what the optimiser keeps beside the model: the velocity of momentum, the curvature of Newton's steps.
    """

    model: Floats = field(repr=False)
    memory: Floats = field(repr=False)


def start_weights(model: NDArray[np.floating], memory: NDArray[np.floating] | None = None) -> Weights:
    """Weights before the first round: a model (d,) at rest, or with a memory (d,) that the start brings."""
    start = np.asarray(model, np.float64)
    return Weights(start, np.zeros_like(start) if memory is None else np.asarray(memory, np.float64))


def learning_rate(terms: MomentumTerms, round_number: int, rounds: int) -> float:
    """Falls linearly from `learning_rate` in round 1 to `final_fraction` of it in the last round."""
    passed = (round_number - 1) / (rounds - 1) if rounds > 1 else 0.0
    return terms.learning_rate * (1.0 - (1.0 - terms.final_fraction) * passed)


def step(weights: Weights, mean_update: Floats, *, rate: float, momentum: float) -> Weights:
    """One round of momentum: velocity' = momentum velocity + update; model' = model - rate velocity'.

    mean_update: (d,) float64, the mean of clipped gradients of the loss.
    """
    velocity = momentum * weights.memory + mean_update
    return Weights(weights.model - rate * velocity, velocity)


@dataclass(frozen=True, slots=True, eq=False)
class NewtonScales:
    """What averaged Newton steps need beside the curvature, all of it public before the campaign.

    columns: (d,) factors on the columns. spread: (d,) in logits, how far the start may be off. noise: standard
    deviation of the noise in each number of a mean update.
    """

    columns: Floats = field(repr=False)
    spread: Floats = field(repr=False)
    noise: float


def newton_step(weights: Weights, mean_update: Floats, scales: NewtonScales, *, round_number: int) -> Weights:
    """Round t of averaged Newton steps: model' = model - columns * gain * update.

    Where the curvature a is known, a mean update is one noisy measurement of how far the best model is away:
    update / a, with standard deviation noise / a. Averaged over the rounds so far, and with the start as a
    measurement of its own whose standard deviation is spread / columns, round t gets the gain

        gain = a s^2 / (noise^2 + t a^2 s^2),    s = spread / columns

    which is 1 / (a t) where the noise is small and near 0 where it would drown the number: a column that no
    student touches (a = 0) never moves. It is the Kalman filter of a quantity at rest.
    """
    curvature, s = weights.memory, scales.spread / scales.columns
    known = curvature * s * s
    gain = known / (scales.noise * scales.noise + float(round_number) * (curvature * known))
    return Weights(weights.model - scales.columns * (gain * mean_update), curvature)
