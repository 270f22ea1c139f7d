"""Grading: equal is right, form apart, misconceptions recognised, no text raises."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.bank import built_in_bank
from client.content.grader import grade
from client.content.items import AnswerKind, Choice, Distractor, Form, Item

_BANK = built_in_bank()
_HALF = replace(
    _BANK.generate("Q8.procedure", 0),
    answer=Fraction(3, 2),
    form=Form.ANY,
    distractors=(Distractor("Q8.tops_and_bottoms", Fraction(4, 6)),),
    units=("km",),
)
_PICK = replace(
    _HALF,
    kind=AnswerKind.CHOICE,
    answer="c2",
    choices=(Choice("c1", ("no",), "Q5.gap_thinking"), Choice("c2", ("yes",))),
)


@pytest.mark.parametrize("text", ["3/2", "6/4", "1 1/2", "1½", "1.5", "1,5", "3/2 km", " 1.5 KM "])
def test_equal_values_are_right_however_written(text: str) -> None:
    """The item asks for no form."""
    assert grade(_HALF, text).solved


@pytest.mark.parametrize(
    ("form", "right", "equal_only"),
    [
        (Form.SIMPLEST, ["3/2", "1 1/2"], ["6/4", "1 2/4", "1.5"]),
        (Form.MIXED, ["1 1/2", "1 2/4"], ["3/2", "1.5", "0 3/2"]),
        (Form.IMPROPER, ["3/2", "6/4"], ["1 1/2", "1.5"]),
        (Form.DECIMAL, ["1.5", "1,50"], ["3/2", "1 1/2"]),
    ],
)
def test_form_is_graded_apart_from_the_value(form: Form, right: list[str], equal_only: list[str]) -> None:
    """Equal in the wrong form is correct but not solved, and says so."""
    item = replace(_HALF, form=form, form_misconception="Q4.stops_early")
    for text in right:
        assert grade(item, text).solved, text
    for text in equal_only:
        found = grade(item, text)
        assert (found.correct, found.form_ok, found.misconception) == (True, False, "Q4.stops_early"), text


@pytest.mark.parametrize("text", ["45300", "45 300", "45,300", "45.300", "45\u202f300", "45’300"])
def test_thousands_may_be_marked_where_the_answer_has_some(text: str) -> None:
    """1,234 is a decimal elsewhere."""
    thousands = replace(_HALF, answer=Fraction(45_300))
    assert grade(thousands, text).solved
    assert not grade(replace(_HALF, answer=Fraction(453, 10)), "45 300").readable
    assert grade(replace(_HALF, answer=Fraction(453, 10)), "45,300").solved


def test_typing_the_sum_itself_is_not_an_answer() -> None:
    """7 × 8 equals 56, and still nothing was worked out; it is no wrong try either."""
    fact = _BANK.generate("F7:7x8", 0)
    assert grade(fact, "56").solved
    assert grade(fact, "7×8") == grade(fact, "7×9")
    assert not grade(fact, "7×8").readable


def test_a_known_wrong_value_names_its_misconception_in_any_form() -> None:
    """4/6 and 2/3 are the same slip."""
    assert grade(_HALF, "4/6").misconception == "Q8.tops_and_bottoms"
    assert grade(_HALF, "2/3").misconception == "Q8.tops_and_bottoms"
    assert grade(_HALF, "9").misconception == ""
    assert not grade(_HALF, "9").correct


def test_choices_are_graded_by_id() -> None:
    """And nothing but an id counts."""
    assert grade(_PICK, "c2").solved
    assert grade(_PICK, " c1 ").misconception == "Q5.gap_thinking"
    assert not grade(_PICK, "yes").readable
    assert not grade(_PICK, "").readable


def test_an_unreadable_answer_says_nothing_about_the_student() -> None:
    """It asks again instead."""
    found = grade(_HALF, "three halves")
    assert (found.readable, found.correct, found.solved) == (False, False, False)
    assert "can't read" in found.message


@given(st.sampled_from((_HALF, _PICK)), st.text(max_size=250))
def test_no_response_raises_or_is_told_the_answer(item: Item, response: str) -> None:
    """The message holds no key, whatever came in."""
    found = grade(item, response)
    assert found.message
    assert "3/2" not in found.message
