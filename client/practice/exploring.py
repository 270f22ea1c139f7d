"""Which of several explanations to show: mostly the one the rule names, at times one that may teach more.

Thompson sampling over what came of earlier ones, capped at a tenth of all choices. The chance of each choice is
worked out before it is drawn and kept with it, so that other rules can be judged on the same record later without
being tried on anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EXPLORED = 0.1
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Pick:
    """place: of the explanation. propensity: its chance to be picked, in (0, 1]."""

    place: int
    propensity: float


def pick(outcomes: Sequence[tuple[int, int]], rule: int, *, seed: int, explores: bool) -> Pick:
    """One of several explanations. outcomes: right and wrong next answers after each; rule: whose turn it is.

    explores: False always takes the rule's. The same seed and outcomes always give the same.
    """
    if not explores or len(outcomes) == 1:
        return Pick(rule, 1.0)
    rng = np.random.default_rng(seed)
    chances = EXPLORED * likely_best(outcomes, rng)
    chances[rule] += 1.0 - EXPLORED
    place = int(rng.choice(len(outcomes), p=chances))
    return Pick(place, float(chances[place]))


def likely_best(outcomes: Sequence[tuple[int, int]], rng: np.random.Generator) -> Floats:
    """(n,) the chance that each is the best, by draws from Beta distributions; never 0, adding up to 1."""
    right, wrong = np.array(outcomes, np.float64).T
    best = rng.beta(1 + right, 1 + wrong, (_DRAWS, len(outcomes))).argmax(1)
    return np.asarray((1 + np.bincount(best, minlength=len(outcomes))) / (_DRAWS + len(outcomes)), np.float64)


def outcomes_in_order(found: Mapping[str, tuple[int, int]], families: Sequence[str]) -> list[tuple[int, int]]:
    """(right, wrong) of each family; none yet for one that was never shown."""
    return [found.get(family, (0, 0)) for family in families]
