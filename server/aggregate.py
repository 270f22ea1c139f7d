"""The round's sum of integers, its plausibility, and the mean update that it gives."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.plan import CampaignPlan
from common.privacy.mechanism import open_sum
from common.privacy.sampling import batch_cap
from server.admission import dimensions

# An honest round's noise is longer than its bound with probability below 2^-60.
_NOISE_TAIL = 60 * math.log(2)


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate:
    """What the shares open to. mean: (d,) float64, or None with the problem in a sentence."""

    mean: NDArray[np.float64] | None = field(repr=False)
    problem: str = ""


def aggregate(campaign: CampaignPlan, shares: Mapping[str, bytes]) -> Aggregate:
    """Adds the schools' integers and divides by the public denominator of the schools that answered.

    shares: school -> admitted update. The sum is exact, so the order of schools doesn't matter.
    """
    total = open_sum(list(shares.values()), count=dimensions(campaign), terms=campaign.privacy.mechanism)
    schools = sorted(shares)
    norm, bound = float(np.linalg.norm(total)), norm_bound(campaign, schools)
    if not norm <= bound:  # also true when the norm isn't a number
        problem = f"The sum's length is {norm:.4g}, but honest schools stay below {bound:.4g}."
        return Aggregate(None, problem)
    return Aggregate(total / denominator(campaign, schools))


def denominator(campaign: CampaignPlan, schools: list[str]) -> float:
    """sampling_rate x public students x clip_norm: fixed by the plan, never the number really drawn."""
    return campaign.privacy.sampling_rate * _students(campaign, schools) * campaign.privacy.clip_norm


def norm_bound(campaign: CampaignPlan, schools: list[str]) -> float:
    """The largest Euclidean norm of an honest sum: every school's batch cap x clip_norm, plus the noise.

    Noise of standard deviation s in d dimensions is longer than s (sqrt(d) + sqrt(2 x)) with probability at
    most e^-x (Laurent and Massart 2000, lemma 1).
    """
    terms = campaign.privacy.mechanism
    caps = sum(
        batch_cap(terms.sampling_rate, member.students, terms.batch_cap_sd)
        for member in campaign.members
        if member.school in schools
    )
    # Rounding adds a variance of 1/12 per share.
    std = math.sqrt(len(schools) * (terms.share_std_units**2 + 1 / 12)) / terms.scale
    noise = std * (math.sqrt(dimensions(campaign)) + math.sqrt(2 * _NOISE_TAIL))
    return caps * terms.clip_norm * (1 + terms.rho) + noise


def _students(campaign: CampaignPlan, schools: list[str]) -> int:
    return sum(member.students for member in campaign.members if member.school in schools)
