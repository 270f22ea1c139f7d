"""Invented schools in which one group is predicted worse, and fair ones: how often the check says so."""

import numpy as np

from client.insight.equity import JudgedAnswers, compare_groups
from common.models.odds import sigmoid

_STUDENTS, _GROUP, _ANSWERS = 80, 30, 40
_OWN = 0.3  # what no model knows of a student, in logits


def alarmed_schools(schools: int, *, off: float = 0.0, noise: float = 0.0) -> float:
    """Share of schools with any alarm. off, noise: of the group's answers and of its predictions, in logits."""
    groups = ["one"] * _GROUP + ["other"] * (_STUDENTS - _GROUP)
    alarmed = 0
    for seed in range(schools):
        found = compare_groups(_school(seed, off=off, noise=noise), groups, seed=seed)
        alarmed += any(one.promises_alarm or one.order_alarm for one in found)
    return alarmed / schools


def _school(seed: int, *, off: float, noise: float) -> JudgedAnswers:
    rng = np.random.default_rng([seed, 3])
    student = np.repeat(np.arange(_STUDENTS), _ANSWERS)
    inside = student < _GROUP
    known = rng.normal(0.4, 0.8, _STUDENTS)[student] + rng.normal(0, 0.8, len(student))
    own = rng.normal(0, _OWN, _STUDENTS)[student]
    correct = rng.random(len(student)) < sigmoid(known + own - off * inside)
    return JudgedAnswers(correct, student, sigmoid(known + noise * inside * rng.normal(0, 1, len(student))))
