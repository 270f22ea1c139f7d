"""How surely a skill is held: by hand, and the directions that matter."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.holding import (
    LONG_RUN,
    SHORT_RUN,
    Track,
    enough_run,
    held_logit,
    is_held,
    mean_surprise,
    track_of,
)
from client.practice.mastery import new_state

_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_RUN = replace(new_state("Q8", 0.97, _AT), attempts=8, streak=8, days_correct=5)


def test_the_rule_by_hand() -> None:
    """-3.7 + 1.1 ln 8 + 2.3 ln 5 + 23 x .02, for numbers and for arrays."""
    by_hand = -3.7 + 1.1 * math.log(8) + 2.3 * math.log(5) + 0.46
    assert held_logit(math.log(8), math.log(5), surprise=0.02) == pytest.approx(by_hand)
    eight, five = np.log([8.0, 8.0]), np.log([5.0, 5.0])
    both = held_logit(eight, five, surprise=np.array([0.02, 0.02]))
    assert both == pytest.approx([by_hand, by_hand])
    assert mean_surprise(0.92, 42.0) == pytest.approx(0.02)


def test_more_is_asked_of_a_student_whose_predictions_were_too_hopeful() -> None:
    """The same run over the same days."""
    assert is_held(_RUN, Track(40, 1.0))
    assert not is_held(_RUN, Track(40, -2.0))
    assert not is_held(replace(_RUN, days_correct=2), Track(40, 1.0))
    assert not is_held(replace(_RUN, streak=0), Track(40, 10.0))


@given(st.integers(1, 200), st.integers(0, 40), st.floats(-0.3, 0.3))
def test_whoever_goes_on_being_right_gets_there(answers: int, runs: int, mean: float) -> None:
    """However the past looked: a long enough run over enough days is enough, and a longer one too."""
    track = Track(answers, mean * answers)
    steps = [replace(_RUN, streak=2 * days, days_correct=days) for days in (200 + runs, 400 + runs)]
    assert all(is_held(one, track) for one in steps)


def test_two_right_are_enough_once_third_ones_come_as_they_should() -> None:
    """Three of three do; one miss among them does not; two are too few to say."""
    assert enough_run(Track(9, 0.0, 3, 0.3)) == SHORT_RUN
    assert enough_run(Track(9, 0.0, 3, 0.2 - 0.9)) == LONG_RUN
    assert enough_run(Track(9, 0.0, 2, 0.2)) == LONG_RUN
    assert enough_run(Track()) == LONG_RUN


def test_a_track_adds_up_skills_and_leaves_one_out() -> None:
    """By hand."""
    states = [replace(_RUN, skill=skill, surprise=0.5, thirds=2, thirds_surprise=0.1) for skill in ("Q1", "Q2")]
    assert track_of(states) == Track(16, 1.0, 4, 0.2)
    assert track_of(states, but="Q2") == Track(8, 0.5, 2, 0.1)
