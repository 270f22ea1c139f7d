"""Fitting BKT by EM over all (student, skill) sequences at once.

Sequences are sorted by length and laid out time-major, (T, n), in blocks; within a block the longest come
first, so that step t concerns the first columns only and no padding is computed. Evidence weights are
exponents of the answers' likelihoods, so they multiply the expected counts of answers, and a step of EM never
lowers the weighted likelihood (with strength 0; otherwise likelihood times prior).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.models.bkt import LIMITS, NAMES, BktParameters, Floats, default_bkt
from common.models.encoding import EncodedHistory

_BLOCK = 4096  # sequences; a step's temporaries then fit the second-level cache


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """row (n,): skill row of each column. active (T,): columns that reach step t. right, weight: (T, n)."""

    row: NDArray[np.int64]
    active: NDArray[np.int64]
    right: NDArray[np.bool_]
    weight: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Expected hits and trials of each parameter, (rows,) each."""

    hits: dict[str, Floats]
    trials: dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """Parameters and likelihoods of a block's columns."""

    learn: Floats
    forget: Floats
    if_known: Floats
    if_not: Floats


def fit_bkt(
    histories: Sequence[EncodedHistory],
    rows: int,
    *,
    iterations: int = 25,
    prior: BktParameters | None = None,
    strength: float = 2.0,
) -> BktParameters:
    """Five numbers per skill row from answers.

    prior: the mean of a beta prior on each number, worth `strength` pseudo-counts, and the start of EM (the
    built-in values if None). A skill without answers keeps it. Only the school's own students go in here, and
    nothing of it leaves the school.
    """
    mean = default_bkt(rows) if prior is None else prior
    blocks = _blocks(histories)
    parameters = mean
    for _ in range(iterations):
        parameters = _maximise(_expect(blocks, parameters), parameters, mean=mean, strength=strength)
    return parameters


def _blocks(histories: Sequence[EncodedHistory]) -> list[_Block]:
    """All (student, skill) sequences, in blocks of similar length."""
    if not any(len(history) for history in histories):
        return []
    skills = np.concatenate([history.skill_rows for history in histories])
    student = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
    attempt, slot = np.nonzero(skills >= 0)
    row = skills[attempt, slot].astype(np.int64)
    key = student[attempt] * (int(skills.max()) + 1) + row
    order = np.argsort(key, kind="stable")  # stable: attempts stay in the order of time
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    lengths = np.diff(starts, append=len(order))
    right = np.concatenate([history.correct for history in histories])[attempt][order]
    weight = np.concatenate([history.weight for history in histories]).astype(np.float64)[attempt][order]
    longest = np.argsort(-lengths, kind="stable")
    parts = (longest[i : i + _BLOCK] for i in range(0, len(longest), _BLOCK))
    return [_block(row[order], right, weight, starts=starts[part], lengths=lengths[part]) for part in parts]


def _block(
    row: NDArray[np.int64],
    right: NDArray[np.bool_],
    weight: Floats,
    *,
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> _Block:
    steps = np.arange(int(lengths[0]))
    active = np.searchsorted(-lengths, -steps, side="left")
    where = np.minimum(starts + steps[:, None], len(row) - 1)
    return _Block(row[starts], active, right[where], weight[where])


def _expect(blocks: Sequence[_Block], parameters: BktParameters) -> _Counts:
    rows = parameters.rows
    counts = _Counts({n: np.zeros(rows) for n in NAMES}, {n: np.zeros(rows) for n in NAMES})
    for block in blocks:
        _expect_block(block, parameters, counts)
    return counts


def _expect_block(block: _Block, parameters: BktParameters, counts: _Counts) -> None:
    """Forward-backward; adds the block's expected counts."""
    step = _likelihoods(block, parameters)
    known, scale = _forward(block, parameters, step)
    n = len(block.row)
    hits, trials = ({name: np.zeros(n) for name in NAMES} for _ in range(2))
    back_known, back_not = np.ones(n), np.ones(n)
    for t in range(len(block.active) - 1, -1, -1):
        a = int(block.active[t])
        posterior = known[t, :a] * back_known[:a]
        posterior /= posterior + (1 - known[t, :a]) * back_not[:a]
        weight, right = block.weight[t, :a], block.right[t, :a]
        for name, state, hit in (("p_slip", posterior, ~right), ("p_guess", 1 - posterior, right)):
            trials[name][:a] += weight * state
            hits[name][:a] += weight * state * hit
        if t == 0:
            hits["p_init"], trials["p_init"] = posterior, np.ones(n)
            break
        before, learn, forget = known[t - 1, :a], step.learn[:a], step.forget[:a]
        now_known = step.if_known[t, :a] * back_known[:a] / scale[t, :a]
        now_not = step.if_not[t, :a] * back_not[:a] / scale[t, :a]
        learned, lost = (1 - before) * learn * now_known, before * forget * now_not
        hits["p_learn"][:a] += learned
        trials["p_learn"][:a] += learned + (1 - before) * (1 - learn) * now_not
        hits["p_forget"][:a] += lost
        trials["p_forget"][:a] += lost + before * (1 - forget) * now_known
        back_known[:a] = (1 - forget) * now_known + forget * now_not
        back_not[:a] = learn * now_known + (1 - learn) * now_not
    for name in NAMES:
        counts.hits[name][:] += np.bincount(block.row, hits[name], parameters.rows)
        counts.trials[name][:] += np.bincount(block.row, trials[name], parameters.rows)


def _likelihoods(block: _Block, parameters: BktParameters) -> _Step:
    guess, slip = parameters.p_guess[block.row], parameters.p_slip[block.row]
    if_known = np.where(block.right, 1 - slip, slip)
    if_not = np.where(block.right, guess, 1 - guess)
    if (block.weight != 1).any():
        if_known, if_not = if_known**block.weight, if_not**block.weight
    return _Step(parameters.p_learn[block.row], parameters.p_forget[block.row], if_known, if_not)


def _forward(block: _Block, parameters: BktParameters, step: _Step) -> tuple[Floats, Floats]:
    """(T, n) P(known) after each answer, and (T, n) the answer's probability given those before it."""
    known, scale = np.ones(block.right.shape), np.ones(block.right.shape)
    p = parameters.p_init[block.row]
    for t, a in enumerate(map(int, block.active)):
        if_known = p[:a] * step.if_known[t, :a]
        scale[t, :a] = if_known + (1 - p[:a]) * step.if_not[t, :a]
        known[t, :a] = if_known / scale[t, :a]
        p = known[t, :a] * (1 - step.forget[:a]) + (1 - known[t, :a]) * step.learn[:a]
    return known, scale


def _maximise(counts: _Counts, now: BktParameters, *, mean: BktParameters, strength: float) -> BktParameters:
    fitted = {}
    for name in NAMES:
        hits = counts.hits[name] + strength * getattr(mean, name)
        trials = counts.trials[name] + strength
        share = np.divide(hits, trials, out=getattr(now, name).copy(), where=trials > 0)
        fitted[name] = np.clip(share, *LIMITS[name])
    return BktParameters(**fitted)
