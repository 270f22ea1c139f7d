"""Mastery: likely known, and shown without aid three times, on two days, in two ways."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from client.records.mastery import SkillMastery

MASTERED_P = 0.95
MASTERED_CORRECT = 3
MASTERED_DAYS = 2
MASTERED_FAMILIES = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """One first try. correct: right, as asked for, and without a hint. families: how many the skill has."""

    family: str
    correct: bool
    at: datetime
    families: int


def after_answer(before: SkillMastery | None, skill: str, evidence: Evidence, *, p_known: float) -> SkillMastery:
    """The skill's state after an answer; p_known is the student model's, after the same answer.

    A skill is mastered when all four conditions hold at once, and open again as soon as p falls below
    MASTERED_P. Days are UTC days.
    """
    state = before or _new(skill, p_known, evidence.at)
    state = replace(state, p_known=p_known, attempts=state.attempts + 1, last_at=evidence.at)
    if evidence.correct:
        state = _with_correct(state, evidence)
    if not meets_rule(state, families=evidence.families):
        return replace(state, mastered_at=None)
    return replace(state, mastered_at=state.mastered_at or evidence.at)


def meets_rule(state: SkillMastery, *, families: int) -> bool:
    """Whether the evidence is enough; a skill with a single family can't ask for two."""
    return (
        state.p_known >= MASTERED_P
        and state.correct_unaided >= MASTERED_CORRECT
        and state.days_correct >= MASTERED_DAYS
        and len(state.families_correct) >= min(MASTERED_FAMILIES, families)
    )


def waits_for_another_day(state: SkillMastery, now: datetime) -> bool:
    """Only time is missing: more of the same today could not change anything."""
    return (
        state.mastered_at is None
        and state.p_known >= MASTERED_P
        and state.correct_unaided >= MASTERED_CORRECT
        and state.last_correct_day == now.date()
        and state.days_correct < MASTERED_DAYS
    )


def _with_correct(state: SkillMastery, evidence: Evidence) -> SkillMastery:
    today = evidence.at.date()
    return replace(
        state,
        correct_unaided=state.correct_unaided + 1,
        days_correct=state.days_correct + (today != state.last_correct_day),
        last_correct_day=today,
        families_correct=_with(state.families_correct, evidence.family),
    )


def _with(families: Iterable[str], family: str) -> tuple[str, ...]:
    return tuple(sorted({*families, family}))


def _new(skill: str, p_known: float, at: datetime) -> SkillMastery:
    return SkillMastery(
        skill=skill,
        p_known=p_known,
        attempts=0,
        correct_unaided=0,
        days_correct=0,
        last_correct_day=None,
        families_correct=(),
        mastered_at=None,
        last_at=at,
    )
