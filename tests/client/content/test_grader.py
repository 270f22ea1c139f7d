"""Grading: equal is right, form apart, misconceptions recognised, no text raises."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.bank import built_in_bank
from client.content.grader import grade, read_response
from client.content.items import AnswerKind, Choice, Distractor, Form, Item, Remainder
from client.content.key_text import key_text
from client.content.normal_forms import NumberList, half_line, line, point, set_of
from client.content.polynomials import linear

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


@pytest.mark.parametrize(
    ("text", "mark"),
    [("45300", "."), ("45 300", "."), ("45,300", "."), ("45\u202f300", "."), ("45’300", "."), ("45.300", ",")],
)
def test_thousands_may_be_marked_as_the_school_does(text: str, mark: str) -> None:
    """1.234 is a decimal where the point is the decimal mark, since a misplaced point is a mistake to see."""
    assert grade(replace(_HALF, answer=Fraction(45_300)), text, decimal_mark=mark).solved
    other = "," if mark == "." else "."
    assert not grade(replace(_HALF, answer=Fraction(45_300)), "45.300", decimal_mark=".").correct
    assert grade(replace(_HALF, answer=Fraction(453, 10)), f"45{other}30").solved


_X = replace(_HALF, letters=("x",), units=())
_KINDS = {
    "3x + 6": replace(_X, kind=AnswerKind.EXPRESSION, answer=linear("x", 3, 6), form=Form.EXPANDED),
    "y = 2x": replace(_X, kind=AnswerKind.EQUATION, answer=line(2, 0), letters=("x", "y"), form=Form.SOLVED),
    "x < 3": replace(_X, kind=AnswerKind.INEQUALITY, answer=half_line("x", "<", 3), form=Form.SOLVED),
    "(2, -1)": replace(_X, kind=AnswerKind.POINT, answer=point(2, -1)),
    "1, 3, 2": replace(_X, kind=AnswerKind.LIST, answer=NumberList((Fraction(1), Fraction(3), Fraction(2)))),
    "{3, 1}": replace(_X, kind=AnswerKind.SET, answer=set_of(1, 3)),
    "7 r 2": replace(_X, kind=AnswerKind.REMAINDER, answer=Remainder(7, 2)),
}


@pytest.mark.parametrize("text", _KINDS)
def test_every_kind_of_answer_is_graded(text: str) -> None:
    """Right, equal in another form, wrong, or unreadable with a sentence of its own."""
    item = _KINDS[text]
    assert grade(item, text).solved
    assert grade(item, key_text(item)).solved
    nonsense = grade(item, "what?")
    assert not nonsense.readable
    assert nonsense.message != grade(_HALF, "what?").message


def test_an_equal_expression_in_another_form_is_not_solved() -> None:
    """As with fractions."""
    factored = grade(_KINDS["3x + 6"], "3(x+2)")
    assert (factored.correct, factored.form_ok) == (True, False)
    assert not grade(_KINDS["x < 3"], "2x < 6").solved
    assert not grade(_KINDS["(2, -1)"], "(1+1, -1)").readable


@given(st.sampled_from(list(_KINDS.values())), st.text(max_size=40), st.text(max_size=40))
def test_equality_is_symmetric(item: Item, first: str, second: str) -> None:
    """If the first response is right for the second as a key, the second is right for the first."""
    one, other = read_response(item, first), read_response(item, second)
    if one is None or other is None or item.kind is AnswerKind.REMAINDER:
        return
    keyed = [replace(item, answer=found.value, form=Form.ANY) for found in (one, other)]
    assert grade(keyed[0], second).correct == grade(keyed[1], first).correct


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
