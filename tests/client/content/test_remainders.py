"""Remainders: every usual way of typing one is read, anything else is None, and each is graded as a pair."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.bank import built_in_bank
from client.content.grader import grade
from client.content.items import AnswerKind, Distractor, Remainder
from client.content.remainders import read_remainder, typed_remainder

_SEVEN_REST_TWO = replace(
    built_in_bank().generate("Q8.procedure", 0),
    kind=AnswerKind.REMAINDER,
    answer=Remainder(7, 2),
    distractors=(Distractor("V7.remainder_too_big", Remainder(6, 7)),),
)


@pytest.mark.parametrize("text", ["7 r 2", "7r2", " 7 R 2 ", "7 remainder 2", "7 rem. 2", "٧ r ٢", "07 rest 02"])
def test_a_typed_remainder_is_read(text: str) -> None:
    """With or without spaces, short or long, in digits of any script."""
    assert read_remainder(text) == Remainder(7, 2)
    assert grade(_SEVEN_REST_TWO, text).solved


@pytest.mark.parametrize("text", ["", "r 2", "7 r", "7 r 2 r 1", "-7 r 2", "7.4", "37/5", "1" * 99, "seven r two"])
def test_anything_else_is_no_answer(text: str) -> None:
    """It is asked for again and says nothing about the student."""
    assert read_remainder(text) is None
    assert not grade(_SEVEN_REST_TWO, text).readable


def test_a_number_alone_has_nothing_left_over() -> None:
    """So 7 is a wrong answer to 37 ÷ 5, not an unreadable one."""
    assert read_remainder("7") == Remainder(7, 0)
    assert not grade(_SEVEN_REST_TWO, "7").correct
    assert grade(_SEVEN_REST_TWO, "6 r 7").misconception == "V7.remainder_too_big"


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_typed_is_what_is_read(quotient: int, rest: int) -> None:
    """The one spelling that the program writes itself comes back."""
    value = Remainder(quotient, rest)
    assert read_remainder(typed_remainder(value)) == value
