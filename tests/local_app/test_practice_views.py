"""What a student reads: the open item without its key, and feedback that fits the try."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.items import AnswerKind, Form, Item
from client.practice.submit_answer import Outcome
from client.settings import SchoolFolder, Settings
from local_app.pages import load_templates
from local_app.practice_views import (
    FORM_HELP,
    LONGEST_LATENCY_MS,
    SET_SIZE,
    PracticeView,
    after_answer,
    help_of,
    latency_ms,
    moved_on,
    not_open,
    skill_names,
    view_of,
)
from local_app.world import World
from tests.support.practising import BANK, School, right_response, school_with_student, wrong_response
from tests.support.stores import in_writer


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student at a desk."""
    with school_with_student(tmp_path) as opened:
        yield opened


def shown(school: School, folder: Path) -> PracticeView:
    """The open item as the page gets it."""
    settings = Settings(school="Hill School")
    world = World(SchoolFolder(folder), settings, school.store, school.desk, school.clock, load_templates())
    offer = school.offer()
    return in_writer(school.store, lambda c: view_of(c, world, offer, student=school.student))


def outcome_of(school: School, item: Item, response: str) -> Outcome:
    """What becomes of a response to some item, as if it were the open one."""
    return Outcome(BANK.grade(item, response), item, True, school.offer())


def test_the_page_of_an_item_holds_no_key(school: School, tmp_path: Path) -> None:
    """Neither as a field nor by telling the right choice from the others."""
    names = {field.name for field in fields(shown(school, tmp_path))}
    assert not names & {"answer", "item", "solution", "distractors", "grade"}


def test_the_page_says_what_is_asked_and_how_far_one_is(school: School, tmp_path: Path) -> None:
    """Five make a set; after the fifth a new one begins."""
    seen = []
    for _ in range(SET_SIZE + 1):
        seen.append(shown(school, tmp_path).done_in_set)
        school.answer(right=True)
    assert seen == [0, 1, 2, 3, 4, 0]
    view = shown(school, tmp_path)
    assert view.skill_name[0].isupper()
    assert view.reason.endswith(".")
    assert int(view.shown_at) == int(school.clock.now().timestamp() * 1000)


def test_one_may_move_on_after_a_try_only(school: School, tmp_path: Path) -> None:
    """Then the page offers it."""
    assert not shown(school, tmp_path).can_move_on
    school.submit(wrong_response(school.offer().item))
    assert shown(school, tmp_path).can_move_on


def test_right_is_said_in_one_word(school: School) -> None:
    """The style is that of good news."""
    said = after_answer(school.answer(right=True), BANK)
    assert (said.kind, said.title, said.sentence) == ("good", "Right.", "Yes, that's right.")


def test_a_new_skill_is_named(school: School) -> None:
    """What was mastered by this answer, in the words of the bank."""
    outcome = replace(school.answer(right=True), newly_mastered=("Q1", "no-such-skill"))
    skill = BANK.skill("Q1")
    assert skill is not None
    assert after_answer(outcome, BANK).sentence.endswith(f"You now have {skill.name}, no-such-skill.")


def test_a_wrong_answer_is_not_yet(school: School) -> None:
    """Once, not twice in a row."""
    item = school.offer().item
    said = after_answer(outcome_of(school, item, wrong_response(item)), BANK)
    assert (said.kind, said.title) == ("warn", "Not yet.")
    assert "Not yet" not in said.sentence


def test_an_equal_answer_in_another_form_is_almost(school: School) -> None:
    """Of a family that asks for the simplest form: twice its top over twice its bottom."""
    item = next(i for i in (BANK.generate("Q4.procedure", seed) for seed in range(9)) if i.form is Form.SIMPLEST)
    top, _, bottom = right_response(item).partition("/")
    said = after_answer(outcome_of(school, item, f"{2 * int(top)}/{2 * int(bottom or 1)}"), BANK)
    assert (said.kind, said.title) == ("warn", "Almost.")
    assert said.sentence


def test_what_cannot_be_read_is_no_mistake(school: School) -> None:
    """The note is neutral, and nothing is called wrong."""
    said = after_answer(outcome_of(school, school.offer().item, "???"), BANK)
    assert (said.kind, said.title) == ("info", "Just a moment.")


def test_leaving_an_item_shows_how_it_goes(school: School) -> None:
    """Every step, and it isn't news of the try."""
    item = school.offer().item
    said = moved_on(item)
    assert (said.kind, said.solution) == ("info", item.solution)


def test_an_answer_that_came_too_late_is_told_why() -> None:
    """With the reason that practice gives."""
    assert not_open("It is closed.").sentence == "It is closed."


def test_every_form_has_its_help() -> None:
    """An item that asks for a form says how it looks."""
    assert set(FORM_HELP) == set(Form)


@pytest.mark.parametrize("kind", [kind for kind in AnswerKind if kind is not AnswerKind.CHOICE])
def test_the_example_of_how_to_type_an_answer_can_be_read(school: School, kind: AnswerKind) -> None:
    """What stands between "for example" and the full stop, tried as an answer of that kind."""
    form = Form.EXPANDED if kind is AnswerKind.EXPRESSION else Form.ANY
    item = replace(school.offer().item, kind=kind, form=form, letters=("x", "y"), answer=Fraction(1))
    example = help_of(item).split("for example ")[1].split(". ")[0].removesuffix(".")
    assert all(BANK.grade(item, text).readable for text in example.replace(", -3", "").split(" or ")), example


def test_a_heading_names_every_skill_of_an_item(school: School) -> None:
    """Two skills are joined; one that no pack knows keeps its id."""
    item = replace(school.offer().item, skills=("Q1", "elsewhere"))
    skill = BANK.skill("Q1")
    assert skill is not None
    assert skill_names(item, BANK) == f"{skill.name[0].upper()}{skill.name[1:]} and elsewhere"


NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milliseconds_ago", "expected"),
    [(0, 0), (8_200, 8_200), (LONGEST_LATENCY_MS, LONGEST_LATENCY_MS), (LONGEST_LATENCY_MS + 1, None), (-1, None)],
)
def test_the_time_taken_is_believed_up_to_an_hour(milliseconds_ago: int, expected: int | None) -> None:
    """A page left open overnight, or from the future, says nothing about the student."""
    assert latency_ms(str(int(NOW.timestamp() * 1000) - milliseconds_ago), NOW) == expected


@given(st.text(max_size=20))
def test_whatever_a_device_sends_as_time_is_read_or_left_out(text: str) -> None:
    """It never fails, and never gives a time outside the hour."""
    read = latency_ms(text, NOW)
    assert read is None or 0 <= read <= LONGEST_LATENCY_MS
