"""Reasons: one sentence each, in a child's words."""

import pytest

from client.practice.reasons import Fact, Reason, ReasonCode, sentence_for_student
from tests.support.practising import BANK

_FACTS: dict[str, Fact] = {"skill": "Q8", "attempts": 4, "correct": 3, "days": 9, "failures": 2, "of": "Q9"}


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_code_has_a_sentence_without_a_probability(code: ReasonCode) -> None:
    """Words, never a percentage."""
    sentence = sentence_for_student(Reason(code, _FACTS), BANK)
    assert sentence.endswith((".", "?"))
    assert "%" not in sentence
    assert "0." not in sentence
    assert "Q8" not in sentence


def test_the_sentence_states_the_facts() -> None:
    """Worked by hand."""
    going_on = sentence_for_student(Reason(ReasonCode.GOING_ON, _FACTS), BANK)
    expected = "You have tried adding fractions with different bottoms 4 times and got 3 right by yourself."
    assert going_on == expected + " Here is the next one."
    once = sentence_for_student(Reason(ReasonCode.GOING_ON, {"skill": "Q8", "attempts": 1, "correct": 0}), BANK)
    assert once.startswith("You have tried adding fractions with different bottoms once.")
    one_day = sentence_for_student(Reason(ReasonCode.RE_CHECK, {"skill": "Q8", "days": 1}), BANK)
    assert "1 day ago" in one_day


def test_a_skill_that_left_the_packs_is_named_by_its_id() -> None:
    """An old offer can still be explained."""
    assert "Old skill" in sentence_for_student(Reason(ReasonCode.START, {"skill": "Old skill"}), BANK)
