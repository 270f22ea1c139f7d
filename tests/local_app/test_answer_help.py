"""The help below an answer field shows what can be read."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from client.content.items import AnswerKind, Form
from local_app.answer_help import FORM_HELP, help_of
from tests.support.practising import BANK, School, school_with_student


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student at a desk."""
    with school_with_student(tmp_path) as opened:
        yield opened


def test_every_form_has_its_help() -> None:
    """An item that asks for a form says how it looks."""
    assert set(FORM_HELP) == set(Form)


@pytest.mark.parametrize("kind", [kind for kind in AnswerKind if kind is not AnswerKind.CHOICE])
def test_the_example_of_how_to_type_an_answer_can_be_read(school: School, kind: AnswerKind) -> None:
    """What stands between "for example" and the full stop, tried as an answer of that kind."""
    form = Form.EXPANDED if kind is AnswerKind.EXPRESSION else Form.ANY
    item = replace(school.offer().item, kind=kind, form=form, letters=("x", "y"), answer=Fraction(1))
    example = str(help_of(item)).split("for example ")[1].split(". ")[0].removesuffix(".")
    assert all(BANK.grade(item, text).readable for text in example.replace(", -3", "").split(" or ")), example
