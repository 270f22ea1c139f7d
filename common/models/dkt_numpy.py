"""The DKT in numpy: what a school's web process predicts with, one matrix product per step and no torch.

Equations and array names: `common.models.dkt_shapes`. The torch twin `common.models.dkt` agrees with it
within 1e-5 on logits for trained weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays
from common.models.encoding import EncodedHistory, item_difficulties, shares
from common.models.odds import sigmoid

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class DktState:
    """What the network remembers of one student: h and c, (H,) float32 each. Sensitive; rebuilt, never sent."""

    h: Floats
    c: Floats


def start(hidden: int) -> DktState:
    """The state before the first attempt."""
    return DktState(np.zeros(hidden, np.float32), np.zeros(hidden, np.float32))


def step(
    arrays: Arrays, state: DktState, skill_rows: NDArray[np.int32], *, correct: bool, difficulty: float = 0.0
) -> DktState:
    """The state after one attempt. skill_rows: (4,) or shorter, -1 = none."""
    one = np.asarray(skill_rows, np.int32)[None]
    given = _inputs(arrays, one, np.array([correct]), difficulty=np.array([difficulty], np.float32))
    return _advance(arrays, state, given[0])


def logits(
    arrays: Arrays, state: DktState, asked_rows: NDArray[np.int32], *, difficulty: Floats | float = 0.0
) -> Floats:
    """(N,) float32 logits of N items asked next. asked_rows: (N, 4) or narrower, -1 = none; difficulty: (N,)."""
    by_row = arrays["W_out"] @ state.h + arrays["b_out"]
    means = (by_row[asked_rows] * shares(asked_rows)).sum(-1)
    return np.asarray(means + np.asarray(difficulty, np.float32), np.float32)


def skill_logits(arrays: Arrays, state: DktState) -> Floats:
    """(rows,) float32: the logit of an item of average difficulty, for every skill row."""
    return np.asarray(arrays["W_out"] @ state.h + arrays["b_out"], np.float32)


def state_after(arrays: Arrays, encoded: EncodedHistory, difficulty: Mapping[str, float]) -> DktState:
    """The state after a whole history."""
    state = start(arrays["W_hh"].shape[0])
    for given in _history_inputs(arrays, encoded, difficulty):
        state = _advance(arrays, state, given)
    return state


def logits_dkt(arrays: Arrays, encoded: EncodedHistory, difficulty: Mapping[str, float]) -> Floats:
    """(T,) float32: the logit of each attempt, from the attempts before it only."""
    hidden = arrays["W_hh"].shape[0]
    before = np.zeros((len(encoded), hidden), np.float32)
    state = start(hidden)
    for t, given in enumerate(_history_inputs(arrays, encoded, difficulty)):
        before[t] = state.h
        state = _advance(arrays, state, given)
    share = shares(encoded.skill_rows)
    weights = np.einsum("ts,tsh->th", share, arrays["W_out"][encoded.skill_rows])
    bias = (arrays["b_out"][encoded.skill_rows] * share).sum(-1)
    return np.asarray((weights * before).sum(-1) + bias + item_difficulties(encoded, difficulty), np.float32)


def predict_dkt(arrays: Arrays, encoded: EncodedHistory, difficulty: Mapping[str, float]) -> NDArray[np.float64]:
    """(T,) probability of a right answer at each attempt, from the attempts before it only."""
    return sigmoid(logits_dkt(arrays, encoded, difficulty).astype(np.float64))


def _history_inputs(arrays: Arrays, encoded: EncodedHistory, difficulty: Mapping[str, float]) -> Floats:
    offsets = item_difficulties(encoded, difficulty)
    return _inputs(arrays, encoded.skill_rows, encoded.correct, difficulty=offsets)


def _inputs(
    arrays: Arrays, skill_rows: NDArray[np.int32], correct: NDArray[np.bool_], *, difficulty: Floats
) -> Floats:
    """(T, 4H): everything in the gates but the recurrent part. A row of -1 has share 0."""
    rows = arrays["W_out"].shape[0]
    tokens = np.maximum(skill_rows, 0) + correct[:, None] * rows
    means = np.einsum("ts,tsg->tg", shares(skill_rows), arrays["W_in"][tokens])
    return np.asarray(means + difficulty[:, None] * arrays["u"] + arrays["b"], np.float32)


def _advance(arrays: Arrays, state: DktState, given: Floats) -> DktState:
    hidden = len(state.h)
    gates = given + state.h @ arrays["W_hh"]
    # A sigmoid by way of tanh can't overflow.
    opened: Floats = np.float32(0.5) + np.float32(0.5) * np.tanh(np.float32(0.5) * gates[: 3 * hidden])
    i, f, o = opened.reshape(3, hidden)
    c: Floats = f * state.c + i * np.tanh(gates[3 * hidden :])
    return DktState(o * np.tanh(c), c)
