"""Wrong keys are found, sound items that are hard are not accused, and every figure can be worked out by hand."""

import itertools
import math

import numpy as np
import pytest

from client.insight.item_analysis import (
    FirstAnswers,
    Flag,
    ItemFigures,
    analyse_items,
    chance_of_so_few,
    survivors,
)
from common.models.odds import sigmoid

SOUND = 30


def answered(*, students: int = 40, seed: int = 0, planted: float = 0.0, kind: str = "wrong") -> FirstAnswers:
    """Thirty sound items and a last one. kind: what is the matter with that; planted: its offset in logits."""
    rng = np.random.default_rng(seed)
    n = (SOUND + 1) * students
    item = np.repeat(np.arange(SOUND + 1), students)
    logits = rng.normal(0.9, 1.0, n)
    correct = rng.random(n) < sigmoid(logits + np.where(item == SOUND, planted, 0.0))
    last = item == SOUND
    if kind == "wrong":
        correct[last] = ~correct[last] & (rng.random(students) < 0.1)
    if kind == "upside down":
        correct[last] = rng.random(students) < sigmoid(-1.5 * logits[last])
    if kind == "coin":
        correct[last] = rng.random(students) < 0.5
    return FirstAnswers(item, correct, sigmoid(logits))


def last_of(answers: FirstAnswers) -> ItemFigures:
    """The item that something is the matter with."""
    return analyse_items(answers)[-1]


@pytest.mark.parametrize(("kind", "students"), [("wrong", 40), ("upside down", 100)])
def test_a_wrong_key_is_found(kind: str, students: int) -> None:
    """Nearly all wrong, or the strong wrong and the weak right, which takes longer; in 18 of 20 schools."""
    found = [last_of(answered(seed=seed, kind=kind, students=students)).flag for seed in range(20)]
    assert found.count(Flag.WRONG_KEY) >= 18


def test_a_hard_item_is_not_accused() -> None:
    """Two logits harder than its skill: worth a look, but its key is right."""
    found = [last_of(answered(seed=seed, planted=-2.0, kind="hard")).flag for seed in range(20)]
    assert Flag.WRONG_KEY not in found
    assert found.count(Flag.TOO_HARD) >= 15


def test_an_item_that_gives_itself_away_is_seen() -> None:
    """Three logits easier."""
    found = [last_of(answered(seed=seed, planted=3.0, kind="easy", students=80)).flag for seed in range(10)]
    assert found.count(Flag.TOO_EASY) >= 9


def test_a_coin_tells_nobody_apart() -> None:
    """Half right, whoever answers."""
    found = [last_of(answered(seed=seed, kind="coin", students=150)).flag for seed in range(10)]
    assert found.count(Flag.FLAT) >= 8


def test_sound_items_are_left_in_peace() -> None:
    """Of 620 sound items at 20 schools at most a handful stand out, and none is accused."""
    found = [one.flag for seed in range(20) for one in analyse_items(answered(seed=seed, kind="sound"))]
    assert Flag.WRONG_KEY not in found
    assert sum(flag is not Flag.NONE for flag in found) <= 6


def test_nine_students_are_not_spoken_of() -> None:
    """Whatever they answered."""
    few = FirstAnswers(np.zeros(9, np.int64), np.zeros(9, np.bool_), np.full(9, 0.9))
    assert analyse_items(few) == ()
    assert analyse_items(FirstAnswers(np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0))) == ()


def test_figures_by_hand() -> None:
    """Ten students, six right, of the five strong ones four."""
    expected = np.array([0.9, 0.9, 0.8, 0.8, 0.7, 0.4, 0.4, 0.3, 0.3, 0.5])
    correct = np.array([1, 1, 1, 1, 0, 1, 0, 0, 1, 0], np.bool_)
    (one,) = analyse_items(FirstAnswers(np.full(10, 3), correct, expected))
    assert (one.item, one.students, one.right, one.strong, one.strong_right) == (3, 10, 0.6, 5, 4)
    assert one.expected == pytest.approx(0.6)
    by_hand = np.corrcoef(np.log(expected / (1 - expected)), correct)[0, 1]
    assert one.apart == pytest.approx(by_hand)


def test_all_right_has_no_correlation() -> None:
    """It isn't a number, and nothing is flagged for it."""
    (one,) = analyse_items(FirstAnswers(np.zeros(12, np.int64), np.ones(12, np.bool_), np.linspace(0.7, 0.95, 12)))
    assert math.isnan(one.apart)
    assert one.flag is Flag.NONE


def test_the_chance_of_so_few_is_exact() -> None:
    """Against counting out every outcome of four."""
    chances = np.array([0.1, 0.5, 0.7, 0.9])
    outcomes = itertools.product((0, 1), repeat=4)
    by_hand = [0.0] * 5
    for outcome in outcomes:
        by_hand[sum(outcome)] += float(np.prod(np.where(outcome, chances, 1 - chances)))
    for right in range(5):
        assert chance_of_so_few(right, chances) == pytest.approx(sum(by_hand[: right + 1]))


def test_findings_survive_by_benjamini_and_hochberg() -> None:
    """The textbook: the largest rank whose p is within its line, and everything below it."""
    assert survivors([0.001, 0.03, 0.02, 0.9]).tolist() == [True, True, True, False]
    assert survivors([0.04, 0.04, 0.04, 0.9]).tolist() == [False] * 4
    assert survivors([]).tolist() == []
