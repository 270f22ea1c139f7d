"""Choices: two or three, different, each with a true reason; and sets of five that follow them."""

from datetime import timedelta

import pytest

from client.practice.choices import Choice, ChoiceKind, choices_for, start_set
from client.practice.reasons import ReasonCode
from common.errors import FixSettings
from tests.support.practising import School, coin
from tests.support.stores import in_reader, in_writer


def _choices(school: School) -> tuple[Choice, ...]:
    return in_reader(school.store, lambda c: choices_for(c, school.desk, school.student))


@pytest.mark.parametrize("seed", range(3))
def test_there_are_two_or_three_different_ones_with_reasons(school: School, seed: int) -> None:
    """At any time; the recommended one is what would come anyway."""
    source = coin(seed)
    for n in range(40):
        choices = _choices(school)
        assert 2 <= len(choices) <= 3
        assert len({one.skill for one in choices}) == len(choices)
        assert choices[0].kind is ChoiceKind.RECOMMENDED
        for one in choices:
            assert str(one.why).endswith((".", "?"))
            assert one.for_teacher.endswith(".")
            assert one.skill in school.desk.tables.index
        assert choices == _choices(school)
        school.answer(right=source.random() < (0.3, 0.6, 0.95)[seed])
        school.clock.advance(timedelta(days=4) if n % 12 == 11 else timedelta(minutes=1))


def test_a_weak_spot_says_how_it_went(school: School) -> None:
    """By counts that are stored."""
    first = school.offer().item.skills[0]
    for _ in range(14):
        school.answer(right=False)
    spots = [one for one in _choices(school) if one.kind is ChoiceKind.WEAK_SPOT]
    states = school.mastery()
    for spot in spots:
        state = states[spot.skill]
        assert f"{state.correct_unaided} of {state.attempts}" in str(spot.why)
    assert first in states


def test_a_chosen_skill_lasts_for_a_set(school: School) -> None:
    """Also one that isn't open yet: exploring is free. Then the policy goes on."""
    chosen = school.desk.tables.skills[-1]
    offer = in_writer(school.store, lambda c: start_set(c, school.desk, school.student, skill=chosen))
    for n in range(5):
        if n < 2:
            assert (offer.item.skills[0], offer.reason_code) == (chosen, ReasonCode.CHOSEN)
        school.answer(right=n == 0)
        offer = school.offer()
    assert [one.skills[0] for one in school.history()].count(chosen) >= 2
    assert school.offer().reason_code != ReasonCode.CHOSEN


def test_a_skill_that_no_pack_has_is_refused_in_words(school: School) -> None:
    """A stale page, or somebody trying."""
    with pytest.raises(FixSettings, match="can't be practised here"):
        in_writer(school.store, lambda c: start_set(c, school.desk, school.student, skill="no-such-skill"))
