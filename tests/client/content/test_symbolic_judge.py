"""Expressions that the exact grader can't compare: a process that can, in time, and is killed when it isn't."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from client.content import algebraic
from client.content.grader import grade, grade_by_verdict
from client.content.items import AnswerKind, Form, Item
from client.content.symbolic_judge import SymbolicJudge
from client.content.symbolic_question import symbolic_question
from tests.support.practising import BANK

X, ONE = ["letter", "x"], ["number", 1, 1]
LATE = "print('ready', flush=True); input(); import time; time.sleep(60)"
GARBAGE = "print('ready', flush=True)\nwhile True: input(); print('perhaps', flush=True)"


@pytest.fixture(scope="module")
def judge() -> Iterator[SymbolicJudge]:
    """With room for a busy machine."""
    made = SymbolicJudge(seconds=30.0)
    yield made
    made.close()


def _item(form: Form = Form.ANY) -> Item:
    """Whose key is x + 1."""
    key = algebraic.add(algebraic.letter("x"), algebraic.number(Fraction(1)))
    item = BANK.generate("E1.procedure", 1)
    return replace(item, kind=AnswerKind.ALGEBRAIC, answer=key, form=form, letters=("x", "y"), units=())


@pytest.mark.parametrize(
    ("response", "equal"),
    [
        ("√(x^2 + 2x + 1)", True),
        ("y = √((x + 1)^2)", True),
        ("3 + √(x^2 + 2x + 1) - 3", True),
        ("√(x^2 + 1)", False),
        ("√(3 - 5x - 100)", False),
    ],
)
def test_roots_of_sums_are_compared(judge: SymbolicJudge, response: str, equal: bool) -> None:
    """With letters for positive numbers, as everywhere; the key is x + 1. The exact grader can't read them."""
    question = symbolic_question(_item(), response)
    assert question is not None
    assert not grade(_item(), response).readable
    assert judge.equal(question) is equal


@pytest.mark.parametrize("response", ["x + 1", "x + x + 1", "", "√(", "import os", "x" * 300, "√(2)^^3"])
def test_what_the_exact_grader_can_tell_is_not_asked(response: str) -> None:
    """Nor what is no mathematics."""
    assert symbolic_question(_item(), response) is None


def test_an_equal_answer_is_right_unless_a_form_is_asked_for() -> None:
    """A root of a sum that can be taken isn't in simplest form."""
    assert grade_by_verdict(_item(), equal=True).solved
    assert not grade_by_verdict(_item(), equal=False).correct
    simplest = grade_by_verdict(_item(Form.SIMPLEST), equal=True)
    assert (simplest.correct, simplest.form_ok) == (True, False)


@pytest.mark.parametrize("script", [LATE, GARBAGE, "raise SystemExit(1)", "print('ready'); raise SystemExit(1)"])
def test_a_process_that_does_not_answer_in_time_tells_nothing(script: str) -> None:
    """And is over: the next question gets a new one."""
    judge = SymbolicJudge(command=(sys.executable, "-c", script), seconds=0.5)
    try:
        assert [judge.equal({"said": X, "key": X}) for _ in range(2)] == [None, None]
    finally:
        judge.close()


def test_a_question_beyond_its_means_tells_nothing_and_the_next_is_answered() -> None:
    """A power of a power of a sum would fill memory; the process is killed, and a new one works."""
    huge = ["power", ["power", ["sum", X, ["root", ["sum", X, ONE]]], 64], 64]
    judge = SymbolicJudge(seconds=3.0)
    try:
        assert judge.equal({"said": ["sum", huge, huge], "key": ["product", huge, ["letter", "y"]]}) is not True
    finally:
        judge.close()


def test_nothing_but_the_list_of_kinds_is_built(judge: SymbolicJudge) -> None:
    """A kind that isn't there ends the process, and nothing is said."""
    assert judge.equal({"said": ["eval", "__import__('os')"], "key": X}) is None
    assert judge.equal({"said": X, "key": X}) is True
