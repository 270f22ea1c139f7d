"""One round's step, as the coordinator takes it and as every school redoes it: from a published sum to a model.

Integers are exact, and floats see the same elementwise operations in the same order everywhere, without a
library of linear algebra: the same sums give the same bits on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays, Shapes, flatten, from_bytes, size_of, to_bytes, unflatten
from common.models.dkt_shapes import FROZEN, SHARED, shared_shapes
from common.opened_round import OpenedRound
from common.optimizer import Weights, learning_rate, start_weights, step
from common.plan import CampaignPlan, RoundKind
from common.privacy.fixed_point import centre, decode
from common.privacy.sampling import batch_cap

# An honest round's noise is longer than its bound with probability below 2^-60.
_NOISE_TAIL = 60 * math.log(2)
# Two models and two outcomes for each score bin.
_HISTOGRAMS = 4


@dataclass(frozen=True, slots=True, eq=False)
class MeanUpdate:
    """mean: (d,) float64, or None with the problem in a sentence: then the round moves nothing."""

    mean: NDArray[np.float64] | None = field(repr=False)
    problem: str = ""


def dimensions(campaign: CampaignPlan, kind: RoundKind = "train") -> int:
    """d, how many numbers a school sends in a round of this kind."""
    if kind == "evaluate":
        return _HISTOGRAMS * (campaign.metrics.bins if campaign.metrics else 0)
    return size_of(_shapes(campaign))


def first_weights(campaign: CampaignPlan, start_model: bytes) -> Weights:
    """The start model at rest. Corrupt or FixSettings unless the bytes hold a model of the plan's shape."""
    arrays = from_bytes(start_model)
    return start_weights(flatten({name: arrays[name] for name in SHARED if name in arrays}, _shapes(campaign)))


def wire_model(campaign: CampaignPlan, weights: Weights, start_model: bytes) -> bytes:
    """The model as schools get it: float32, in the order of `shared_shapes`, then `u` as the start has it.

    Before the first round these are the start model's own bytes.
    """
    arrays: Arrays = unflatten(weights.model.astype(np.float32), _shapes(campaign))
    return to_bytes({**arrays, FROZEN: from_bytes(start_model)[FROZEN]})


def advance(campaign: CampaignPlan, weights: Weights, opened: OpenedRound) -> Weights:
    """The weights after a round: the same object if it was aborted, only measured, or isn't plausible."""
    if opened.state == "aborted" or opened.plan.kind == "evaluate":
        return weights
    update = mean_update(campaign, opened)
    if update.mean is None:
        return weights
    return moved(campaign, weights, update.mean, round_number=opened.plan.round) or weights


def moved(
    campaign: CampaignPlan, weights: Weights, mean: NDArray[np.float64], *, round_number: int
) -> Weights | None:
    """One step with this mean update; None if the model would hold a number that isn't finite."""
    terms = campaign.optimiser
    rate = learning_rate(terms, round_number, campaign.rounds)
    with np.errstate(over="ignore"):  # an overflow is found by the next line
        after = step(weights, mean, rate=rate, momentum=terms.momentum)
        finite = bool(np.isfinite(after.model.astype(np.float32)).all())
    return after if finite else None


def mean_update(campaign: CampaignPlan, opened: OpenedRound) -> MeanUpdate:
    """The sum divided by the public denominator of the schools in it, if honest schools could have sent it.

    Corrupt if the sum hasn't the plan's length.
    """
    problem = sum_problem(campaign, opened)
    if problem:
        return MeanUpdate(None, problem)
    scale = campaign.mechanism("train").scale
    return MeanUpdate(opened_total(campaign, opened) / scale / denominator(campaign, opened.schools))


def sum_problem(campaign: CampaignPlan, opened: OpenedRound) -> str:
    """A sentence unless honest schools could have sent this sum, of updates or of histograms; empty if they could.

    Corrupt if the sum hasn't the plan's length.
    """
    kind = opened.plan.kind
    norm = exact_norm(opened_total(campaign, opened)) / campaign.mechanism(kind).scale
    bound = norm_bound(campaign, opened.schools, kind)
    if norm <= bound:
        return ""
    return f"The sum's length is {norm:.4g}, but honest schools stay below {bound:.4g}."


def opened_total(campaign: CampaignPlan, opened: OpenedRound) -> NDArray[np.int64]:
    """(d,) signed integers of the sum; Corrupt if it hasn't the plan's length."""
    kind = opened.plan.kind
    bits = campaign.mechanism(kind).modulus_bits
    return centre(decode(opened.total, dimensions(campaign, kind), bits), bits)


def exact_norm(total: NDArray[np.int64]) -> float:
    """Euclidean norm; the sum of squares is exact, so that every machine rounds alike."""
    return math.sqrt(sum(value * value for value in total.tolist()))


def denominator(campaign: CampaignPlan, schools: Sequence[str]) -> float:
    """sampling_rate x public students x clip_norm: fixed by the plan, never the number really drawn."""
    students = sum(member.students for member in campaign.members if member.school in schools)
    return campaign.privacy.sampling_rate * students * campaign.privacy.clip_norm


def norm_bound(campaign: CampaignPlan, schools: Sequence[str], kind: RoundKind = "train") -> float:
    """The largest Euclidean norm of an honest sum: every school's batch cap x clip_norm, plus the noise.

    In a measuring round every public student may be drawn, each with a histogram of norm 1.
    A school may add as much noise as if it trusted nobody (honest_schools = 1). Noise of standard deviation s in
    d dimensions is longer than s (sqrt(d) + sqrt(2 x)) with probability at most e^-x (Laurent and Massart 2000,
    lemma 1).
    """
    terms = campaign.mechanism(kind)
    caps = sum(
        batch_cap(terms.sampling_rate, member.students, terms.batch_cap_sd)
        for member in campaign.members
        if member.school in schools
    )
    # Rounding adds a variance of 1/12 per share.
    share_variance = terms.share_std_units**2 * terms.honest_schools + 1 / 12
    std = math.sqrt(len(schools) * share_variance) / terms.scale
    noise = std * (math.sqrt(dimensions(campaign, kind)) + math.sqrt(2 * _NOISE_TAIL))
    return caps * terms.clip_norm * (1 + terms.rho) + noise


def _shapes(campaign: CampaignPlan) -> Shapes:
    return shared_shapes(len(campaign.model.skill_names) + 1, campaign.model.hidden)
