"""Membership: was this student in the sum? Canaries, each on a skill of its own, through the product's own rounds.

The adversary sees opened sums, knows each canary's contribution, and everything else is out of the way: the worst
case of what a plan allows, so the sums of a whole campaign give the AUC that its epsilon gives in theory.
"""

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.attack.audit_round_code import Draws, watched
from benchmarks.attack.canaries import WINDOW, Canaries
from benchmarks.attack.default_plan import DefaultPlan, attack_terms
from benchmarks.attack.faults import Replacements, seeded
from benchmarks.attack.trained_campaign import train
from benchmarks.attack.world import AttackedSchool, attacked_school
from common.arrays import Arrays
from common.models.dkt_numpy import predict_dkt
from common.models.encoding import encode
from common.privacy.audit import auc_of, audit

NO_NOISE: Replacements = {
    "common.privacy.mechanism:rounded_gaussian": lambda values, std, key: np.rint(values).astype(np.int64)
}


# Rounds that are looked at one by one: with one alone, chance moves the AUC by .015.
SINGLE_ROUNDS = 8


def attack_membership(plan: DefaultPlan, canaries: Canaries, folder: Path, *, seed: int) -> dict[str, Any]:
    """AUC for one round's sum, without noise and with the default plan's; and for the whole campaign's sums."""
    included = np.random.default_rng(seed).random(len(canaries.histories)) < 0.5
    off = _one_round(plan, canaries, folder / "off", included=included, replaced=NO_NOISE)
    on = _one_round(plan, canaries, folder / "on", included=included, replaced={})
    return {
        "off": {"auc": off},
        "on": {"auc": on},
        "campaign": _campaign(plan, canaries, folder / "campaign", included=included),
        "black_box": {
            "off": {"auc": black_box(plan, canaries, folder / "black-off", included=included, replaced=NO_NOISE)},
            "on": {"auc": black_box(plan, canaries, folder / "black-on", included=included, replaced={})},
        },
        "trials": len(canaries.histories),
        "single_rounds": SINGLE_ROUNDS,
        "sees": "one round's opened sum with the least noise that may open; the question is who is in that sum",
    }


def black_box(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, included: NDArray[np.bool_], replaced: Replacements
) -> float:
    """AUC from nothing but the trained model: how far each canary's log loss has fallen since the start.

    The model goes on from round to round as the plan's optimiser moves it, and the next round is asked with it.
    """
    mechanism = plan.mechanism
    divisor = mechanism.sampling_rate * mechanism.clip_norm * len(canaries.histories)
    with seeded(replaced), opened_school(plan, canaries, folder, rounds=plan.campaign.rounds) as school:
        school.consent(included.tolist())
        arrays = train(school, plan, canaries.arrays, divisor=divisor).last
    return auc_of(_losses(canaries, canaries.arrays) - _losses(canaries, arrays), included)


def _losses(canaries: Canaries, arrays: Arrays) -> NDArray[np.float64]:
    """(m,) mean log loss of each canary's answers but the first, all of which are right."""
    encoded = [encode(history, canaries.skill_map) for history in canaries.histories]
    return np.array([-np.log(predict_dkt(arrays, one, {})[1:].astype(np.float64)).mean() for one in encoded])


def opened_school(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, rounds: int
) -> AbstractContextManager[AttackedSchool]:
    """The canaries' school, asked for rounds with the default plan's terms."""
    terms = attack_terms(plan, rounds, window_interactions=WINDOW)
    return attacked_school(folder, canaries.histories, canaries.skill_map, arrays=canaries.arrays, terms=terms)


def _scores(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, included: NDArray[np.bool_], rounds: int
) -> tuple[NDArray[np.float64], list[frozenset[str]], Sequence[str]]:
    draws = Draws()
    with watched(draws), opened_school(plan, canaries, folder, rounds=rounds) as school:
        school.consent(included.tolist())
        releases = [canaries.scores(school.release(number)) for number in range(1, rounds + 1)]
    return np.array(releases), draws.rounds, school.students


def _one_round(
    plan: DefaultPlan, canaries: Canaries, folder: Path, *, included: NDArray[np.bool_], replaced: Replacements
) -> float:
    """The mean over several rounds, each looked at by itself."""
    with seeded(replaced):
        scores, drawn, students = _scores(plan, canaries, folder, included=included, rounds=SINGLE_ROUNDS)
    figures = [
        auc_of(one, np.array([student in present for student in students]))
        for one, present in zip(scores, drawn, strict=True)
    ]
    return float(np.mean(figures))


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
