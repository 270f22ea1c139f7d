"""The simulator's arrays against the served code: the same states, the same choices, answer by answer."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from benchmarks.practice.records import Answers, Records
from benchmarks.practice.served import NEEDS, Served
from benchmarks.practice.worlds import FACETS, BktWorld
from client.practice.holding import track_of
from client.practice.mastery import (
    Evidence,
    after_answer,
    is_due,
    is_enough_today,
    is_proven,
    is_resting,
    needs_confirming,
)
from client.practice.policy import Situation, decide
from client.records.mastery import SkillMastery
from common.models.bkt import BktParameters, chance_right, update_known

_START = datetime(1970, 1, 1, tzinfo=UTC)
_STUDENTS = 12


def _times() -> list[float]:
    """Some days of sixteen items: neighbours, weekends, a month away."""
    return [day * 86_400.0 + place * 60.0 for day in (0, 1, 3, 4, 8, 11, 19, 26, 56) for place in range(16)]


@pytest.fixture(scope="module")
def played() -> tuple[Records, list[dict[int, SkillMastery]], int]:
    """Records of a run under the served policy, the same answers through the served code, and flags compared."""
    rng = np.random.default_rng(3)
    world = BktWorld(rng, _STUDENTS)
    records, policy = Records(world.population, _STUDENTS), Served(_STUDENTS, 5)
    states: list[dict[int, SkillMastery]] = [{} for _ in range(_STUDENTS)]
    compared = 0
    for at_seconds in _times():
        compared += _check_flags(records, policy, states, at_seconds)
        skill = policy.choose(records, at_seconds)
        facet = records.attempts[records.row, skill] % FACETS
        right = rng.random(_STUDENTS) < world.chance(skill, facet)
        world.practise(skill, right, np.ones(_STUDENTS, np.bool_))
        answers = Answers(skill, facet, right, np.ones(_STUDENTS, np.bool_), at_seconds)
        records.observe(answers)
        policy.hear(answers)
        _through_the_served_code(states, answers, world.population)
    return records, states, compared


def _through_the_served_code(
    states: list[dict[int, SkillMastery]], answers: Answers, population: BktParameters
) -> None:
    at = _START + timedelta(seconds=answers.at_seconds)
    for student, state in enumerate(states):
        skill, right = int(answers.skill[student]), bool(answers.right[student])
        before = state.get(skill)
        p = float(population.p_init[skill]) if before is None else before.p_known
        expected = chance_right(population, {skill: p}, (skill,))
        p = update_known(population, {skill: p}, (skill,), correct=right)[skill]
        evidence = Evidence(str(answers.facet[student]), right, at, FACETS, expected=expected)
        others = track_of(state.values(), but=str(skill))
        state[skill] = after_answer(before, str(skill), evidence, p_known=p, others=others)


def _check_flags(
    records: Records, policy: Served, states: list[dict[int, SkillMastery]], at_seconds: float
) -> int:
    now, situation = _START + timedelta(seconds=at_seconds), policy.situation(records, at_seconds)
    count = 0
    for student, state in enumerate(states):
        for skill, one in state.items():
            served = (
                one.mastered_at is not None,
                is_resting(one, now),
                is_enough_today(one, now),
                is_due(one, now),
                needs_confirming(one, now),
                is_proven(one, now),
            )
            names = ("mastered", "resting", "enough", "due", "unconfirmed", "proven")
            arrays = tuple(bool(getattr(situation, name)[student, skill]) for name in names)
            assert arrays == served, (student, skill, at_seconds)
            count += 1
    return count


def test_arrays_and_rows_tell_the_same_story(played: tuple[Records, list[dict[int, SkillMastery]], int]) -> None:
    """Every count, day and probability of every skill that was met; the flags were compared at each item."""
    records, states, compared = played
    assert compared > 10_000
    for student, state in enumerate(states):
        for skill, one in state.items():
            at = (student, skill)
            assert records.known[at] == pytest.approx(one.p_known, abs=1e-12)
            assert (records.attempts[at], records.tries[at], records.right[at]) == (
                one.attempts,
                one.tries,
                one.right,
            )
            assert (records.streak[at], records.failures[at]) == (one.streak, one.failures)
            assert (records.correct[at], records.days_correct[at]) == (one.correct_unaided, one.days_correct)
            assert (records.check_step[at], records.check_right[at]) == (one.check_step, one.check_right)
            assert (records.run_today[at], records.enough_run[at]) == (one.run_today, one.enough_run)
        track = track_of(state.values())
        assert records.track[:, student] == pytest.approx(
            [track.answers, track.surprise, track.thirds, track.thirds_surprise], abs=1e-9
        )


def test_the_run_reached_what_it_should_test(
    played: tuple[Records, list[dict[int, SkillMastery]], int],
) -> None:
    """Masteries, passed re-checks and skills that were given up."""
    records, _, _ = played
    assert records.mastered.any()
    assert records.check_step.max() >= 1
    assert np.isfinite(records.rest_until).any()


def test_many_students_are_decided_as_if_each_were_alone(
    played: tuple[Records, list[dict[int, SkillMastery]], int],
) -> None:
    """So that the pages, which ask for one, get what the simulator got."""
    records, _, _ = played
    policy = Served(_STUDENTS, 5)
    together = policy.situation(records, 60 * 86_400.0)
    decided = decide(NEEDS, together)
    for student in range(_STUDENTS):
        one = decide(NEEDS, _row(together, student))
        assert (one.skill[0], one.rule[0]) == (decided.skill[student], decided.rule[student])


def _row(situation: Situation, student: int) -> Situation:
    values = {one.name: getattr(situation, one.name) for one in fields(situation)}
    return Situation(**{name: v if name == "learn" else v[student : student + 1] for name, v in values.items()})
