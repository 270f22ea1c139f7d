"""Membership: was this student in the sum? Canaries, each on a skill of its own, through the product's own rounds.

The adversary sees every opened sum, knows each canary's contribution, and everything else is out of the way.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.attack.audit_round_code import Draws, watched
from benchmarks.attack.canaries import WINDOW, Canaries
from benchmarks.attack.default_plan import DefaultPlan
from benchmarks.attack.faults import Replacements, seeded
from benchmarks.attack.world import Terms, attacked_school
from common.privacy.audit import auc_of, audit

NO_NOISE: Replacements = {
    "common.privacy.mechanism:rounded_gaussian": lambda values, std, key: np.rint(values).astype(np.int64)
}


def attack_membership(plan: DefaultPlan, canaries: Canaries, folder: Path, *, seed: int) -> dict[str, Any]:
    """AUC for one round's sum, without noise and with the default plan's; and for the whole campaign's sums."""
    included = np.random.default_rng(seed).random(len(canaries.histories)) < 0.5
    off = _one_round(plan, canaries, folder / "off", included=included, replaced=NO_NOISE)
    on = _one_round(plan, canaries, folder / "on", included=included, replaced={})
    return {
        "off": {"auc": off},
        "on": {"auc": on},
        "campaign": _campaign(plan, canaries, folder / "campaign", included=included),
        "trials": len(canaries.histories),
        "sees": "one round's opened sum with the least noise that may open; the question is who is in that sum",
    }


def _terms(plan: DefaultPlan, rounds: int) -> Terms:
    mechanism = plan.mechanism
    return Terms(
        mechanism.noise_multiplier,
        mechanism.sampling_rate,
        rounds,
        delta=mechanism.delta,
        clip_norm=mechanism.clip_norm,
        window_interactions=WINDOW,
    )


def _scores(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, included: NDArray[np.bool_], rounds: int
) -> tuple[NDArray[np.float64], list[frozenset[str]], Sequence[str]]:
    draws = Draws()
    with (
        watched(draws),
        attacked_school(
            folder,
            canaries.histories,
            canaries.skill_map,
            arrays=canaries.arrays,
            terms=_terms(plan, rounds),
        ) as school,
    ):
        school.consent(included.tolist())
        releases = [canaries.scores(school.release(number)) for number in range(1, rounds + 1)]
    return np.array(releases), draws.rounds, school.students


def _one_round(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, included: NDArray[np.bool_], replaced: Replacements
) -> float:
    with seeded(replaced):
        scores, drawn, students = _scores(plan, canaries, folder, included=included, rounds=1)
    return auc_of(scores[0], np.array([student in drawn[0] for student in students]))


def _campaign(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, included: NDArray[np.bool_]
) -> dict[str, float]:
    """Every sum of the campaign at once: the most that anybody can know, and what theory says of it."""
    rounds, rate = plan.campaign.rounds, plan.mechanism.sampling_rate
    scores, _, _ = _scores(plan, canaries, folder, included=included, rounds=rounds)
    bounds = audit(scores.sum(axis=0), included, plan.mechanism.delta)
    noise = plan.mechanism.noise_multiplier * (1 + plan.mechanism.rho)
    # Means differ by rounds x rate; half of the pairs' variance also holds the draws'.
    spread = math.sqrt(rounds * (2 * noise**2 + rate * (1 - rate)))
    return {
        "auc": auc_of(scores.sum(axis=0), included),
        "auc_in_theory": float(norm.cdf(rounds * rate / spread)),
        "epsilon_lower_bound": bounds.gaussian,
        "epsilon_lower_bound_assumption_free": bounds.one_run,
        "epsilon_claimed": plan.campaign.epsilon,
    }
