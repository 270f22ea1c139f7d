"""A campaign of one attacked school in which the model moves: what goes out of it, round by round."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.default_plan import DefaultPlan
from benchmarks.attack.world import AttackedSchool
from common.arrays import Arrays, flatten, unflatten
from common.federated_step import moved
from common.models.dkt_shapes import FROZEN, SHARED, hidden_of, shared_shapes
from common.optimizer import start_weights


@dataclass(frozen=True, slots=True)
class Trail:
    """models: asked with in each round. sums: what each sent, opened, (d,). last: the model afterwards."""

    models: tuple[Arrays, ...] = field(repr=False)
    sums: tuple[NDArray[np.float64], ...] = field(repr=False)
    last: Arrays = field(repr=False)


def train(school: AttackedSchool, plan: DefaultPlan, start: Arrays, *, divisor: float) -> Trail:
    """Every round of the plan, the next one asked with the model that the plan's optimiser makes of the sum.

    divisor: what the sum is divided by: sampling rate x clip norm x the public number of students.
    """
    campaign = plan.campaign
    shapes = shared_shapes(len(start["b_out"]), hidden_of(start))
    weights = start_weights(flatten({name: start[name] for name in SHARED}, shapes))
    models, sums = [start], []
    for number in range(1, campaign.rounds + 1):
        sums.append(school.release(number, models[-1]))
        weights = moved(campaign, weights, sums[-1] / divisor, round_number=number) or weights
        models.append({**unflatten(weights.model.astype(np.float32), shapes), FROZEN: start[FROZEN]})
    return Trail(tuple(models[:-1]), tuple(sums), models[-1])
