"""Exploring explanations: the cap, honest chances, and that what teaches more is tried more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.exploring import EXPLORED, likely_best, pick

_OUTCOMES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5)


@given(_OUTCOMES, st.integers(0, 2**40), st.data())
def test_the_rule_keeps_nine_tenths_and_every_chance_is_its_own(
    outcomes: list[tuple[int, int]], seed: int, data: st.DataObject
) -> None:
    """Whatever came of them; no explanation has no chance."""
    rule = data.draw(st.integers(0, len(outcomes) - 1))
    picked = pick(outcomes, rule, seed=seed, explores=True)
    assert picked == pick(outcomes, rule, seed=seed, explores=True)
    assert picked.propensity >= 1 - EXPLORED if picked.place == rule else 0 < picked.propensity <= EXPLORED
    assert likely_best(outcomes, np.random.default_rng(seed)).sum() == pytest.approx(1.0)


def test_about_a_tenth_at_most_is_explored_and_the_kept_chances_are_true() -> None:
    """2,000 choices: the record gives back what each explanation would reach alone."""
    truth, rng = (0.3, 0.5, 0.9), np.random.default_rng(1)
    outcomes, estimate, others = [(3, 7), (5, 5), (9, 1)], np.zeros(3), 0
    for seed in range(2_000):
        picked = pick(outcomes, 0, seed=seed, explores=True)
        others += picked.place != 0
        estimate[picked.place] += (rng.random() < truth[picked.place]) / picked.propensity / 2_000
    assert others / 2_000 <= EXPLORED + 0.02
    assert estimate[[0, 2]] == pytest.approx([0.3, 0.9], abs=0.15)
    assert likely_best(outcomes, rng)[2] > 0.9


def test_where_nothing_may_be_tried_the_rule_decides() -> None:
    """With certainty, which is kept as such."""
    assert [pick([(0, 9), (9, 0)], 0, seed=n, explores=False).place for n in range(50)] == [0] * 50
    assert pick([(0, 9), (9, 0)], 0, seed=1, explores=False).propensity == 1.0
    assert pick([(0, 9)], 0, seed=1, explores=True).propensity == 1.0
