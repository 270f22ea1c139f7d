"""The fairness check finds planted bias, is quiet without it, and says nothing of nine students."""

import numpy as np
import pytest

from client.insight.equity import (
    POOLED,
    UNKNOWN,
    GroupFigures,
    JudgedAnswers,
    abroca,
    compare_groups,
    holm,
    pooled_groups,
)
from common.models.odds import sigmoid

STUDENTS, ANSWERS = 80, 40
GROUPS = ["north"] * 30 + ["south"] * 50


def school(*, seed: int, off: float = 0.0, noise: float = 0.0) -> JudgedAnswers:
    """North's answers come out `off` logits worse than was said, or were predicted with more noise."""
    rng = np.random.default_rng(seed)
    student = np.repeat(np.arange(STUDENTS), ANSWERS)
    north = student < 30
    known = rng.normal(0.4, 0.8, STUDENTS)[student] + rng.normal(0, 0.8, len(student))
    own = rng.normal(0, 0.3, STUDENTS)[student]  # what no model knows of a student
    correct = rng.random(len(student)) < sigmoid(known + own - off * north)
    return JudgedAnswers(correct, student, sigmoid(known + noise * north * rng.normal(0, 1, len(student))))


def alarms(found: tuple[GroupFigures, ...]) -> int:
    """Groups of which anything is said."""
    return sum(one.promises_alarm or one.order_alarm for one in found)


def test_a_group_that_is_promised_too_much_is_found() -> None:
    """Half a logit, in at least 19 of 20 schools; the sign says which way."""
    found = [compare_groups(school(seed=seed, off=0.5), GROUPS, seed=seed) for seed in range(20)]
    north = [next(one for one in groups if one.group == "north") for groups in found]
    assert sum(one.promises_alarm for one in north) >= 19
    assert all(one.gap > 0 for one in north)


def test_a_group_whose_predictions_are_noise_is_found() -> None:
    """Right and wrong are told apart worse there, in at least 19 of 20 schools."""
    found = [compare_groups(school(seed=seed, noise=2.5), GROUPS, seed=seed) for seed in range(20)]
    assert sum(any(one.order_alarm for one in groups) for groups in found) >= 19


def test_without_bias_few_schools_are_alarmed() -> None:
    """At most 5 %, give or take chance; `benchmarks.insight` counts more schools."""
    assert sum(alarms(compare_groups(school(seed=s), GROUPS, seed=s)) > 0 for s in range(25)) <= 3


def test_nine_students_are_put_together_with_others() -> None:
    """And with the next larger group when they are still too few, so that no difference gives them away."""
    label = dict(enumerate(["a"] * 9 + ["b"] * 12 + ["c"] * 30))
    pooled = pooled_groups(label)
    assert {name: list(pooled.values()).count(name) for name in set(pooled.values())} == {POOLED: 21, "c": 30}
    together = pooled_groups(dict(enumerate(["a"] * 5 + ["b"] * 5 + ["c"] * 30)))
    assert list(together.values()).count(POOLED) == 10
    assert pooled_groups(dict(enumerate(["b"] * 10 + ["c"] * 10))) == dict(enumerate(["b"] * 10 + ["c"] * 10))


def test_nothing_is_said_where_one_group_remains() -> None:
    """Nine of one kind among nine of another."""
    answers = school(seed=1)
    assert compare_groups(answers, ["a"] * 9 + ["b"] * 71) == ()
    assert compare_groups(answers, [""] * STUDENTS) == ()


def test_small_groups_get_figures_and_no_verdict() -> None:
    """Fifteen students: their promise with its interval, but no comparison; not given is a group too."""
    found = compare_groups(school(seed=1, off=3.0), ["few"] * 15 + [""] * 65)
    assert [(one.group, one.students) for one in found] == [(UNKNOWN, 65), ("few", 15)]
    assert [(one.compared, one.promises_alarm, one.order_alarm) for one in found] == [(False, False, False)] * 2
    assert found[1].bias.low > 0.2


def test_the_area_between_two_curves_by_hand() -> None:
    """Perfect order against reversed order: one curve is above the diagonal by all, the other below by all."""
    perfect = (np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))
    reversed_ = (perfect[1], perfect[0])
    assert abroca(perfect, reversed_)[0] == pytest.approx(1.0, abs=0.01)
    assert abroca(perfect, perfect)[0] == 0
    coin = (np.array([[1.0, 1.0]]), np.array([[1.0, 1.0]]))
    assert abroca(perfect, coin)[0] == pytest.approx(0.5, abs=0.01)


def test_the_area_agrees_with_a_plain_twin() -> None:
    """Every answer its own step, curves compared at ten thousand places."""
    answers = school(seed=4, noise=1.5)
    found = compare_groups(answers, GROUPS)
    north = answers.student < 30
    grid = np.linspace(0, 1, 10_001)

    def curve(rows: np.ndarray) -> np.ndarray:
        order = np.argsort(-answers.chances[rows], kind="stable")
        right = answers.correct[rows][order]
        hits, false = (np.concatenate([[0], np.cumsum(one) / one.sum()]) for one in (right, ~right))
        return np.interp(grid, false, hits)

    plain = float(np.abs(curve(north) - curve(~north)).mean())
    assert found[1].abroca == pytest.approx(plain, abs=0.004)


def test_the_same_seed_gives_the_same_figures() -> None:
    """A page that is opened twice says the same twice."""
    answers = school(seed=2)
    assert compare_groups(answers, GROUPS) == compare_groups(answers, GROUPS)


def test_holms_rule_is_the_textbooks() -> None:
    """The smallest is held to all, the next to one less, and none falls below one before it."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
