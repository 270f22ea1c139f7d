"""BKT written out plainly, one (student, skill) sequence at a time: the twin of the vectorised EM.

The tests hold the vectorised version to this one; the benchmark times both.
"""

import math
from collections.abc import Sequence

import numpy as np

from common.models.bkt import LIMITS, NAMES, BktParameters, Floats
from common.models.encoding import EncodedHistory

Sequence_ = tuple[int, list[bool], list[float]]


def sequences_of(histories: Sequence[EncodedHistory]) -> list[Sequence_]:
    """(skill row, answers, weights) for each student and skill, answers in the order of time."""
    found: dict[tuple[int, int], Sequence_] = {}
    for s, history in enumerate(histories):
        for t in range(len(history)):
            for row in history.skill_rows[t].tolist():
                if row >= 0:
                    _, answers, weights = found.setdefault((s, row), (row, [], []))
                    answers.append(bool(history.correct[t]))
                    weights.append(float(history.weight[t]))
    return list(found.values())


def log_likelihood(parameters: BktParameters, histories: Sequence[EncodedHistory]) -> float:
    """Sum over sequences of the log of the weighted likelihood, by the forward recursion."""
    total = 0.0
    for row, answers, weights in sequences_of(histories):
        emission, transition, first = _tables(parameters, row)
        alpha = np.array(first)
        for t, (answer, weight) in enumerate(zip(answers, weights, strict=True)):
            if t:
                alpha = alpha @ transition
            alpha = alpha * emission[:, int(answer)] ** weight
            total += math.log(alpha.sum())
            alpha /= alpha.sum()
    return total


def em_step(
    parameters: BktParameters, histories: Sequence[EncodedHistory], *, mean: BktParameters, strength: float
) -> BktParameters:
    """One iteration of EM with beta priors, by summing over both states at every attempt."""
    hits = {name: strength * getattr(mean, name) for name in NAMES}
    trials = {name: np.full(parameters.rows, strength) for name in NAMES}
    for row, answers, weights in sequences_of(histories):
        emission, transition, first = _tables(parameters, row)
        gamma, xi = _posteriors(answers, weights, emission=emission, transition=transition, first=first)
        hits["p_init"][row] += gamma[0][1]
        trials["p_init"][row] += 1
        for t, (answer, weight) in enumerate(zip(answers, weights, strict=True)):
            trials["p_guess"][row] += weight * gamma[t][0]
            hits["p_guess"][row] += weight * gamma[t][0] * answer
            trials["p_slip"][row] += weight * gamma[t][1]
            hits["p_slip"][row] += weight * gamma[t][1] * (not answer)
        for pair in xi:
            hits["p_learn"][row] += pair[0, 1]
            trials["p_learn"][row] += pair[0].sum()
            hits["p_forget"][row] += pair[1, 0]
            trials["p_forget"][row] += pair[1].sum()
    fitted = {}
    for name in NAMES:
        share = np.where(
            trials[name] > 0, hits[name] / np.maximum(trials[name], 1e-300), getattr(parameters, name)
        )
        fitted[name] = np.clip(share, *LIMITS[name])
    return BktParameters(**fitted)


def _tables(parameters: BktParameters, row: int) -> tuple[Floats, Floats, tuple[float, float]]:
    """emission[state, answer], transition[from, to] and the first state; state 1 is known."""
    guess, slip = parameters.p_guess[row], parameters.p_slip[row]
    learn, forget = parameters.p_learn[row], parameters.p_forget[row]
    emission = np.array([[1 - guess, guess], [slip, 1 - slip]])
    transition = np.array([[1 - learn, learn], [forget, 1 - forget]])
    return emission, transition, (1 - parameters.p_init[row], parameters.p_init[row])


def _posteriors(
    answers: list[bool],
    weights: list[float],
    *,
    emission: Floats,
    transition: Floats,
    first: tuple[float, float],
) -> tuple[list[Floats], list[Floats]]:
    """P(state at t) and P(states at t and t + 1), given all answers; unscaled, so for short sequences."""
    seen = [emission[:, int(a)] ** w for a, w in zip(answers, weights, strict=True)]
    alpha = [np.array(first) * seen[0]]
    for e in seen[1:]:
        alpha.append((alpha[-1] @ transition) * e)
    beta = [np.ones(2)]
    for e in reversed(seen[1:]):
        beta.insert(0, transition @ (e * beta[0]))
    total = alpha[-1].sum()
    gamma = [a * b / total for a, b in zip(alpha, beta, strict=True)]
    xi = [
        alpha[t][:, None] * transition * (seen[t + 1] * beta[t + 1])[None] / total for t in range(len(answers) - 1)
    ]
    return gamma, xi
