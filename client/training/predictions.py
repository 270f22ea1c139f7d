"""The DKT's predictions for many histories at once: states before each scored answer, then logits.

The same numbers as `common.models.dkt_numpy` gives one history at a time, to float32 rounding.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from client.training.gate_errors import forward, new_gate_doubled
from client.training.scored_answers import ScoredAnswers
from client.training.segments import read_route
from common.arrays import Arrays
from common.interactions import MAX_SKILLS
from common.models.encoding import EncodedHistory, item_difficulties, shares
from common.models.odds import sigmoid

Floats = NDArray[np.float32]
_HISTORIES_AT_ONCE = 48


@torch.no_grad()
def states_before(arrays: Arrays, histories: Sequence[EncodedHistory], difficulty: Mapping[str, float]) -> Floats:
    """(N, H) float32: the state before each scored answer, in the order of `scored_answers`."""
    hidden = arrays["W_hh"].shape[0]
    found: dict[int, Floats] = {}
    for group in _groups(histories):
        states = _group_states(arrays, [histories[i] for i in group], difficulty)
        for column, i in enumerate(group):
            found[i] = states[1 : len(histories[i]), column].numpy().copy()
    ordered = [found[i] for i in sorted(found)]
    return np.concatenate(ordered) if ordered else np.zeros((0, hidden), np.float32)


def logits_of(head: tuple[Floats, Floats], states: Floats, answers: ScoredAnswers, *, offsets: Floats) -> Floats:
    """(N,) float32 logits. head: W_out (rows, H) and b_out (rows,); offsets (N,): item difficulties."""
    w_out, b_out = head
    by_row = states @ w_out.T + b_out
    asked = np.take_along_axis(by_row, np.maximum(answers.skill_rows, 0).astype(np.int64), axis=1)
    return np.asarray((asked * shares(answers.skill_rows)).sum(1) + offsets, np.float32)


def probabilities(logits: Floats) -> NDArray[np.float64]:
    """Logits as chances of a right answer."""
    return sigmoid(logits.astype(np.float64))


def offsets_of(answers: ScoredAnswers, difficulty: Mapping[str, float]) -> Floats:
    """(N,) float32: each scored answer's item difficulty, 0 for an item that the mapping doesn't hold."""
    return np.array([difficulty.get(item, 0.0) for item in answers.items], np.float32)


def _groups(histories: Sequence[EncodedHistory]) -> Iterator[list[int]]:
    """Indices of histories with something to score, alike in length."""
    order = sorted((i for i, h in enumerate(histories) if len(h) > 1), key=lambda i: len(histories[i]))
    for start in range(0, len(order), _HISTORIES_AT_ONCE):
        yield order[start : start + _HISTORIES_AT_ONCE]


def _group_states(
    arrays: Arrays, histories: Sequence[EncodedHistory], difficulty: Mapping[str, float]
) -> torch.Tensor:
    """(T + 1, B, H); a history's states after its own end mean nothing."""
    rows = arrays["W_out"].shape[0]
    shape = (max(map(len, histories)) - 1, len(histories))
    seen, known = np.full((*shape, MAX_SKILLS), -1, np.int64), np.zeros(shape, np.float32)
    for column, history in enumerate(histories):
        n = len(history) - 1
        skills = history.skill_rows[:n].astype(np.int64)
        seen[:n, column] = np.where(skills >= 0, skills + history.correct[:n, None] * rows, -1)
        known[:n, column] = item_difficulties(history, difficulty)[:n]
    table = new_gate_doubled(torch.from_numpy(arrays["W_in"] + arrays["b"]))
    gates = read_route(seen.reshape(-1, MAX_SKILLS), torch.float32).total(table).view(*shape, -1)
    if difficulty:
        gates.addcmul_(torch.from_numpy(known).unsqueeze(2), new_gate_doubled(torch.from_numpy(arrays["u"])))
    return forward(gates, torch.from_numpy(np.array(arrays["W_hh"]))).hidden
