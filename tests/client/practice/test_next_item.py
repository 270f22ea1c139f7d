"""The policy, rule by rule, on standings made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from client.content.bank import make_bank
from client.practice.bank_tables import tables_of
from client.practice.next_item import Standing, choose_next, situation_of
from client.practice.policy import decide
from client.practice.reasons import ReasonCode
from client.records.mastery import SkillMastery
from tests.support.practising import BANK

_NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
_TABLES = tables_of(BANK)
_SKILLS = list(_TABLES.skills)


def _state(
    skill: str, p: float = 0.5, *, attempts: int = 2, days_ago: float = 0, mastered: bool = False
) -> SkillMastery:
    at = _NOW - timedelta(days=days_ago)
    due = at.date() + timedelta(days=7) if mastered else None
    return SkillMastery(
        skill, p, attempts, 1, 1, at.date(), (), at if mastered else None, at, tries=attempts, due_on=due
    )


def _standing(*states: SkillMastery, **known: float) -> Standing:
    p = {skill: 0.5 for skill in _SKILLS} | {state.skill: state.p_known for state in states} | known
    values = np.array([p[skill] for skill in _SKILLS])
    return Standing(
        mastery={state.skill: state for state in states},
        known=values,
        chance=0.2 + 0.7 * values,
        learn=np.full(len(_SKILLS), 0.15),
        seen={},
        answered=(),
        in_set=0,
        now=_NOW,
        seed=1,
    )


def _frontier(standing: Standing) -> list[str]:
    open_ = decide(_TABLES.needs, situation_of(_TABLES, standing)).open_[0]
    return [skill for skill, one in zip(_SKILLS, open_, strict=True) if one]


def _chosen(standing: Standing) -> tuple[str, ReasonCode]:
    chosen = choose_next(_TABLES, standing)
    return chosen.family.skills[0], chosen.reason.code


def _roots() -> list[str]:
    return [skill for skill in _SKILLS if not _TABLES.needs_of(skill)]


def test_a_beginner_starts_where_nothing_is_needed() -> None:
    """The frontier of an empty history holds the skills without needs in the bank."""
    assert _frontier(_standing()) == _roots()
    skill, code = _chosen(_standing())
    assert (skill in _roots(), code) == (True, ReasonCode.START)


def test_needs_are_met_at_p_06_or_by_mastery() -> None:
    """Q3 needs Q1 and F6."""
    assert "Q3" in _frontier(_standing(Q1=0.6, F6=0.6))
    assert "Q3" not in _frontier(_standing(Q1=0.6, F6=0.59))
    mastered = _state("Q1", 0.4, mastered=True)
    assert "Q3" in _frontier(_standing(mastered, F6=0.6))


def test_what_is_begun_is_finished_first() -> None:
    """The skill in work, whatever else would teach more."""
    standing = _standing(_state("Q1", 0.8), F3=0.7, F1=0.2)
    chosen = choose_next(_TABLES, replace(standing, in_work="Q1"))
    assert chosen.family.skills == ("Q1",)
    assert chosen.reason.code is ReasonCode.GOING_ON
    assert chosen.reason.facts == {"skill": "Q1", "attempts": 2, "correct": 1}


def test_a_start_is_made_where_an_item_teaches_most() -> None:
    """Likely unknown and quickly learnt."""
    learn = np.full(len(_SKILLS), 0.1)
    learn[_TABLES.index["Q1"]] = 0.5
    assert _chosen(replace(_standing(F3=0.9, F1=0.9), learn=learn))[0] == "Q1"


def test_an_easy_item_follows_three_failures_once_a_set() -> None:
    """Of at least .75 if there is one, also of a mastered skill."""
    standing = replace(
        _standing(_state("F1", 0.9, mastered=True), _state("F3", 0.3), F2=0.2), failures_running=3, in_work="F3"
    )
    assert _chosen(standing) == ("F1", ReasonCode.WARM_UP)
    assert choose_next(_TABLES, standing).reason.facts == {"skill": "F1", "failures": 3}
    assert _chosen(replace(standing, failures_running=2))[1] is not ReasonCode.WARM_UP
    had_one = replace(standing, answered=((ReasonCode.WARM_UP, "x"),), in_set=1)
    assert _chosen(had_one)[1] is not ReasonCode.WARM_UP
    hopeless = replace(_standing(_state("F1", 0.3)), failures_running=5)
    assert _chosen(hopeless)[1] is not ReasonCode.WARM_UP


def test_a_re_check_comes_after_seven_days_and_before_new_things() -> None:
    """The oldest first, at most two a set."""
    young, old = _state("Q1", 0.97, days_ago=6.1, mastered=True), _state("Q2", 0.97, days_ago=9, mastered=True)
    older = _state("F5", 0.97, days_ago=12, mastered=True)
    chosen = choose_next(_TABLES, _standing(young, old, older))
    assert chosen.reason.facts == {"skill": "F5", "days": 12}
    assert chosen.reason.code is ReasonCode.RE_CHECK
    assert _chosen(_standing(young))[1] is not ReasonCode.RE_CHECK
    two = replace(_standing(young, old, older), answered=((ReasonCode.RE_CHECK, "x"),) * 2, in_set=2)
    assert _chosen(two)[1] is not ReasonCode.RE_CHECK
    assert _chosen(replace(two, in_set=0))[1] is ReasonCode.RE_CHECK


def test_two_failures_point_to_what_the_skill_needs() -> None:
    """Two of the last three; unless that was right lately; at most three items a set."""
    stuck = replace(_state("Q3", 0.3), failures=1, recent="010")
    standing = replace(_standing(stuck, Q1=0.7, F6=0.65), in_work="Q3")
    chosen = choose_next(_TABLES, standing)
    assert (chosen.family.skills[0], chosen.reason.code) == ("F6", ReasonCode.REPAIR)
    assert chosen.reason.facts == {"skill": "F6", "of": "Q3", "failures": 2}
    proven = replace(_state("F6", 0.65), streak=2)
    with_proof = replace(_standing(stuck, proven, Q1=0.7), in_work="Q3")
    assert _chosen(with_proof) == ("Q1", ReasonCode.REPAIR)
    once = replace(_standing(replace(stuck, recent="110"), Q1=0.7, F6=0.65), in_work="Q3")
    assert _chosen(once) == ("Q3", ReasonCode.GOING_ON)
    had_three = replace(standing, answered=((ReasonCode.REPAIR, "x"),) * 3, in_set=3)
    assert _chosen(had_three)[1] is not ReasonCode.REPAIR


def test_a_resting_skill_is_left_alone_and_comes_back() -> None:
    """With a fresh start."""
    stuck = replace(_state("F1", 0.3, days_ago=6), rest_until=_NOW + timedelta(days=1), tries=0)
    assert "F1" not in _frontier(_standing(stuck))
    back = replace(stuck, rest_until=_NOW)
    assert "F1" in _frontier(_standing(back))
    chosen = choose_next(_TABLES, replace(_standing(back), in_work="F1"))
    assert (chosen.reason.code, chosen.reason.facts["days"]) == (ReasonCode.COMES_BACK, 6)


def test_a_skill_that_only_needs_another_day_is_left_alone_today() -> None:
    """It comes back in two days, and says why; what needs it is open at once."""
    done = replace(_state("F1", 0.97), streak=3, run_today=3)
    assert "F1" not in _frontier(_standing(done))
    assert {"F2", "F3"} <= set(_frontier(_standing(done)))
    later = replace(_standing(done), now=_NOW + timedelta(days=2))
    assert _chosen(later) == ("F1", ReasonCode.ANOTHER_DAY)


def test_families_not_shown_yet_come_first() -> None:
    """Then those met least; never the last one again, and none of this set."""
    families = [family.id for family in BANK.families_of("Q1")]
    shown = replace(_state("Q1", 0.8), families_correct=tuple(families[:2]))
    standing = replace(_standing(shown, F3=0.9), seen={families[2]: 3}, in_work="Q1")
    assert choose_next(_TABLES, standing).family.id == families[3]
    last = replace(standing, answered=((ReasonCode.GOING_ON, families[3]),))
    assert choose_next(_TABLES, last).family.id == families[2]
    in_set = replace(last, answered=tuple((ReasonCode.GOING_ON, families[n]) for n in (0, 2, 3)), in_set=3)
    assert choose_next(_TABLES, in_set).family.id == families[1]


def test_where_everything_is_done_the_longest_left_skill_is_kept_fresh() -> None:
    """There is always an item."""
    states = [_state(skill, 0.97, days_ago=n % 5, mastered=True) for n, skill in enumerate(_SKILLS)]
    chosen = choose_next(_TABLES, _standing(*states))
    assert chosen.reason.code is ReasonCode.KEEP_FRESH
    assert _standing(*states).mastery[chosen.family.skills[0]].last_at == _NOW - timedelta(days=4)


def test_a_bank_of_one_family_still_offers() -> None:
    """The rule against repetition gives way to an empty page."""
    family = BANK.families_of("Q1")[0]
    tables = tables_of(make_bank([skill for skill in BANK.skills() if skill.id == "Q1"], [family]))
    one = np.array([0.5])
    standing = replace(_standing(), known=one, chance=one, learn=one, answered=((ReasonCode.START, family.id),))
    assert choose_next(tables, standing).family == family


_STATES = st.builds(
    lambda p, attempts, right, days, mastered, ago: SkillMastery(
        "",
        p,
        attempts,
        min(right, attempts),
        days,
        date(2026, 9, 10) - timedelta(days=ago),
        (),
        _NOW if mastered else None,
        _NOW - timedelta(days=ago),
        streak=right % 5,
        failures=0 if right % 5 else attempts % 4,
        tries=attempts,
        due_on=date(2026, 9, 3) + timedelta(days=days) if mastered else None,
        rest_until=_NOW + timedelta(days=days - 2) if attempts % 7 == 0 and not mastered else None,
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
    st.integers(0, 2**63),
    st.sampled_from(["", *_SKILLS]),
)
def test_every_standing_leads_to_an_item_with_a_reason(
    states: dict[str, SkillMastery], failures: int, last: str, seed: int, in_work: str
) -> None:
    """The same standing to the same one, never the family before."""
    standing = _standing(*(replace(state, skill=skill) for skill, state in states.items()))
    standing = replace(
        standing,
        failures_running=failures,
        answered=((ReasonCode.GOING_ON, last),),
        in_set=1,
        seed=seed,
        in_work=in_work if in_work in states else "",
    )
    chosen = choose_next(_TABLES, standing)
    assert chosen == choose_next(_TABLES, standing)
    assert chosen.family.id != last
    assert chosen.reason.facts["skill"] in chosen.family.skills


def test_equals_are_decided_by_the_seed_and_nothing_else() -> None:
    """So that a recommendation can be replayed; and different seeds do differ."""
    chosen = [choose_next(_TABLES, replace(_standing(), seed=seed)).family.id for seed in range(20)]
    assert chosen == [choose_next(_TABLES, replace(_standing(), seed=seed)).family.id for seed in range(20)]
    assert len(set(chosen)) > 1
