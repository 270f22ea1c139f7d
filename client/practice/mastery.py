"""Mastery: likely known and shown without aid on several days in several ways; kept by re-checks; given up in
time.

States change by `after_answer` alone, which reads nothing but the evidence, so a history can be replayed at any
time. Days are UTC days.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from client.practice.holding import Track, enough_run, is_held, mean_surprise
from client.practice.spin import SPINS_ABOVE, spin_risk
from client.practice.testing_out import after_test_answer, is_proven_later
from client.records.mastery import SkillMastery

MASTERED_P = 0.95
MASTERED_CORRECT = 3
MASTERED_DAYS = 2
MASTERED_FAMILIES = 2
MASTERED_RUN = 4
CONFIRM_AFTER_DAYS, CONFIRM_RUN = 2, 2
CHECK_DAYS = (7, 14, 28, 56)
CHECK_ITEMS = 2
EXIT_ATTEMPTS, EXIT_P = 12, 0.5
EXIT_ANYWAY = 20
SPIN_FROM = 5
THIRD_AFTER = 2
NO_TRACK = Track()
REST_DAYS = 7
PROVEN_RUN, PROVEN_DAYS = 2, 7


@dataclass(frozen=True, slots=True)
class Evidence:
    """One first try. correct: right, as asked for, and without a hint. families: how many the skill has.

    full: whether it counts in full; an answer that was flagged, or given away from the server, moves P(known) and
    shows nothing. flagged: a flag is open, so nothing is called mastered yet. expected: P(right) before the
    answer, by the student model. test_place: the answer's place in a test to skip ahead, None outside of one.
    """

    family: str
    correct: bool
    at: datetime
    families: int
    full: bool = True
    flagged: bool = False
    expected: float = 0.5
    test_place: int | None = None


def every_day(day: date) -> date:
    """A calendar without holidays."""
    return day


def after_answer(
    before: SkillMastery | None,
    skill: str,
    evidence: Evidence,
    *,
    p_known: float,
    others: Track = NO_TRACK,
    school_day: Callable[[date], date] = every_day,
) -> SkillMastery:
    """The skill's state after an answer; p_known is the student model's, after the same answer.

    others: the student's track in all other skills. school_day: the first school day from a day on; re-checks fall
    due on such days.
    """
    state = before or new_state(skill, p_known, evidence.at)
    state = replace(state, p_known=p_known, p_peak=max(state.p_peak, p_known))
    state = replace(state, last_at=max(state.last_at, evidence.at))
    state = _tested(state, evidence)
    if not evidence.full:
        return replace(state, attempts=state.attempts + 1)
    state = _counted(state, evidence)
    track = _with_own(others, state)
    state = replace(state, enough_run=enough_run(track))
    if state.mastered_at is not None:
        state = _still_mastered(state, evidence, school_day)
    mastered = meets_rule(state, families=evidence.families, track=track) and not evidence.flagged
    if state.mastered_at is None and mastered:
        due = school_day(evidence.at.date() + timedelta(days=_gap(state.check_step)))
        return replace(state, mastered_at=evidence.at, due_on=due, check_right=0, rest_until=None)
    if state.mastered_at is None and gives_up(state):
        return replace(state, rest_until=evidence.at + timedelta(days=REST_DAYS), tries=0, right=0, recent="")
    return state


def meets_rule(state: SkillMastery, *, families: int, track: Track) -> bool:
    """Whether the evidence is enough; a skill with a single family can't ask for two."""
    return (
        state.p_known >= MASTERED_P
        and state.streak >= MASTERED_RUN
        and state.correct_unaided >= MASTERED_CORRECT
        and state.days_correct >= MASTERED_DAYS
        and len(state.families_correct) >= min(MASTERED_FAMILIES, families)
        and (is_held(state, track) or is_proven_later(state))
    )


def is_enough_today(state: SkillMastery, now: datetime) -> bool:
    """More of the same would show little today: likely known or right several times running, not yet mastered.

    On a later day than the first, right twice running. What was tested out of is left alone but for reviews.
    """
    if state.tested_out_at is not None:
        return state.mastered_at is None
    least = CONFIRM_RUN if state.days_correct > 1 else 1
    return _is_shown(state) and state.last_correct_day == now.date() and state.run_today >= least


def needs_confirming(state: SkillMastery, now: datetime) -> bool:
    """Shown, but not lately: the next right answers say whether it has stayed."""
    day = state.last_correct_day
    if not _is_shown(state) or day is None:
        return False
    going_on = day == now.date() and state.days_correct > 1 and 0 < state.run_today < CONFIRM_RUN
    return going_on or (now.date() - day).days >= CONFIRM_AFTER_DAYS


