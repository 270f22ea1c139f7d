"""Mastery: a law about days, and each condition on its own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from client.practice.mastery import Evidence, after_answer, meets_rule, waits_for_another_day
from client.practice.predictor import default_predictor
from client.practice.replay_mastery import states_of
from client.records.mastery import SkillMastery
from common.interactions import History, Interaction
from tests.support.practising import BANK

_DAY = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_BKT = default_predictor([skill.id for skill in BANK.skills()])
_ENOUGH = SkillMastery(
    skill="Q8",
    p_known=0.96,
    attempts=4,
    correct_unaided=3,
    days_correct=2,
    last_correct_day=date(2026, 9, 2),
    families_correct=("Q8.procedure", "Q8.word_problem"),
    mastered_at=None,
    last_at=_DAY,
)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 86_399 - 8 * 3600), st.sampled_from(range(4))), max_size=60)
)
def test_no_answers_of_one_day_master_anything(answers: list[tuple[bool, int, int]]) -> None:
    """Whatever the answers, their order and their families."""
    families = [family.id for family in BANK.families_of("Q8")]
    start = _DAY.timestamp()
    history = History(
        "s",
        tuple(Interaction(families[f], ("Q8",), right, start + seconds) for right, seconds, f in answers),
    )
    states = states_of(history, _BKT, BANK, now=_DAY)
    assert all(state.mastered_at is None for state in states.values())


def test_right_answers_on_two_days_in_two_ways_master() -> None:
    """Three on Monday, one on Tuesday: mastered at the fourth."""
    families = [family.id for family in BANK.families_of("Q8")]
    times = [_DAY + timedelta(minutes=n) for n in range(3)] + [_DAY + timedelta(days=1)]
    state: SkillMastery | None = None
    p = _BKT.p_start("Q8")
    for n, at in enumerate(times):
        p = _BKT.p_after(p, "Q8", correct=True)
        state = after_answer(state, "Q8", Evidence(families[n % 2], True, at, 4), p_known=p)
        assert (state.mastered_at is not None) == (n == 3)
    assert state is not None
    assert state.mastered_at == times[3]
    assert (state.attempts, state.correct_unaided, state.days_correct) == (4, 4, 2)


def test_each_condition_is_needed() -> None:
    """Taking one away leaves the skill open."""
    assert meets_rule(_ENOUGH, families=4)
    assert not meets_rule(replace(_ENOUGH, p_known=0.949), families=4)
    assert not meets_rule(replace(_ENOUGH, correct_unaided=2), families=4)
    assert not meets_rule(replace(_ENOUGH, days_correct=1), families=4)
    assert not meets_rule(replace(_ENOUGH, families_correct=("Q8.procedure",)), families=4)
    assert meets_rule(replace(_ENOUGH, families_correct=("only",)), families=1)


def test_a_failed_answer_can_open_a_mastered_skill_again() -> None:
    """And the date of mastery stays as long as it holds."""
    mastered = replace(_ENOUGH, mastered_at=_DAY)
    later = _DAY + timedelta(days=9)
    kept = after_answer(mastered, "Q8", Evidence("Q8.procedure", True, later, 4), p_known=0.97)
    assert kept.mastered_at == _DAY
    lost = after_answer(mastered, "Q8", Evidence("Q8.procedure", False, later, 4), p_known=0.9)
    assert lost.mastered_at is None


def test_only_time_is_missing() -> None:
    """Three right answers today and a high p wait until tomorrow."""
    today = replace(_ENOUGH, days_correct=1, last_correct_day=_DAY.date())
    assert waits_for_another_day(today, _DAY)
    assert not waits_for_another_day(today, _DAY + timedelta(days=1))
    assert not waits_for_another_day(replace(today, correct_unaided=2), _DAY)
    assert not waits_for_another_day(replace(today, p_known=0.5), _DAY)
