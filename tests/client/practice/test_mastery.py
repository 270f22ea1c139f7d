"""Mastery: a law about days, and each condition on its own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from client.practice.bank_tables import tables_of
from client.practice.holding import Track
from client.practice.mastery import (
    CHECK_DAYS,
    Evidence,
    after_answer,
    gives_up,
    is_due,
    is_enough_today,
    is_proven,
    is_resting,
    meets_rule,
    needs_confirming,
    spins,
)
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
    streak=4,
    run_today=1,
)
_CLEVER = Track(answers=40, surprise=12.0)


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
    states = states_of(history, _BKT, tables_of(BANK), now=_DAY)
    assert all(state.mastered_at is None for state in states.values())


def test_right_answers_on_several_days_in_two_ways_master() -> None:
    """Three a day and all of them right: mastered on the third day, not before."""
    families = [family.id for family in BANK.families_of("Q8")]
    times = [_DAY + timedelta(days=day, minutes=n) for day in range(3) for n in range(3)]
    state: SkillMastery | None = None
    p = _BKT.p_start("Q8")
    for n, at in enumerate(times):
        expected, p = _BKT.p_right(p, "Q8"), _BKT.p_after(p, "Q8", correct=True)
        state = after_answer(state, "Q8", Evidence(families[n % 2], True, at, 4, expected=expected), p_known=p)
        assert state.mastered_at is None or at.date() == times[-1].date()
    assert state is not None
    assert state.mastered_at is not None
    assert (state.attempts, state.correct_unaided, state.days_correct) == (9, 9, 3)


def _answered(state: SkillMastery, right: bool, at: datetime, *, p: float = 0.97) -> SkillMastery:
    return after_answer(state, "Q8", Evidence("Q8.procedure", right, at, 4), p_known=p)


def test_each_condition_is_needed() -> None:
    """Taking one away leaves the skill open."""
    assert meets_rule(_ENOUGH, families=4, track=_CLEVER)
    assert not meets_rule(replace(_ENOUGH, p_known=0.949), families=4, track=_CLEVER)
    assert not meets_rule(replace(_ENOUGH, correct_unaided=2), families=4, track=_CLEVER)
    assert not meets_rule(replace(_ENOUGH, days_correct=1), families=4, track=_CLEVER)
    assert not meets_rule(replace(_ENOUGH, streak=3), families=4, track=_CLEVER)
    assert not meets_rule(replace(_ENOUGH, families_correct=("Q8.procedure",)), families=4, track=_CLEVER)
    assert meets_rule(replace(_ENOUGH, families_correct=("only",)), families=1, track=_CLEVER)
    assert not meets_rule(_ENOUGH, families=4, track=Track())


def test_a_mastered_skill_that_is_no_longer_likely_known_opens_again() -> None:
    """And the date of mastery stays as long as it holds."""
    mastered = replace(_ENOUGH, mastered_at=_DAY, due_on=_DAY.date() + timedelta(days=7))
    assert _answered(mastered, True, _DAY + timedelta(days=3)).mastered_at == _DAY
    assert _answered(mastered, False, _DAY + timedelta(days=3), p=0.9).mastered_at is None


def test_re_checks_come_after_7_14_28_and_56_days_and_go_on() -> None:
    """Two right answers pass one; nothing before its day counts as one."""
    state, day = replace(_ENOUGH, mastered_at=_DAY, due_on=_DAY.date() + timedelta(days=7)), _DAY
    for days in (*CHECK_DAYS[1:], CHECK_DAYS[-1]):
        assert state.due_on is not None
        day = datetime.combine(state.due_on, _DAY.time(), UTC)
        assert not is_due(state, day - timedelta(days=1))
        assert is_due(state, day)
        state = _answered(state, True, day)
        assert is_due(state, day)
        state = _answered(state, True, day)
        assert state.due_on == day.date() + timedelta(days=days)
    assert state.check_step == 4
    assert state.mastered_at == _DAY


@given(st.lists(st.booleans(), max_size=3), st.integers(0, 40))
def test_a_failed_re_check_opens_its_skill(before: list[bool], late: int) -> None:
    """However likely the model thinks it known; four right answers on one day don't master it again."""
    state = replace(_ENOUGH, mastered_at=_DAY, due_on=_DAY.date() + timedelta(days=7))
    at = _DAY + timedelta(days=7 + late)
    for right in [*before, False]:
        due = is_due(state, at)
        state = _answered(state, right, at, p=0.99)
        if due and not right:
            break
    else:
        return
    assert state.mastered_at is None
    assert state.days_correct == 0
    for n in range(6):
        state = after_answer(state, "Q8", Evidence(f"f{n}", True, at + timedelta(minutes=n), 9), p_known=0.99)
        assert state.mastered_at is None


