"""The diagnostic: 6-12 items that find out which skills of the graph a student has, each where most is to be
learnt.

A belief P(known) for each skill. An answer moves its skill by Bayes' rule and every other by how they hang
together: strongly along the needs (who can do a skill can do what it needs), a little everywhere (who can do much
can do more). Pure, for one student or for thousands: arrays are (n, K).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_ITEMS, MOST_ITEMS = 6, 12
DECIDED_BELOW, DECIDED_ABOVE = 0.2, 0.8
ALONG_NEEDS, ANYWHERE = 0.8, 0.6
_SURE = 0.005  # a belief is never quite certain
BELOW_GRADE, AT_GRADE, ABOVE_GRADE = 0.8, 0.5, 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """guess, slip (K,): of the skills' items. ties (K, K): how strongly two skills hang together, in [0, 1]."""

    guess: Floats
    slip: Floats
    ties: Floats


def ties_of(needs: Floats) -> Floats:
    """From needs (K, K): ALONG_NEEDS between a skill and all that it rests on, ANYWHERE between others."""
    reach = np.eye(len(needs)) + needs
    for _ in range(int(np.ceil(np.log2(max(len(needs), 2))))):
        reach = np.minimum(reach @ reach, 1.0)
    along = np.maximum(reach, reach.T) > 0
    ties = np.where(along, ALONG_NEEDS, ANYWHERE)
    np.fill_diagonal(ties, 1.0)
    return ties


def starting_belief(grades: Floats, start_grade: float | None) -> Floats:
    """(K,) before any answer. grades (K,): of the skills. Without a start grade, half and half."""
    if start_grade is None:
        return np.full(len(grades), AT_GRADE)
    return np.where(grades < start_grade, BELOW_GRADE, np.where(grades > start_grade, ABOVE_GRADE, AT_GRADE))


def next_probe(belief: Floats, asked: Bools, probe: Probe) -> Indices:
    """(n,) the skill whose answer is expected to leave least doubt over the whole graph; none twice."""
    right = belief * (1 - probe.slip) + (1 - belief) * probe.guess
    shift_right = belief * (1 - probe.slip) / right - belief
    shift_wrong = belief * probe.slip / (1 - right) - belief
    # A shift d of the asked skill moves skill k by tie * d; doubt p (1 - p) falls by its square, on average.
    moved = right * shift_right**2 + (1 - right) * shift_wrong**2
    gain = moved * (slopes(belief, probe.ties) ** 2).sum(2)
    return np.asarray(np.where(asked, -1.0, gain).argmax(1), np.int64)


def after_probe(belief: Floats, skill: Indices, right: Bools, *, probe: Probe) -> Floats:
    """(n, K) belief after each student's answer."""
    row = np.arange(len(skill))
    p = belief[row, skill]
    if_known = np.where(right, 1 - probe.slip[skill], probe.slip[skill])
    if_not = np.where(right, probe.guess[skill], 1 - probe.guess[skill])
    shift = p * if_known / (p * if_known + (1 - p) * if_not) - p
    slope = _slopes_at(belief, skill, probe.ties)
    return np.clip(belief + slope * shift[:, None], _SURE, 1 - _SURE)


def is_over(belief: Floats, items: int) -> Bools:
    """(n,) the map is decided, or as many items were asked as there may be."""
    decided = ((belief <= DECIDED_BELOW) | (belief >= DECIDED_ABOVE)).all(1)
    return np.asarray((items >= MOST_ITEMS) | ((items >= LEAST_ITEMS) & decided), np.bool_)


def slopes(belief: Floats, ties: Floats) -> Floats:
    """(n, K, K): how far each skill (last axis) moves when the skill of the middle axis moves by 1."""
    p, q = belief[:, :, None], belief[:, None, :]
    together = ties * (np.minimum(p, q) - p * q)
    return np.asarray(together / (p * (1 - p)), np.float64)


def _slopes_at(belief: Floats, skill: Indices, ties: Floats) -> Floats:
    """(n, K): the same for one skill per student."""
    p = belief[np.arange(len(skill)), skill][:, None]
    together = ties[skill] * (np.minimum(p, belief) - p * belief)
    return np.asarray(together / (p * (1 - p)), np.float64)
