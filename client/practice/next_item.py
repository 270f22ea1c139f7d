"""Which item comes next and why: a pure function of what is stored, without clock, database or chance.

The order of rules: a warm-up after two failures running; a re-check that is due; the skill of the frontier that
is nearest to being known; what keeps fresh when nothing else is open. Never the same family twice running.
Source of the figures and of "nearest first, exit at 12": docs/decisions/0007-practice-policy.md.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from client.content.bank import ItemBank
from client.content.items import Family
from client.practice.mastery import waits_for_another_day
from client.practice.reasons import Fact, Reason, ReasonCode
from client.records.mastery import SkillMastery

READY_P = 0.6
EXIT_ATTEMPTS, EXIT_P = 12, 0.5
REST_DAYS = 7
RE_CHECK_DAYS = 7
FAILURES_BEFORE_WARM_UP = 2
WARM_UP_CHANCE = 0.75


@dataclass(frozen=True, slots=True)
class Standing:
    """What the choice depends on.

    mastery: rows of the skills met. known: P(known) of every skill of the bank. chance: predicted P(right) of
    every family. seen: answers by family. failures_running: since the last right answer or warm-up.
    tie: any text, e.g. the student's id and number of answers; decides between equals.
    """

    mastery: Mapping[str, SkillMastery]
    known: Mapping[str, float]
    chance: Mapping[str, float]
    seen: Mapping[str, int]
    last_family: str
    failures_running: int
    now: datetime
    tie: str


@dataclass(frozen=True, slots=True)
class NextItem:
    """The family to draw from, and why."""

    family: Family
    reason: Reason


def choose_next(bank: ItemBank, standing: Standing) -> NextItem:
    """Always an item, as long as the bank has one."""
    return (
        _warm_up(bank, standing)
        or _re_check(bank, standing)
        or _on_the_frontier(bank, standing)
        or _keep_fresh(bank, standing)
    )


def is_resting(state: SkillMastery | None, now: datetime) -> bool:
    """Left alone for a week: at every twelfth attempt without mastery, if it is more likely unknown than known."""
    return _gave_up(state) and state is not None and now - state.last_at < timedelta(days=REST_DAYS)


def _gave_up(state: SkillMastery | None) -> bool:
    if state is None or state.mastered_at is not None or state.attempts == 0:
        return False
    return state.attempts % EXIT_ATTEMPTS == 0 and state.p_known < EXIT_P


def _warm_up(bank: ItemBank, standing: Standing) -> NextItem | None:
    if standing.failures_running < FAILURES_BEFORE_WARM_UP:
        return None
    likely = [
        family
        for family in bank.families()
        if standing.chance[family.id] >= WARM_UP_CHANCE
        and family.id != standing.last_family
        and not any(is_resting(standing.mastery.get(skill), standing.now) for skill in family.skills)
    ]
    if not likely:
        return None
    family = min(
        likely, key=lambda one: (-standing.chance[one.id], standing.seen.get(one.id, 0), _lot(standing, one))
    )
    return NextItem(
        family, Reason(ReasonCode.WARM_UP, {"skill": family.skills[0], "failures": standing.failures_running})
    )


def _re_check(bank: ItemBank, standing: Standing) -> NextItem | None:
    due = [
        state
        for state in standing.mastery.values()
        if state.mastered_at is not None
        and standing.now - state.last_at >= timedelta(days=RE_CHECK_DAYS)
        and bank.skill(state.skill) is not None
    ]
    if not due:
        return None
    oldest = min(due, key=lambda state: (state.last_at, state.skill))
    facts: dict[str, Fact] = {"skill": oldest.skill, "days": (standing.now - oldest.last_at).days}
    return _item_of(bank, standing, oldest.skill, reason=Reason(ReasonCode.RE_CHECK, facts))


def frontier(bank: ItemBank, standing: Standing) -> list[str]:
    """Skills to work on: needs met, neither mastered, nor resting, nor waiting for another day."""
    return [
        skill.id
        for skill in bank.skills()
        if _needs_met(bank, standing, skill.id) and _is_open(standing, skill.id)
    ]


def _needs_met(bank: ItemBank, standing: Standing, skill: str) -> bool:
    return all(
        standing.known[need] >= READY_P or _is_mastered(standing.mastery.get(need))
        for need in bank.prerequisites(skill)
    )


def _is_open(standing: Standing, skill: str) -> bool:
    state = standing.mastery.get(skill)
    if state is None:
        return True
    closed = is_resting(state, standing.now) or waits_for_another_day(state, standing.now)
    return not closed and not _is_mastered(state)


def _is_mastered(state: SkillMastery | None) -> bool:
    return state is not None and state.mastered_at is not None


def _on_the_frontier(bank: ItemBank, standing: Standing) -> NextItem | None:
    ranked = sorted(frontier(bank, standing), key=lambda skill: -_skill_chance(bank, standing, skill))
    for skill in ranked:
        found = _item_of(bank, standing, skill, reason=_why_now(standing, skill))
        if found is not None:
            return found
    return None


def _why_now(standing: Standing, skill: str) -> Reason:
    state = standing.mastery.get(skill)
    if state is None:
        return Reason(ReasonCode.START, {"skill": skill})
    if _gave_up(state):
        return Reason(ReasonCode.COMES_BACK, {"skill": skill, "days": (standing.now - state.last_at).days})
    earlier = state.last_correct_day is not None and state.last_correct_day < standing.now.date()
    if earlier and state.last_at.date() < standing.now.date():
        return Reason(ReasonCode.ANOTHER_DAY, {"skill": skill})
    facts: dict[str, Fact] = {"skill": skill, "attempts": state.attempts, "correct": state.correct_unaided}
    return Reason(ReasonCode.GOING_ON, facts)


def _keep_fresh(bank: ItemBank, standing: Standing) -> NextItem:
    """Nothing is open: the skill that was left alone longest, of those whose needs are met; resting ones last."""

    def order(family: Family) -> tuple[bool, bool, bool, float, int, str]:
        states = [standing.mastery.get(skill) for skill in family.skills]
        resting = any(is_resting(state, standing.now) for state in states)
        unready = not all(_needs_met(bank, standing, skill) for skill in family.skills)
        newest = max((state.last_at.timestamp() for state in states if state is not None), default=0.0)
        again = family.id == standing.last_family
        return again, resting, unready, newest, standing.seen.get(family.id, 0), _lot(standing, family)

    family = min(bank.families(), key=order)
    skill = family.skills[0]
    # Where everything met is resting, something new comes a little early.
    code = ReasonCode.KEEP_FRESH if skill in standing.mastery else ReasonCode.START
    return NextItem(family, Reason(code, {"skill": skill}))


def _item_of(bank: ItemBank, standing: Standing, skill: str, *, reason: Reason) -> NextItem | None:
    """The skill's family that the student has shown least; None if the last one was its only one."""
    state = standing.mastery.get(skill)
    shown = state.families_correct if state is not None else ()
    others = [family for family in bank.families_of(skill) if family.id != standing.last_family]
    if not others:
        return None
    family = min(others, key=lambda one: (one.id in shown, standing.seen.get(one.id, 0), _lot(standing, one)))
    return NextItem(family, reason)


def _skill_chance(bank: ItemBank, standing: Standing, skill: str) -> float:
    chances = [standing.chance[family.id] for family in bank.families_of(skill)]
    return sum(chances) / len(chances) if chances else 0.0


def _lot(standing: Standing, family: Family) -> str:
    """The same for the same student, moment and family, and without pattern otherwise."""
    return hashlib.sha256(f"{standing.tie}|{family.id}".encode()).hexdigest()
