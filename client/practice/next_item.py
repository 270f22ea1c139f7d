"""Which item comes next and why: one student's standing, put to the policy, and a family of the skill it names.

A pure function of what is stored and a seed, without clock, database or chance. Never the same family twice
running, and none twice in a set as long as the skill has others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from client.practice.bank_tables import BankTables
from client.practice.mastery import (
    is_due,
    is_enough_today,
    is_proven,
    is_resting,
    needs_confirming,
    stumbles,
)
from client.practice.policy import DEFAULT_SETTINGS, NONE, SET_SIZE, PolicySettings, Rule, Situation, decide, lots
from client.practice.reasons import Fact, Reason, ReasonCode
from client.records.mastery import SkillMastery

Floats = NDArray[np.float64]

_TURN = 3
WORK_CODES: Final = frozenset(
    {ReasonCode.START, ReasonCode.GOING_ON, ReasonCode.COMES_BACK, ReasonCode.EARLY, ReasonCode.CHOSEN}
)
UNAIDED_CODES: Final = frozenset({ReasonCode.DIAGNOSTIC, ReasonCode.TEST_OUT})
REVIEW_CODES: Final = frozenset({ReasonCode.RE_CHECK, ReasonCode.ANOTHER_DAY})
_RULE_OF: Final[Mapping[str, Rule]] = {
    ReasonCode.WARM_UP: Rule.WARM_UP,
    ReasonCode.RE_CHECK: Rule.RE_CHECK,
    ReasonCode.ANOTHER_DAY: Rule.CONFIRM,
    ReasonCode.REPAIR: Rule.REPAIR,
}


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What the choice depends on.

    mastery: rows of the skills met. known, chance, learn (K,): P(known), P(right) and P(learning) of the skills of
    the bank's tables. seen: answers by family. answered: reason code and family of the newest answers, newest
    first. in_set: how many of them belong to the set that is under way. allowed (K,): what may be offered, None
    for all. seed: decides between equals. chosen: the skill that the student chose for this set. count: of all
    answers. paused: families that staff took out of practice. test_place: answers of the test of the chosen skill
    that is under way, None without one.
    """

    mastery: Mapping[str, SkillMastery]
    known: Floats
    chance: Floats
    learn: Floats
    seen: Mapping[str, int]
    answered: tuple[tuple[str, str], ...]
    in_set: int
    now: datetime
    seed: int
    in_work: str = ""
    failures_running: int = 0
    allowed: NDArray[np.bool_] | None = field(default=None, repr=False)
    chosen: str = ""
    count: int = 0
    paused: frozenset[str] = frozenset()
    test_place: int | None = None

    @property
    def last_family(self) -> str:
        """The family answered last, empty at first."""
        return self.answered[0][1] if self.answered else ""


@dataclass(frozen=True, slots=True)
class NextItem:
    """The family to draw from, and why."""

    family: Family
    reason: Reason


def choose_next(tables: BankTables, standing: Standing, settings: PolicySettings = DEFAULT_SETTINGS) -> NextItem:
    """Always an item, as long as the bank has one."""
    if standing.test_place is not None and standing.chosen in tables.index:
        row = tables.index[standing.chosen]
        family = family_for(tables, replace(standing, in_set=standing.test_place), row)
        facts: dict[str, Fact] = {"skill": standing.chosen, "place": standing.test_place}
        return NextItem(family, Reason(ReasonCode.TEST_OUT, facts))
    decision = decide(tables.needs, situation_of(tables, standing), settings)
    row, rule = int(decision.skill[0]), Rule(decision.rule[0])
    if _follows_the_choice(tables, standing, rule):
        row = tables.index[standing.chosen]
        return NextItem(family_for(tables, standing, row), Reason(ReasonCode.CHOSEN, {"skill": standing.chosen}))
    return NextItem(family_for(tables, standing, row), reason_for(tables, standing, row, rule=rule))


def _follows_the_choice(tables: BankTables, standing: Standing, rule: Rule) -> bool:
    """A student's choice comes before the policy's, but after re-checks, repair and a warm-up."""
    if standing.chosen not in tables.index or rule in {Rule.RE_CHECK, Rule.REPAIR, Rule.WARM_UP}:
        return False
    if _is_paused(tables, standing, tables.index[standing.chosen]):
        return False
    state = standing.mastery.get(standing.chosen)
    return state is None or not (is_resting(state, standing.now) or is_enough_today(state, standing.now))


def unanswered(tables: BankTables, standing: Standing, chosen: NextItem) -> Standing:
    """The standing after an item whose answer isn't known yet: another skill's turn comes after three of one."""
    family = chosen.family.id
    answered = ((chosen.reason.code, family), *standing.answered)
    row = tables.index[chosen.family.skills[0]]
    allowed = np.ones(len(tables.skills), np.bool_) if standing.allowed is None else standing.allowed.copy()
    given = sum(_row_of(tables, one) == row for _, one in answered)
    allowed[row] = given % _TURN != 0 or allowed.sum() == 1
    return replace(
        standing,
        seen={**standing.seen, family: standing.seen.get(family, 0) + 1},
        answered=answered,
        in_set=(standing.in_set + 1) % SET_SIZE,
        failures_running=0,
        allowed=allowed,
        seed=standing.seed + 1,
    )