def test_holidays_move_a_re_check_to_the_first_school_day() -> None:
    """Nobody is asked on a Sunday."""
    ready = replace(_ENOUGH, streak=3, days_correct=1, last_correct_day=_DAY.date())
    evidence = Evidence("Q8.procedure", True, _DAY + timedelta(days=1), 4)
    holiday = date(2026, 9, 9)
    after = after_answer(
        ready,
        "Q8",
        evidence,
        p_known=0.97,
        others=_CLEVER,
        school_day=lambda day: day + timedelta(days=2 * (day == holiday)),
    )
    assert after.due_on == date(2026, 9, 11)


def test_what_is_shown_is_enough_for_today_and_confirmed_on_another() -> None:
    """A run of three or a high p; two days later the skill comes back."""
    today = replace(_ENOUGH, days_correct=1, last_correct_day=_DAY.date(), streak=1)
    assert is_enough_today(today, _DAY)
    assert is_enough_today(replace(today, p_known=0.5, streak=3), _DAY)
    assert not is_enough_today(replace(today, p_known=0.5), _DAY)
    assert not is_enough_today(today, _DAY + timedelta(days=1))
    assert [needs_confirming(today, _DAY + timedelta(days=n)) for n in range(4)] == [False, False, True, True]


def test_on_a_later_day_two_right_ones_are_enough() -> None:
    """After the first the skill stays to be confirmed; a wrong one makes it work again."""
    later = replace(_ENOUGH, last_correct_day=_DAY.date(), run_today=1, p_known=0.97)
    assert needs_confirming(later, _DAY)
    assert not is_enough_today(later, _DAY)
    second = _answered(later, True, _DAY)
    assert (needs_confirming(second, _DAY), is_enough_today(second, _DAY)) == (False, True)
    failed = _answered(later, False, _DAY, p=0.8)
    assert (needs_confirming(failed, _DAY), is_enough_today(failed, _DAY)) == (False, False)
    assert failed.run_today == 0


def test_the_exit_rule() -> None:
    """Twelve tries without getting near, twenty in any case; then a week's rest and a fresh start."""
    state = replace(_ENOUGH, p_known=0.49, tries=12, streak=0)
    assert gives_up(state)
    assert not gives_up(replace(state, tries=11))
    assert not gives_up(replace(state, p_known=0.5))
    assert gives_up(replace(state, p_known=0.9, tries=20))
    rested = _answered(replace(state, tries=11), False, _DAY, p=0.3)
    assert is_resting(rested, _DAY + timedelta(days=6))
    assert not is_resting(rested, _DAY + timedelta(days=7))
    assert (rested.tries, rested.recent) == (0, "")


def test_failures_do_not_point_at_what_was_right_lately() -> None:
    """Twice running, within a week."""
    assert is_proven(replace(_ENOUGH, streak=2), _DAY + timedelta(days=7))
    assert not is_proven(replace(_ENOUGH, streak=1), _DAY)
    assert not is_proven(replace(_ENOUGH, streak=2), _DAY + timedelta(days=8))


def test_spinning_is_called_from_the_fifth_try() -> None:
    """Five wrong answers of a student who is right less often than predicted; of another one, six."""
    wrong, behind = replace(_ENOUGH, tries=5, right=0, recent="000"), Track(20, -2.0)
    assert spins(wrong, behind)
    assert not spins(wrong)
    assert spins(replace(wrong, tries=6))
    assert not spins(replace(wrong, tries=4), Track(20, -20.0))
    assert not spins(replace(wrong, right=3, recent="111"), behind)
    assert not spins(replace(wrong, mastered_at=_DAY), behind)


def test_flagged_evidence_moves_p_and_shows_nothing() -> None:
    """Neither for the student nor against."""
    state = replace(_ENOUGH, mastered_at=None)
    for right in (True, False):
        after = after_answer(state, "Q8", Evidence("x", right, _DAY, 4, full=False), p_known=0.95)
        assert after == replace(state, p_known=0.95, p_peak=0.95, attempts=5, last_at=_DAY)
