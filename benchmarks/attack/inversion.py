"""Gradient inversion: reading off an update which (skill, right or wrong) pairs one student practised.

The interaction table is looked up by row, so only the rows of practised interactions have a gradient: without
noise it takes no skill at all. The adversary knows model and population, and has shadow students to tune on.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.curriculum import SKILL_MAP, SKILLS, Pupil, model, noised, pupil, row_norms, update_of
from benchmarks.attack.default_plan import DefaultPlan
from common.privacy.audit import auc_of

TARGETS, SHADOWS, PRACTISED = 200, 200, 14
_THRESHOLDS = 60


def attack_inversion(plan: DefaultPlan, seed: int) -> dict[str, Any]:
    """F1 and AUC of the set of pairs, without the noise and with the default plan's, beside blind guessing."""
    rng = np.random.default_rng(seed)
    pupils = [pupil(f"p{n}", rng.permutation(SKILLS)[:PRACTISED], rng) for n in range(TARGETS + SHADOWS)]
    shadows, targets = pupils[:SHADOWS], pupils[SHADOWS:]
    arrays = model(seed)
    clipped = [update_of(arrays, [one], plan.mechanism.clip_norm) for one in pupils]
    open_scores = [row_norms(update.values) for update in clipped]
    closed_scores = [
        row_norms(noised(update, plan.mechanism, f"inversion/{n}")) for n, update in enumerate(clipped)
    ]
    return {
        "off": _figures(shadows, open_scores[:SHADOWS], targets, shown=open_scores[SHADOWS:]),
        "on": _figures(shadows, closed_scores[:SHADOWS], targets, shown=closed_scores[SHADOWS:]),
        "blind_f1": _blind(shadows, targets),
        "mostly_right": {
            "off": _right_or_wrong(pupils, [update.values for update in clipped]),
            "on": _right_or_wrong(
                pupils, [noised(update, plan.mechanism, f"bias/{n}") for n, update in enumerate(clipped)]
            ),
        },
        "targets": TARGETS,
        "sees": "one student's update in a sum, all else in it subtracted, with the least noise that may open",
    }


def _figures(
    shadows: list[Pupil],
    shadow_scores: list[NDArray[np.float64]],
    targets: list[Pupil],
    *,
    shown: list[NDArray[np.float64]],
) -> dict[str, float]:
    """The threshold is the best one on the shadow students, and is then used on the targets."""
    candidates = np.quantile(np.concatenate(shadow_scores), np.linspace(0, 1, _THRESHOLDS))
    threshold = max(candidates, key=lambda t: _mean_f1(shadows, [score > t for score in shadow_scores]))
    scores, touched = np.concatenate(shown), np.concatenate([one.touched for one in targets])
    return {
        "f1": _mean_f1(targets, [score > threshold for score in shown]),
        "auc": auc_of(scores, touched),
    }


def _right_or_wrong(pupils: list[Pupil], updates: list[NDArray[np.float64]]) -> float:
    """AUC of the output bias's sum for telling who had more than the median share of right answers.

    A right answer pulls its skill's bias up, so the sum of the gradient falls with each.
    """
    right = np.array([np.concatenate([window.correct[1:] for window in one.windows]).mean() for one in pupils])
    return auc_of(np.array([-update[-SKILL_MAP.rows :].sum() for update in updates]), right > np.median(right))


def _blind(shadows: list[Pupil], targets: list[Pupil]) -> float:
    """The best that can be said without looking: the pairs that are common enough among the shadow students."""
    common = np.mean([one.touched for one in shadows], axis=0)
    guesses = [common >= cut for cut in np.unique(common)]
    best = max(guesses, key=lambda guess: _mean_f1(shadows, [guess] * len(shadows)))
    return _mean_f1(targets, [best] * len(targets))


def _mean_f1(pupils: list[Pupil], guesses: list[NDArray[np.bool_]]) -> float:
    return float(np.mean([_f1(guess, one.touched) for one, guess in zip(pupils, guesses, strict=True)]))


def _f1(guess: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    found = int((guess & truth).sum())
    return 2 * found / max(1, int(guess.sum() + truth.sum()))