def stumbles(state: SkillMastery) -> int:
    """Wrong answers among the last three, or 0 when the last one was right."""
    return state.recent.count("0") if state.failures else 0


def gives_up(state: SkillMastery) -> bool:
    """The exit rule: tried for long without getting near."""
    return state.tries >= EXIT_ANYWAY or (state.tries >= EXIT_ATTEMPTS and state.p_known < EXIT_P)


def spins(state: SkillMastery, others: Track = NO_TRACK) -> bool:
    """Unlikely to get there by more of the same: something else has to happen. others: as in `after_answer`."""
    surprise = mean_surprise(others.surprise, float(others.answers))
    return (
        state.mastered_at is None
        and state.tries >= SPIN_FROM
        and spin_risk(state.right, state.recent, tries=state.tries, surprise=surprise) > SPINS_ABOVE
    )


def is_resting(state: SkillMastery | None, now: datetime) -> bool:
    """Left alone for a week by the exit rule."""
    return state is not None and state.rest_until is not None and now < state.rest_until


def is_due(state: SkillMastery, now: datetime) -> bool:
    """A mastered skill whose re-check has come."""
    return state.mastered_at is not None and state.due_on is not None and state.due_on <= now.date()


def is_proven(state: SkillMastery, now: datetime) -> bool:
    """Right without aid twice running and lately: failures elsewhere don't point here."""
    return state.streak >= PROVEN_RUN and now - state.last_at <= timedelta(days=PROVEN_DAYS)


def _is_shown(state: SkillMastery) -> bool:
    likely = state.p_known >= MASTERED_P or state.streak >= state.enough_run
    return state.mastered_at is None and (likely or state.tested_out_at is not None)


def new_state(skill: str, p_known: float, at: datetime) -> SkillMastery:
    """A skill that was never met."""
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


def _tested(state: SkillMastery, evidence: Evidence) -> SkillMastery:
    """An answer of a test, or one after it: a failure takes back what a test gave."""
    right = evidence.correct and evidence.full
    if evidence.test_place is not None:
        return after_test_answer(state, place=evidence.test_place, right=right, at=evidence.at)
    return state if evidence.correct or not evidence.full else replace(state, tested_out_at=None)


def _counted(state: SkillMastery, evidence: Evidence) -> SkillMastery:
    surprise, third = evidence.correct - evidence.expected, state.streak == THIRD_AFTER
    state = replace(
        state,
        attempts=state.attempts + 1,
        tries=state.tries + 1,
        right=state.right + evidence.correct,
        recent=(state.recent + "01"[evidence.correct])[-3:],
        streak=state.streak + 1 if evidence.correct else 0,
        failures=0 if evidence.correct else state.failures + 1,
        surprise=state.surprise + surprise,
        thirds=state.thirds + third,
        thirds_surprise=state.thirds_surprise + surprise * third,
    )
    if not evidence.correct:
        return replace(state, run_today=0)
    today = evidence.at.date()
    return replace(
        state,
        correct_unaided=state.correct_unaided + 1,
        days_correct=state.days_correct + (today != state.last_correct_day),
        last_correct_day=today,
        run_today=state.run_today + 1 if today == state.last_correct_day else 1,
        families_correct=_with(state.families_correct, evidence.family),
    )


def _with_own(others: Track, state: SkillMastery) -> Track:
    return Track(
        others.answers + state.attempts,
        others.surprise + state.surprise,
        others.thirds + state.thirds,
        others.thirds_surprise + state.thirds_surprise,
    )


def _still_mastered(state: SkillMastery, evidence: Evidence, school_day: Callable[[date], date]) -> SkillMastery:
    """A re-check passed, half passed or failed; outside of one, open again when no longer likely known."""
    if not is_due(state, evidence.at):
        return state if state.p_known >= MASTERED_P else replace(state, mastered_at=None, tries=0)
    if not evidence.correct:
        return _reopened(state)
    if state.check_right + 1 < CHECK_ITEMS:
        return replace(state, check_right=state.check_right + 1)
    due = school_day(evidence.at.date() + timedelta(days=_gap(state.check_step + 1)))
    return replace(state, check_step=state.check_step + 1, check_right=0, due_on=due)


def _reopened(state: SkillMastery) -> SkillMastery:
    """To be shown anew, on several days; what was tried before is no reason to give up."""
    return replace(
        state,
        mastered_at=None,
        due_on=None,
        check_step=0,
        check_right=0,
        days_correct=0,
        last_correct_day=None,
        families_correct=(),
        run_today=0,
        tries=0,
        right=0,
        recent="",
    )


def _gap(step: int) -> int:
    return CHECK_DAYS[min(step, len(CHECK_DAYS) - 1)]


def _with(families: Iterable[str], family: str) -> tuple[str, ...]:
    return tuple(sorted({*families, family}))
