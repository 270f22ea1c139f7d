"""One round's step, as the coordinator takes it and as every school redoes it: from a published sum to a model.

Integers are exact, and floats see the same elementwise operations in the same order everywhere, without a
library of linear algebra: the same sums give the same bits on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays, flatten, from_bytes, size_of, to_bytes, unflatten
from common.errors import Corrupt, ErrorCode, FixSettings
from common.model_terms import LogisticTerms, MomentumTerms, NewtonTerms
from common.opened_round import OpenedRound
from common.optimizer import NewtonScales, Weights, learning_rate, newton_step, start_weights, step
from common.plan import CampaignPlan, RoundKind
from common.privacy.fixed_point import centre, decode
from common.privacy.sampling import batch_cap
from common.shared_model import (
    by_block,
    check_shapes,
    column_scales,
    frozen_name,
    trained_arrays,
    trained_shapes,
)

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
    return size_of(trained_shapes(campaign.model))


def first_weights(campaign: CampaignPlan, start_model: bytes) -> Weights:
    """The start model at rest. Corrupt or FixSettings unless the bytes hold a model of the plan's shape."""
    arrays, model = from_bytes(start_model), campaign.model
    check_shapes(model, arrays)
    trained = flatten(trained_arrays(model, arrays), trained_shapes(model))
    if isinstance(campaign.optimiser, MomentumTerms):
        return start_weights(trained)
    curvature = arrays[frozen_name(model)]
    if (curvature < 0).any():
        raise Corrupt(ErrorCode.BAD_ARRAY, "The start's curvature is negative somewhere.")
    return start_weights(trained, curvature)


def wire_model(campaign: CampaignPlan, weights: Weights, start_model: bytes) -> bytes:
    """The model as schools get it: float32, in the order of an update, then the frozen array as the start has it.

    Before the first round these are the start model's own bytes.
    """
    model = campaign.model
    arrays: Arrays = unflatten(weights.model.astype(np.float32), trained_shapes(model))
    frozen = frozen_name(model)
    return to_bytes({**arrays, frozen: from_bytes(start_model)[frozen]})


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
    with np.errstate(over="ignore"):  # an overflow is found by the next line
        after = _stepped(campaign, weights, mean, round_number=round_number)
        finite = bool(np.isfinite(after.model.astype(np.float32)).all())
    return after if finite else None


def _stepped(campaign: CampaignPlan, weights: Weights, mean: NDArray[np.float64], *, round_number: int) -> Weights:
    terms = campaign.optimiser
    if isinstance(terms, MomentumTerms):
        rate = learning_rate(terms, round_number, campaign.rounds)
        return step(weights, mean, rate=rate, momentum=terms.momentum)
    return newton_step(weights, mean, newton_scales(campaign), round_number=round_number)


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


def newton_scales(campaign: CampaignPlan) -> NewtonScales:
    """The public constants of averaged Newton steps; FixSettings for a plan that has none."""
    model, terms = campaign.model, campaign.optimiser
    if not (isinstance(model, LogisticTerms) and isinstance(terms, NewtonTerms)):
        raise FixSettings(ErrorCode.BAD_PARAMETER, "This campaign isn't moved by Newton steps.")
    spreads = (terms.bias_spread, terms.slope_spread, terms.skill_spread, terms.family_spread)
    return NewtonScales(column_scales(model), by_block(model, spreads), noise_of_mean(campaign))


def noise_of_mean(campaign: CampaignPlan) -> float:
    """Standard deviation of the noise in each number of a mean update, when all members are in the sum."""
    terms, schools = campaign.mechanism("train"), [member.school for member in campaign.members]
    std = math.sqrt(len(schools)) * terms.share_std_units / terms.scale
    return std / denominator(campaign, schools)
