"""The diagnostic: belief moves along the needs, the next item is where most is to be learnt, and it ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.diagnostic import (
    LEAST_ITEMS,
    MOST_ITEMS,
    Probe,
    after_probe,
    is_over,
    next_probe,
    starting_belief,
    ties_of,
)

# A chain 0 <- 1 <- 2 and a skill 3 of its own.
_NEEDS = np.zeros((4, 4))
_NEEDS[1, 0] = _NEEDS[2, 1] = 1.0
_PROBE = Probe(np.full(4, 0.2), np.full(4, 0.1), ties_of(_NEEDS))


def _ask(belief: np.ndarray, skill: int, *, right: bool) -> np.ndarray:
    return after_probe(belief, np.array([skill]), np.array([right]), probe=_PROBE)


def test_ties_reach_over_several_needs() -> None:
    """Both ways; a skill of its own hangs together loosely."""
    assert (_PROBE.ties[2, 0], _PROBE.ties[0, 2], _PROBE.ties[3, 0], _PROBE.ties[1, 1]) == (0.8, 0.8, 0.6, 1.0)


def test_an_answer_moves_its_skill_by_bayes_rule_and_others_less() -> None:
    """.5 and a right answer: .45 / (.45 + .1) = .818."""
    after = _ask(np.full((1, 4), 0.5), 1, right=True)[0]
    assert after[1] == pytest.approx(0.45 / 0.55)
    assert after[0] == pytest.approx(after[2])
    assert after[1] > after[0] > after[3] > 0.5


def test_a_skill_tells_more_about_what_is_nearly_as_likely() -> None:
    """If an unlikely skill is there, what it needs is too; if a likely one is, little is said about a hard one."""
    belief = np.array([[0.9, 0.5, 0.1, 0.5]])
    hard = _ask(belief, 2, right=True)[0] - belief[0]
    easy = _ask(belief, 0, right=True)[0] - belief[0]
    assert hard[1] > easy[1] > 0


def test_the_middle_of_an_unknown_chain_is_asked_first_and_nothing_twice() -> None:
    """It says most about both sides."""
    belief, asked = np.full((1, 4), 0.5), np.zeros((1, 4), np.bool_)
    assert next_probe(belief, asked, _PROBE)[0] in {0, 1, 2}
    asked[0, :3] = True
    assert next_probe(belief, asked, _PROBE)[0] == 3


def test_a_start_grade_tilts_the_belief() -> None:
    """Below it likely, above it not."""
    assert starting_belief(np.array([1.0, 3.0, 5.0]), 3.0).tolist() == [0.8, 0.5, 0.2]
    assert starting_belief(np.array([1.0, 3.0]), None).tolist() == [0.5, 0.5]


def test_it_ends_when_decided_but_not_before_six_items_and_at_twelve() -> None:
    """Decided is at most .2 or at least .8 everywhere."""
    decided, open_ = np.array([[0.1, 0.9]]), np.array([[0.1, 0.7]])
    assert [bool(is_over(decided, n)[0]) for n in (LEAST_ITEMS - 1, LEAST_ITEMS)] == [False, True]
    assert [bool(is_over(open_, n)[0]) for n in (LEAST_ITEMS, MOST_ITEMS)] == [False, True]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=12))
def test_beliefs_stay_probabilities(answers: list[tuple[int, bool]]) -> None:
    """Whatever is answered; and many students are one student many times."""
    belief = np.full((1, 4), 0.5)
    many = np.full((3, 4), 0.5)
    for skill, right in answers:
        belief = _ask(belief, skill, right=right)
        many = after_probe(many, np.full(3, skill), np.full(3, right), probe=_PROBE)
        assert ((belief > 0) & (belief < 1)).all()
        assert (many == belief).all()
