"""Figures by group of schools, and paired differences over students drawn again inside each school."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.quality.comparing import SortedAnswers, compare
from benchmarks.quality.groups import Answered, figures
from common.models.metrics import auc, log_loss


def school(name: str, correct: list[int], *, new: bool = False, rows: int = 5000, students: int = 6) -> Answered:
    """Answers dealt to students in turn."""
    count = len(correct)
    student = np.sort(np.arange(count) % students)
    return Answered(name, new, rows, np.array(correct, bool), student, np.full(count, 2))


def good(one: Answered) -> NDArray[np.float64]:
    """Predicts what happened."""
    return np.where(one.correct, 0.9, 0.1)


def bad(one: Answered) -> NDArray[np.float64]:
    """Predicts the opposite."""
    return np.where(one.correct, 0.1, 0.9)


PATTERN = [1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1]


def test_groups_take_the_schools_that_are_theirs() -> None:
    """By hand: large right, small wrong, new right, and a school of four test students in `pooled` alone."""
    large, small = school("large", PATTERN), school("small", PATTERN, rows=1499)
    new, few = school("new", PATTERN, new=True), school("few", PATTERN, students=4)
    truth = (large, small, new, few)
    chances = {"large": good(large), "small": bad(small), "new": good(new), "few": good(few)}
    found = figures(auc, truth, chances, high_is_good=True)
    assert (found["mean"], found["small"], found["worst_tenth"]) == (0.5, 0.0, 0.0)
    assert (found["new"], found["new_mean"]) == (1.0, 1.0)
    # 16 right at .9 above 8 wrong at .1, level with 4 at .9; 8 right at .1 level with the 8, below the 4.
    assert found["pooled"] == (16 * 8 + 16 * 4 / 2 + 8 * 8 / 2) / (24 * 12)


def test_the_worst_tenth_is_the_lowest_auc_and_the_highest_loss() -> None:
    """Of two schools, the worse one."""
    one, other = school("one", PATTERN), school("other", PATTERN)
    chances = {"one": good(one), "other": bad(other)}
    assert figures(auc, (one, other), chances, high_is_good=True)["worst_tenth"] == 0.0
    worst = figures(log_loss, (one, other), chances, high_is_good=False)["worst_tenth"]
    assert worst is not None
    assert np.isclose(worst, -np.log(0.1))


def test_a_group_without_a_school_is_none() -> None:
    """So is a metric that can't be computed."""
    all_right = school("one", [1] * 12)
    found = figures(auc, (all_right,), {"one": good(all_right)}, high_is_good=True)
    assert found == dict.fromkeys(("pooled", "mean", "small", "worst_tenth", "new", "new_mean"))


def test_a_weighted_auc_is_that_of_repeated_answers() -> None:
    """Against scikit-learn, with ties."""
    rng = np.random.default_rng(0)
    correct, predicted = rng.random(300) < 0.6, rng.integers(0, 20, 300) / 20
    counts = rng.integers(0, 4, 300).astype(float)
    again = np.repeat(np.arange(300), counts.astype(int))
    expected = roc_auc_score(correct[again], predicted[again])
    assert np.isclose(SortedAnswers.of(correct, predicted).auc(counts), expected)


def test_a_clear_difference_has_an_interval_above_zero() -> None:
    """And a model against itself has none at all."""
    rng = np.random.default_rng(1)
    one = school("one", (rng.random(400) < 0.6).astype(int).tolist(), students=40)
    useful, useless = {"one": good(one) + rng.normal(0, 0.3, 400)}, {"one": rng.random(400)}
    pooled = compare((one,), useful, useless, seed=0)[0]
    assert pooled.group == "pooled"
    assert pooled.low > 0.2
    assert pooled.low <= pooled.difference <= pooled.high
    same = compare((one,), useful, useful, seed=0)[0]
    assert (same.difference, same.low, same.high) == (0, 0, 0)
