"""The policy, rule by rule, on standings made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.bank import make_bank
from client.content.simulated_course import simulated_course
from client.practice.next_item import Standing, choose_next, frontier, is_resting
from client.practice.reasons import ReasonCode
from client.records.mastery import SkillMastery

BANK = simulated_course()
_NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
_SKILLS = [skill.id for skill in BANK.skills()]


def _state(
    skill: str, p: float = 0.5, *, attempts: int = 2, days_ago: float = 0, mastered: bool = False
) -> SkillMastery:
    at = _NOW - timedelta(days=days_ago)
    return SkillMastery(skill, p, attempts, 1, 1, at.date(), (), at if mastered else None, at)


def _standing(*states: SkillMastery, **known: float) -> Standing:
    p = {skill: 0.5 for skill in _SKILLS} | {state.skill: state.p_known for state in states} | known
    chance = {family.id: 0.2 + 0.7 * p[family.skills[0]] for family in BANK.families()}
    return Standing(
        mastery={state.skill: state for state in states},
        known=p,
        chance=chance,
        seen={},
        last_family="",
        failures_running=0,
        now=_NOW,
        tie="s|0",
    )


def test_a_beginner_starts_where_nothing_is_needed() -> None:
    """The frontier of an empty history holds the skills without needs in the bank."""
    assert frontier(BANK, _standing()) == ["F5", "Q1"]
    assert choose_next(BANK, _standing()).reason.code is ReasonCode.START


def test_needs_are_met_at_p_06_or_by_mastery() -> None:
    """Q3 needs Q1 and F6."""
    assert "Q3" in frontier(BANK, _standing(Q1=0.6, F6=0.6))
    assert "Q3" not in frontier(BANK, _standing(Q1=0.6, F6=0.59))
    mastered = _state("Q1", 0.4, mastered=True)
    assert "Q3" in frontier(BANK, _standing(mastered, F6=0.6))


def test_what_is_nearly_known_comes_first() -> None:
    """Highest predicted success of the frontier, not the easiest of all."""
    chosen = choose_next(BANK, _standing(_state("F5", 0.7), _state("Q1", 0.8), _state("Q2", 0.9, mastered=True)))
    assert chosen.family.skills == ("Q1",)
    assert chosen.reason.code is ReasonCode.GOING_ON
    assert chosen.reason.facts == {"skill": "Q1", "attempts": 2, "correct": 1}


def test_an_item_with_good_chances_follows_two_failures() -> None:
    """Of at least .75 if there is one, also of a mastered skill."""
    standing = _standing(_state("F5", 0.3), _state("Q1", 0.9, mastered=True))
    chosen = choose_next(BANK, replace(standing, failures_running=2))
    assert (chosen.family.skills, chosen.reason.code) == (("Q1",), ReasonCode.WARM_UP)
    assert choose_next(BANK, replace(standing, failures_running=1)).reason.code is not ReasonCode.WARM_UP
    hopeless = replace(_standing(_state("F5", 0.3)), failures_running=5)
    assert choose_next(BANK, hopeless).reason.code is not ReasonCode.WARM_UP


def test_a_re_check_comes_after_seven_days_and_before_new_things() -> None:
    """The oldest first."""
    young, old = _state("Q1", 0.97, days_ago=6.9, mastered=True), _state("Q2", 0.97, days_ago=9, mastered=True)
    older = _state("F5", 0.97, days_ago=12, mastered=True)
    chosen = choose_next(BANK, _standing(young, old, older))
    assert chosen.reason.facts == {"skill": "F5", "days": 12}
    assert chosen.reason.code is ReasonCode.RE_CHECK
    assert choose_next(BANK, _standing(young)).reason.code is not ReasonCode.RE_CHECK


def test_twelve_attempts_without_knowing_rest_for_a_week() -> None:
    """Then the skill is offered again with a fresh start."""
    stuck = _state("Q1", 0.49, attempts=12, days_ago=6)
    assert is_resting(stuck, _NOW)
    assert frontier(BANK, _standing(stuck)) == ["F5"]
    for open_ in (_state("Q1", 0.5, attempts=12), _state("Q1", 0.1, attempts=11), _state("Q1", 0.1, attempts=13)):
        assert not is_resting(open_, _NOW)
    back = _state("Q1", 0.49, attempts=12, days_ago=7)
    assert frontier(BANK, _standing(back)) == ["F5", "Q1"]
    chosen = choose_next(BANK, _standing(back, F5=0.1))
    assert (chosen.reason.code, chosen.reason.facts["days"]) == (ReasonCode.COMES_BACK, 7)


def test_a_skill_that_only_needs_another_day_is_left_alone_today() -> None:
    """Tomorrow it comes first, and says why."""
    done = replace(_state("Q1", 0.97), correct_unaided=3)
    assert frontier(BANK, _standing(done)) == ["F5", "Q2"]
    tomorrow = replace(_standing(done), now=_NOW + timedelta(days=1))
    chosen = choose_next(BANK, tomorrow)
    assert (chosen.family.skills, chosen.reason.code) == (("Q1",), ReasonCode.ANOTHER_DAY)


def test_families_not_shown_yet_come_first() -> None:
    """Then those met least; never the last one again."""
    families = [family.id for family in BANK.families_of("Q1")]
    shown = replace(_state("Q1", 0.8), families_correct=tuple(families[:2]))
    standing = replace(_standing(shown), seen={families[2]: 3})
    assert choose_next(BANK, standing).family.id == families[3]
    assert choose_next(BANK, replace(standing, last_family=families[3])).family.id == families[2]


def test_where_everything_is_done_the_longest_left_skill_is_kept_fresh() -> None:
    """There is always an item."""
    states = [_state(skill, 0.97, days_ago=n % 5, mastered=True) for n, skill in enumerate(_SKILLS)]
    chosen = choose_next(BANK, _standing(*states))
    assert chosen.reason.code is ReasonCode.KEEP_FRESH
    assert _standing(*states).mastery[chosen.family.skills[0]].last_at == _NOW - timedelta(days=4)


def test_a_bank_of_one_family_still_offers() -> None:
    """The rule against repetition gives way to an empty page."""
    family = BANK.families_of("Q1")[0]
    bank = make_bank([skill for skill in BANK.skills() if skill.id == "Q1"], [family])
    assert choose_next(bank, replace(_standing(), last_family=family.id)).family == family


_STATES = st.builds(
    lambda p, attempts, right, days, mastered, ago: SkillMastery(
        "",
        p,
        attempts,
        min(right, attempts),
        days,
        date(2026, 9, 10),
        (),
        _NOW if mastered else None,
        _NOW - timedelta(days=ago),
    ),
    st.floats(0.01, 0.99),
    st.integers(1, 30),
    st.integers(0, 30),
    st.integers(0, 3),
    st.booleans(),
    st.integers(0, 20),
)


@given(
    st.dictionaries(st.sampled_from(_SKILLS), _STATES),
    st.integers(0, 4),
    st.sampled_from(BANK.families()).map(lambda f: f.id),
)
def test_every_standing_leads_to_an_item_with_a_reason(
    states: dict[str, SkillMastery], failures: int, last: str
) -> None:
    """The same standing to the same one, never the family before."""
    standing = _standing(*(replace(state, skill=skill) for skill, state in states.items()))
    standing = replace(standing, failures_running=failures, last_family=last)
    chosen = choose_next(BANK, standing)
    assert chosen == choose_next(BANK, standing)
    assert chosen.family.id != last
    assert chosen.reason.facts["skill"] in chosen.family.skills


@pytest.mark.parametrize("tie", ["a|0", "b|0"])
def test_equals_are_decided_by_the_tie_and_nothing_else(tie: str) -> None:
    """So that a recommendation can be replayed."""
    one = choose_next(BANK, replace(_standing(), tie=tie))
    assert one == choose_next(BANK, replace(_standing(), tie=tie))
