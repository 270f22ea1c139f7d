"""Testing out: five unaided questions over a skill's families, four of which let a student go past it.

A pass opens what needs the skill at once; mastery follows when the skill is right again a week later. Guessing
doesn't get there: with four choices everywhere 1.6 % of guessed tests pass, answers given too fast count as wrong,
and a skill can be tested once a week.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from client.records.mastery import SkillMastery

TEST_ITEMS, TEST_RIGHT = 5, 4
AGAIN_AFTER = timedelta(days=7)
PROVEN_AFTER = timedelta(days=7)


def after_test_answer(state: SkillMastery, *, place: int, right: bool, at: datetime) -> SkillMastery:
    """The state with one more answer of a test. place: 0 for the first; right: and unaided, and not flagged.

    An answer out of its place ends the test without a verdict.
    """
    answers = state.test if place else ""
    if len(answers) != place:
        return replace(state, test="")
    answers += "01"[right]
    if len(answers) < TEST_ITEMS:
        return replace(state, test=answers)
    passed = answers.count("1") >= TEST_RIGHT
    return replace(state, test="", tested_at=at, tested_out_at=at if passed else None)


def may_be_tested(state: SkillMastery | None, now: datetime) -> bool:
    """Not what is mastered or tested out of, and no skill twice in a week."""
    if state is None:
        return True
    if state.mastered_at is not None or state.tested_out_at is not None:
        return False
    return state.tested_at is None or now - state.tested_at >= AGAIN_AFTER


def is_proven_later(state: SkillMastery) -> bool:
    """Tested out of, and right again a week later or more."""
    tested, day = state.tested_out_at, state.last_correct_day
    return tested is not None and day is not None and day - tested.date() >= PROVEN_AFTER
