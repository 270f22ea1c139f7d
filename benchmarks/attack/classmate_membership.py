"""Membership of ordinary and of rare students over a whole campaign, through the product's own rounds.

The attacker knows a student's answers and asks whether the student was in. Black box: from nothing but the model
that came out and the one that it started from. White box: from every model and every opened sum, by inner product
with the student's own gradients, or by a likelihood ratio that takes everybody else's answers to be known as well,
though not who of them took part: what is left to hide in is the noise and the coins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.classmates import WINDOW, Classmates
from benchmarks.attack.default_plan import DefaultPlan, attack_terms
from benchmarks.attack.faults import Replacements, seeded
from benchmarks.attack.membership import NO_NOISE
from benchmarks.attack.own_gradients import Rows, own_gradients
from benchmarks.attack.trained_campaign import Trail, train
from benchmarks.attack.world import attacked_school
from common.arrays import Arrays
from common.interactions import History
from common.models.dkt_numpy import predict_dkt
from common.models.encoding import encode
from common.privacy.audit import auc_of, audit

Scores = NDArray[np.float64]
# Of a school's students, see client/training/split.py.
TRAIN_SHARE = 0.7
# Without noise what is left is rounding to integers and the rest's not being Gaussian.
ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class Scored:
    """One campaign. included: (n,) who was in it. scores: by way of scoring, (n,), higher means "was in"."""

    included: NDArray[np.bool_] = field(repr=False)
    scores: Mapping[str, Scores] = field(repr=False)


def attack_classmates(plan: DefaultPlan, people: Classmates, folder: Path, *, seed: int) -> dict[str, Any]:
    """AUC by kind of student and way of scoring, without noise and with the default plan's.

    With noise there are two campaigns, and whoever is in one is out of the other: so that chance can't make the
    members easier to predict than the others.
    """
    chosen = np.random.default_rng(seed).random(len(people.candidates)) < 0.5
    off = _scored(plan, people, folder / "off", included=chosen, replaced=NO_NOISE)
    on = [
        _scored(plan, people, folder / f"on-{number}", included=included, replaced={})
        for number, included in enumerate((chosen, ~chosen))
    ]
    bounds = [audit(one.scores["likelihood_ratio"], one.included, plan.mechanism.delta).gaussian for one in on]
    return {
        "off": _by_kind(people, [off]),
        "on": _by_kind(people, on),
        "epsilon_lower_bound": max(bounds),
        "epsilon_claimed": plan.campaign.epsilon,
        "students": {"ordinary": int((~people.rare).sum()), "rare": int(people.rare.sum())},
        "campaigns": len(on),
    }


def _scored(
    plan: DefaultPlan, people: Classmates, folder: Path, *, included: NDArray[np.bool_], replaced: Replacements
) -> Scored:
    """One campaign of those who are included, and every candidate's scores."""
    terms = attack_terms(plan, plan.campaign.rounds, window_interactions=WINDOW)
    # Plans count all students of a school, of whom only those of the training set are ever drawn.
    divisor = terms.sampling_rate * terms.clip_norm * float(included.sum()) / TRAIN_SHARE
    with (
        seeded(replaced),
        attacked_school(folder, people.candidates, people.skill_map, arrays=people.start, terms=terms) as school,
    ):
        school.consent(included.tolist())
        trail = train(school, plan, people.start, divisor=divisor)
    noise = ROUNDING if replaced else plan.mechanism.noise_multiplier * terms.clip_norm
    white_box = _white_box(plan, people, trail, noise=noise)
    return Scored(included, white_box | _black_box(people, trail.last))


def _white_box(plan: DefaultPlan, people: Classmates, trail: Trail, *, noise: float) -> dict[str, Scores]:
    """Each sum's inner product with the student's own gradient; and the likelihood ratio. Summed over rounds."""
    windows, rate = people.windows(), plan.mechanism.sampling_rate
    product, ratio = np.zeros((2, len(windows)))
    for arrays, total in zip(trail.models, trail.sums, strict=True):
        own = own_gradients(arrays, windows, plan.mechanism.clip_norm)
        product += own @ total.astype(np.float32)
        ratio += log_ratios(own, total, noise=noise, rate=rate)
    return {"inner_product": product, "likelihood_ratio": ratio}


def log_ratios(own: Rows, total: Scores, *, noise: float, rate: float) -> Scores:
    """(n,) log likelihood of a round's sum (d,) if the student is in the pool, less that if not.

    own: (n, d), everybody's gradients. Each is in the sum with probability rate / 2, for all that is known, so
    the rest of the sum is taken for Gaussian with covariance S = noise^2 I + v G'G. All products with its inverse
    are formed in the space of the students: G S^-1 = (noise^2 I + v G G')^-1 G. Leaving the student's own term out
    of S and of the mean is a change of rank one.
    """
    mean = rate / 2
    variance = mean * (1 - mean)
    gram = (own @ own.T).astype(np.float64)
    inner = np.linalg.inv(noise**2 * np.eye(len(own)) + variance * gram)
    seen = own.astype(np.float64) @ (total - mean * own.sum(axis=0, dtype=np.float64))
    length = (inner * gram).sum(axis=1)  # g S^-1 g
    without = 1 / (1 - variance * length)
    difference = without * (inner @ seen + mean * length - length / 2)
    return np.asarray(np.logaddexp(np.log(1 - rate), np.log(rate) + difference), np.float64)


def _black_box(people: Classmates, last: Arrays) -> dict[str, Scores]:
    """How well the model knows a student, and how much better than the model that it started from."""
    before, after = (_losses(people, arrays) for arrays in (people.start, last))
    return {"loss": -after, "loss_drop": before - after}


def _losses(people: Classmates, arrays: Arrays) -> Scores:
    """(n,) each candidate's mean log loss over all answers but the first."""

    def loss(history: History) -> float:
        encoded = encode(history, people.skill_map)
        chances = predict_dkt(arrays, encoded, {})[1:].astype(np.float64)
        return -float(np.log(np.where(encoded.correct[1:], chances, 1 - chances)).mean())

    return np.array([loss(history) for history in people.candidates])


def _by_kind(people: Classmates, campaigns: Sequence[Scored]) -> dict[str, dict[str, float]]:
    """kind -> way of scoring -> AUC, the campaigns' mean."""
    kinds = {"ordinary": ~people.rare, "rare": people.rare}
    return {
        kind: {
            way: float(np.mean([auc_of(one.scores[way][chosen], one.included[chosen]) for one in campaigns]))
            for way in campaigns[0].scores
        }
        for kind, chosen in kinds.items()
    }
