"""Feedback fits the try, in words that are in the catalogues."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.content.items import Form, Item
from client.practice.offers import start_diagnostic
from client.practice.submit_answer import Outcome
from local_app.feedback import Feedback, after_answer, moved_on, not_open
from tests.support.practising import BANK, School, right_response, school_with_student, wrong_response
from tests.support.stores import in_writer


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student at a desk."""
    with school_with_student(tmp_path) as opened:
        yield opened


def outcome_of(school: School, item: Item, response: str) -> Outcome:
    """What becomes of a response to some item, as if it were the open one."""
    return Outcome(BANK.grade(item, response), item, True, school.offer())


def sentence(said: Feedback) -> str:
    """All of it, in English."""
    return " ".join(map(str, said.sentences))


def test_right_is_said_in_one_word(school: School) -> None:
    """The style is that of good news."""
    said = after_answer(school.answer(right=True), BANK)
    assert (said.kind, said.title, sentence(said)) == ("good", "Right.", "Yes, that's right.")


def test_a_new_skill_is_named(school: School) -> None:
    """What was mastered by this answer, in the words of the bank."""
    outcome = replace(school.answer(right=True), newly_mastered=("Q1", "no-such-skill"))
    skill = BANK.skill("Q1")
    assert skill is not None
    assert sentence(after_answer(outcome, BANK)).endswith(f"You now have {skill.name}, no-such-skill.")


def test_a_wrong_answer_is_not_yet(school: School) -> None:
    """Once, not twice in a row."""
    item = school.offer().item
    said = after_answer(outcome_of(school, item, wrong_response(item)), BANK)
    assert (said.kind, said.title) == ("warn", "Not yet.")
    assert "Not yet" not in sentence(said)


def test_an_equal_answer_in_another_form_is_almost(school: School) -> None:
    """Of a family that asks for the simplest form: twice its top over twice its bottom."""
    item = next(i for i in (BANK.generate("Q4.procedure", seed) for seed in range(9)) if i.form is Form.SIMPLEST)
    top, _, bottom = right_response(item).partition("/")
    said = after_answer(outcome_of(school, item, f"{2 * int(top)}/{2 * int(bottom or 1)}"), BANK)
    assert (said.kind, said.title) == ("warn", "Almost.")
    assert sentence(said)


def test_what_cannot_be_read_is_no_mistake(school: School) -> None:
    """The note is neutral, and nothing is called wrong."""
    said = after_answer(outcome_of(school, school.offer().item, "???"), BANK)
    assert (said.kind, said.title) == ("info", "Just a moment.")


def test_leaving_an_item_shows_how_it_goes(school: School) -> None:
    """Every step, and it isn't news of the try."""
    item = school.offer().item
    said = moved_on(item)
    assert (said.kind, said.steps) == ("info", item.solution)


def test_an_answer_that_came_too_late_is_told_why() -> None:
    """And what to do."""
    assert sentence(not_open()) == "This item is no longer open. Go on with the one that is shown now."


@pytest.mark.parametrize("right", [True, False])
def test_in_a_diagnostic_neither_right_nor_wrong_is_said(school: School, right: bool) -> None:
    """Thank you, whatever it was."""
    offer = in_writer(school.store, lambda c: start_diagnostic(c, school.desk, school.student))
    outcome = school.submit(right_response(offer.item) if right else wrong_response(offer.item))
    assert after_answer(outcome, BANK) == Feedback("info", "Thank you.")
