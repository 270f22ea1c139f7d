"""Replaying: the same states as were kept answer by answer, and sense made of imported logs."""

from datetime import UTC, datetime, timedelta

import pytest

from client.practice.predictor import default_predictor
from client.practice.replay_mastery import replay_mastery, states_of
from common.interactions import History, Interaction
from tests.support.practising import BANK, School, coin
from tests.support.stores import in_writer

_NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def test_a_replay_gives_what_was_kept_along_the_way(school: School) -> None:
    """The stored rows are a cache of the history."""
    source = coin(4)
    for _ in range(40):
        school.answer(right=source.random() < 0.8)
        school.clock.advance(timedelta(hours=7))
    before = school.mastery()
    in_writer(school.store, lambda c: replay_mastery(c, school.desk, [school.student]))
    after = school.mastery()
    assert {k: (v.attempts, v.correct_unaided, v.days_correct, v.mastered_at) for k, v in before.items()} == {
        k: (v.attempts, v.correct_unaided, v.days_correct, v.mastered_at) for k, v in after.items()
    }
    assert {k: v.p_known for k, v in after.items()} == pytest.approx({k: v.p_known for k, v in before.items()})


def test_unknown_skills_and_times_are_taken_carefully() -> None:
    """Answers of unknown time are all of one day, so they master nothing; quarantined ones count for nothing."""
    rows = tuple(Interaction(f"problem {n}", ("Box and Whisker",), True) for n in range(20))
    states = states_of(
        History("s", (*rows, Interaction("x", ("Q1",), True, weight=0.0))),
        default_predictor(["Q1"]),
        BANK,
        now=_NOW,
    )
    assert set(states) == {"Box and Whisker"}
    assert (states["Box and Whisker"].attempts, states["Box and Whisker"].days_correct) == (20, 1)
    assert states["Box and Whisker"].mastered_at is None
