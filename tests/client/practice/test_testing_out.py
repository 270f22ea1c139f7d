"""Testing out: the verdict by hand, and what guessing, haste and repetition can't reach."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from client.practice.mastery import Evidence, after_answer, is_enough_today, needs_confirming, new_state
from client.practice.policy import DEFAULT_SETTINGS
from client.practice.predictor import default_predictor
from client.practice.testing_out import AGAIN_AFTER, TEST_ITEMS, TEST_RIGHT, after_test_answer, may_be_tested
from client.records.mastery import SkillMastery

_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_BKT = default_predictor(["Q8"])


def _tested(
    answers: str, state: SkillMastery | None = None, *, at: datetime = _AT, full: bool = True
) -> SkillMastery:
    for place, one in enumerate(answers):
        p = _BKT.p_start("Q8") if state is None else state.p_known
        right = one == "1"
        evidence = Evidence(
            f"f{place}", right, at + timedelta(minutes=place), 4, full, expected=right, test_place=place
        )
        state = after_answer(state, "Q8", evidence, p_known=_BKT.p_after(p, "Q8", correct=right))
    assert state is not None
    return state


def _later(state: SkillMastery, right: bool, *, days: float) -> SkillMastery:
    p = _BKT.p_after(state.p_known, "Q8", correct=right)
    return after_answer(
        state, "Q8", Evidence("f1", right, _AT + timedelta(days=days), 4, expected=right), p_known=p
    )


@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_four_of_five_pass_and_open_what_needs_the_skill(right: list[bool]) -> None:
    """In any order; P(known) is then above what a need must have, and the skill is left alone."""
    state = _tested("".join("01"[one] for one in right))
    assert (state.tested_out_at is not None) == (sum(right) >= TEST_RIGHT)
    assert (state.tested_at, state.test) == (_AT + timedelta(minutes=4), "")
    assert state.mastered_at is None
    if state.tested_out_at is not None:
        assert state.p_known >= DEFAULT_SETTINGS.ready
        assert is_enough_today(state, _AT)


def test_guessing_hardly_ever_passes() -> None:
    """Even if every item had four choices: 16 of 1,024 ways."""
    passes = sum(
        comb(TEST_ITEMS, k) * 0.25**k * 0.75 ** (TEST_ITEMS - k) for k in range(TEST_RIGHT, TEST_ITEMS + 1)
    )
    assert passes == 16 / 1024


def test_answers_that_are_flagged_or_given_away_from_the_server_count_as_wrong() -> None:
    """All five right, none in full."""
    state = _tested("11111", full=False)
    assert (state.tested_out_at, state.tested_at is not None) == (None, True)


def test_a_skill_is_tested_once_a_week() -> None:
    """And not again when it is done."""
    failed = _tested("10101")
    end = _AT + timedelta(minutes=4)
    assert may_be_tested(None, _AT)
    assert not may_be_tested(failed, end + AGAIN_AFTER - timedelta(minutes=1))
    assert may_be_tested(failed, end + AGAIN_AFTER)
    assert not may_be_tested(replace(failed, mastered_at=_AT), end + AGAIN_AFTER)
    assert not may_be_tested(_tested("11111"), end + AGAIN_AFTER)


def test_mastery_follows_a_week_later() -> None:
    """Two days later it comes back; right twice then isn't enough, right twice a week later is."""
    state = _tested("11111")
    assert needs_confirming(state, _AT + timedelta(days=2))
    early = _later(_later(state, True, days=2), True, days=2)
    assert early.mastered_at is None
    assert _later(early, True, days=7.1).mastered_at is not None


def test_a_failed_review_takes_back_what_the_test_gave() -> None:
    """The skill is work again."""
    failed = _later(_tested("11111"), False, days=3)
    assert failed.tested_out_at is None
    assert not is_enough_today(failed, _AT + timedelta(days=3))


def test_a_test_that_was_broken_off_has_no_verdict() -> None:
    """An answer out of its place ends it; the first answer of another begins anew."""
    state = new_state("Q8", 0.5, _AT)
    two = replace(state, test="11")
    assert after_test_answer(two, place=3, right=True, at=_AT).test == ""
    assert after_test_answer(two, place=0, right=True, at=_AT).test == "1"
    assert after_test_answer(two, place=0, right=True, at=_AT).tested_at is None
