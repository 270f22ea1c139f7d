"""Bayesian knowledge tracing with forgetting: five readable numbers per skill row, and what follows from them.

For P = P(known) before an attempt: P(right) = P (1 - p_slip) + (1 - P) p_guess. After it, by Bayes' rule with
the answer's evidence weight w as exponent of its likelihood, P'; then P <- P' (1 - p_forget) + (1 - P') p_learn.
An attempt with several skills is predicted by their mean, and its answer updates each of them.
Source: Corbett and Anderson 1995; forgetting as in Khajah, Lindsey and Mozer 2016. Fit: `common.models.bkt_fit`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import Corrupt, ErrorCode
from common.models.encoding import EncodedHistory

Floats = NDArray[np.float64]
_Five = tuple[float, float, float, float, float]
NAMES = ("p_init", "p_learn", "p_guess", "p_slip", "p_forget")
DEFAULTS = {"p_init": 0.5, "p_learn": 0.15, "p_guess": 0.2, "p_slip": 0.1, "p_forget": 0.02}
# Above these, "known" would no longer mean that the student can do it. Below them, one answer would be certainty.
LIMITS = {
    "p_init": (0.001, 0.999),
    "p_learn": (0.001, 0.999),
    "p_guess": (0.01, 0.5),
    "p_slip": (0.01, 0.4),
    "p_forget": (0.0, 0.3),
}


@dataclass(frozen=True, slots=True, eq=False)
class BktParameters:
    """Five probabilities for each skill row, (K + 1,) float64 each; row 0 is "some other skill"."""

    p_init: Floats
    p_learn: Floats
    p_guess: Floats
    p_slip: Floats
    p_forget: Floats

    @property
    def rows(self) -> int:
        """K + 1."""
        return len(self.p_init)

    def to_json(self) -> dict[str, list[float]]:
        """A value that JSON can carry."""
        return {name: getattr(self, name).tolist() for name in NAMES}

    @staticmethod
    def from_json(value: Any) -> "BktParameters":
        """Reads what `to_json` made. Corrupt for other fields, unequal lengths or a value outside its limits."""
        bad = Corrupt(ErrorCode.BAD_ARRAY, "The saved BKT parameters are damaged.")
        if not isinstance(value, dict) or set(value) != set(NAMES):
            raise bad
        try:
            arrays = {name: np.array(value[name], np.float64) for name in NAMES}
        except (TypeError, ValueError) as error:
            raise bad from error
        if any(array.ndim != 1 or len(array) != len(arrays["p_init"]) for array in arrays.values()):
            raise bad
        within = (((LIMITS[name][0] <= a) & (a <= LIMITS[name][1])).all() for name, a in arrays.items())
        if len(arrays["p_init"]) == 0 or not all(within):
            raise bad
        return BktParameters(**arrays)


def default_bkt(rows: int) -> BktParameters:
    """The built-in values, used until a school has answers of its own."""
    return BktParameters(**{name: np.full(rows, value) for name, value in DEFAULTS.items()})


def chance_right(parameters: BktParameters, known: Mapping[int, float], skill_rows: Iterable[int]) -> float:
    """P(right) of an item before it is answered.

    known: P(known) by skill row; a row that is missing has its p_init. skill_rows: the item's, -1 = none.
    """
    return _mean_right({k: _five(parameters, k) for k in _real(skill_rows)}, known)


def update_known(
    parameters: BktParameters,
    known: Mapping[int, float],
    skill_rows: Iterable[int],
    *,
    correct: bool,
    weight: float = 1.0,
) -> dict[int, float]:
    """P(known) by skill row after one attempt; `known` itself stays as it is.

    known and skill_rows: as in `chance_right`. weight: evidence weight in [0, 1]; at 0 nothing changes.
    """
    after = dict(known)
    if weight > 0:
        for k in _real(skill_rows):
            five = _five(parameters, k)
            after[k] = _after(five, known.get(k, five[0]), correct=correct, weight=weight)
    return after


def predict_bkt(parameters: BktParameters, encoded: EncodedHistory) -> Floats:
    """(T,) probability of a right answer at each attempt, from the attempts before it only."""
    table = {k: _five(parameters, k) for k in set(encoded.skill_rows.ravel().tolist()) if k >= 0}
    known: dict[int, float] = {}
    predicted = np.zeros(len(encoded))
    answers = zip(encoded.skill_rows.tolist(), encoded.correct.tolist(), encoded.weight.tolist(), strict=True)
    for t, (skill_rows, correct, weight) in enumerate(answers):
        skills = {k: table[k] for k in skill_rows if k >= 0}
        predicted[t] = _mean_right(skills, known)
        for k, five in skills.items():
            known[k] = _after(five, known.get(k, five[0]), correct=correct, weight=weight)
    return predicted


def _real(skill_rows: Iterable[int]) -> list[int]:
    return [int(k) for k in skill_rows if k >= 0]


def _five(parameters: BktParameters, row: int) -> _Five:
    """p_init, p_learn, p_guess, p_slip, p_forget of one row, as plain numbers."""
    return (
        float(parameters.p_init[row]),
        float(parameters.p_learn[row]),
        float(parameters.p_guess[row]),
        float(parameters.p_slip[row]),
        float(parameters.p_forget[row]),
    )


def _mean_right(skills: Mapping[int, _Five], known: Mapping[int, float]) -> float:
    total = 0.0
    for k, (init, _, guess, slip, _) in skills.items():
        p = known.get(k, init)
        total += p * (1 - slip) + (1 - p) * guess
    return total / len(skills)


def _after(five: _Five, known: float, *, correct: bool, weight: float) -> float:
    _, learn, guess, slip, forget = five
    if_known, if_not = (1 - slip, guess) if correct else (slip, 1 - guess)
    known_and_seen, not_and_seen = known * math.pow(if_known, weight), (1 - known) * math.pow(if_not, weight)
    posterior = known_and_seen / (known_and_seen + not_and_seen)
    return posterior * (1 - forget) + (1 - posterior) * learn