def family_for(tables: BankTables, standing: Standing, row: int) -> Family:
    """The skill's family that the student has shown least; the last one again only if there is no other.

    A paused one only where all of the skill are and no other skill may be offered.
    """
    state = standing.mastery.get(tables.skills[row])
    shown = state.families_correct if state is not None else ()
    of_set = {family for _, family in standing.answered[: standing.in_set]}
    families = [one for one in tables.families[row] if one.id not in standing.paused] or tables.families[row]
    lot = lots(np.array([standing.seed], np.uint64), len(families))[0]

    def order(place: int) -> tuple[bool, bool, bool, int, bool, float]:
        one, fixed = families[place].id, families[place].fixed
        seen = standing.seen.get(one, 0)
        # Families that draw fresh numbers first, since an imported item is always the same.
        return one == standing.last_family, one in of_set, one in shown, seen, fixed, lot[place]

    return families[min(range(len(families)), key=order)]


def reason_for(tables: BankTables, standing: Standing, row: int, *, rule: Rule) -> Reason:
    """The code and the facts that make its sentences true."""
    skill = tables.skills[row]
    state = standing.mastery.get(skill)
    facts: dict[str, Fact] = {"skill": skill}
    if rule is Rule.WARM_UP:
        return Reason(ReasonCode.WARM_UP, facts | {"failures": standing.failures_running})
    if rule is Rule.REPAIR:
        failures = stumbles(standing.mastery[standing.in_work])
        return Reason(ReasonCode.REPAIR, facts | {"of": standing.in_work, "failures": failures})
    if state is None:
        return Reason(ReasonCode.EARLY if rule is Rule.EARLY else ReasonCode.START, facts)
    days = {"days": (standing.now.date() - state.last_at.date()).days}
    if rule is Rule.RE_CHECK:
        return Reason(ReasonCode.RE_CHECK, facts | days)
    if rule is Rule.CONFIRM:
        return Reason(ReasonCode.ANOTHER_DAY, facts)
    if rule is Rule.KEEP_FRESH:
        return Reason(ReasonCode.KEEP_FRESH, facts)
    if state.rest_until is not None and state.last_at < state.rest_until <= standing.now:
        return Reason(ReasonCode.COMES_BACK, facts | days)
    return Reason(ReasonCode.GOING_ON, facts | {"attempts": state.attempts, "correct": state.correct_unaided})


def situation_of(tables: BankTables, standing: Standing) -> Situation:
    """The standing as the policy takes it, with one row."""
    skills = len(tables.skills)
    flags = np.zeros((len(_FLAGS), skills), np.bool_)
    failures, idle = np.zeros(skills, np.int64), np.full(skills, np.inf)
    for skill, state in standing.mastery.items():
        row = tables.index.get(skill)
        if row is not None:
            flags[:, row] = [flag(state, standing.now) for flag in _FLAGS]
            failures[row], idle[row] = stumbles(state), (standing.now - state.last_at).total_seconds()
    mastered, resting, enough, due, unconfirmed, proven = flags[:, None, :]
    return Situation(
        known=standing.known[None],
        chance=standing.chance[None],
        learn=standing.learn,
        mastered=mastered,
        resting=resting,
        enough=enough,
        due=due,
        unconfirmed=unconfirmed,
        proven=proven,
        failures=failures[None],
        idle=idle[None],
        allowed=_allowed(tables, standing)[None],
        in_work=np.array([tables.index.get(standing.in_work, NONE)]),
        last=np.array([_last_row(tables, standing)]),
        failures_running=np.array([standing.failures_running]),
        in_set=_in_set(standing)[None],
        seed=np.array([standing.seed], np.uint64),
    )


def _is_mastered(state: SkillMastery, now: datetime) -> bool:
    return state.mastered_at is not None


_FLAGS: Final = (_is_mastered, is_resting, is_enough_today, is_due, needs_confirming, is_proven)


def _allowed(tables: BankTables, standing: Standing) -> NDArray[np.bool_]:
    """A skill whose only family was just asked has to wait for one item, unless nothing else may be offered.

    One whose families are all paused waits for longer.
    """
    allowed = np.ones(len(tables.skills), np.bool_) if standing.allowed is None else standing.allowed.copy()
    for row in {_row_of(tables, family) for family in standing.paused} - {NONE}:
        if _is_paused(tables, standing, row) and allowed.sum() > 1:
            allowed[row] = False
    row = _last_row(tables, standing)
    if row != NONE and len(tables.families[row]) == 1 and allowed.sum() > 1:
        allowed[row] = False
    return allowed


def _is_paused(tables: BankTables, standing: Standing, row: int) -> bool:
    """Whether every family of the skill is."""
    return all(one.id in standing.paused for one in tables.families[row])


def _last_row(tables: BankTables, standing: Standing) -> int:
    return _row_of(tables, standing.last_family)


def _row_of(tables: BankTables, family_id: str) -> int:
    family = tables.bank.family(family_id)
    return NONE if family is None else tables.index.get(family.skills[0], NONE)


def _in_set(standing: Standing) -> NDArray[np.int64]:
    counts = np.zeros(len(Rule), np.int64)
    for code, _ in standing.answered[: standing.in_set]:
        rule = _RULE_OF.get(code)
        if rule is not None:
            counts[rule] += 1
    return counts
