"""What a student sees: a welcome, the open item without its key, or what comes between two sets."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.choices import start_set
from client.practice.diagnostic import MOST_ITEMS
from client.practice.help_moves import HelpMoves
from client.practice.offers import start_diagnostic
from client.practice.policy import SET_SIZE
from client.records.display_settings import DisplaySettings
from client.settings import SchoolFolder, Settings
from local_app.pages import load_templates
from local_app.practice_views import (
    LONGEST_LATENCY_MS,
    BetweenView,
    FirstDayView,
    PracticeView,
    Progress,
    View,
    break_is_due,
    latency_ms,
    skill_names,
    view_now,
)
from local_app.world import World
from tests.support.practising import BANK, School, right_response, school_with_student, wrong_response
from tests.support.stores import in_writer


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student at a desk."""
    with school_with_student(tmp_path) as opened:
        yield opened


def now(school: School, folder: Path) -> View:
    """What the student sees."""
    settings = Settings(school="Hill School")
    world = World(SchoolFolder(folder), settings, school.store, school.desk, school.clock, load_templates())
    return in_writer(school.store, lambda c: view_now(c, world, school.student))


def shown(school: School, folder: Path) -> PracticeView:
    """The open item as the page gets it, of a student whose first set has begun."""
    if isinstance(now(school, folder), FirstDayView):
        in_writer(school.store, lambda c: start_set(c, school.desk, school.student))
    view = now(school, folder)
    assert isinstance(view, PracticeView)
    return view


def test_the_page_of_an_item_holds_no_key(school: School, tmp_path: Path) -> None:
    """Neither as a field nor by telling the right choice from the others."""
    names = {field.name for field in fields(shown(school, tmp_path))}
    assert not names & {"answer", "item", "solution", "distractors", "grade"}


def test_the_page_says_what_is_asked_and_how_far_one_is(school: School, tmp_path: Path) -> None:
    """From none of five to four of five."""
    for done in range(SET_SIZE):
        assert shown(school, tmp_path).progress == Progress(done, SET_SIZE)
        if done < SET_SIZE - 1:
            school.answer(right=True)
    view = shown(school, tmp_path)
    assert view.skill_name[0].isupper()
    assert str(view.why).endswith((".", "?"))
    assert str(view.doubt).startswith(view.skill_name)
    assert int(view.shown_at) == int(school.clock.now().timestamp() * 1000)


def test_a_first_day_begins_with_a_welcome_and_ends_with_a_choice(school: School, tmp_path: Path) -> None:
    """Welcome, six to twelve items with their own progress, then what to begin with."""
    assert now(school, tmp_path) == FirstDayView()
    in_writer(school.store, lambda c: start_diagnostic(c, school.desk, school.student))
    asked = 0
    while isinstance(view := now(school, tmp_path), PracticeView):
        assert (view.diagnostic, view.progress) == (True, Progress(asked, MOST_ITEMS, at_most=True))
        assert view.moves == HelpMoves(False, False, False, False)
        school.submit(right_response(school.offer().item))
        asked += 1
    assert isinstance(view, BetweenView)
    assert (view.review, view.after) == (None, asked)
    assert 2 <= len(view.choices) <= 3


def test_after_five_comes_the_page_between_sets_and_then_the_chosen_five(school: School, tmp_path: Path) -> None:
    """The first choice leaves the choosing to the policy; the others name a skill."""
    shown(school, tmp_path)
    for _ in range(SET_SIZE):
        school.answer(right=True)
    view = now(school, tmp_path)
    assert isinstance(view, BetweenView)
    assert view.review is not None
    assert len(view.review.tried) == SET_SIZE
    assert [bool(one.skill) for one in view.choices][:2] == [False, True]
    chosen = view.choices[1].skill
    in_writer(school.store, lambda c: start_set(c, school.desk, school.student, skill=chosen))
    after = shown(school, tmp_path)
    assert after.progress == Progress(0, SET_SIZE)
    assert school.offer().item.skills[0] == chosen


def test_a_wrong_fifth_item_stays_until_it_is_left(school: School, tmp_path: Path) -> None:
    """The set is over after it, not in the middle of it."""
    shown(school, tmp_path)
    for _ in range(SET_SIZE - 1):
        school.answer(right=True)
    school.submit(wrong_response(school.offer().item))
    assert shown(school, tmp_path).progress == Progress(SET_SIZE, SET_SIZE)
    school.move_on()
    assert isinstance(now(school, tmp_path), BetweenView)


def test_who_has_answers_and_no_set_begins_one(school: School, tmp_path: Path) -> None:
    """As after an import of answers."""
    for _ in range(SET_SIZE + 2):
        school.answer(right=True)
    assert shown(school, tmp_path).progress == Progress(0, SET_SIZE)
    school.answer(right=True)
    assert shown(school, tmp_path).progress == Progress(1, SET_SIZE)


@pytest.mark.parametrize(("break_minutes", "due"), [("10", True), ("15", True), ("20", False)])
def test_a_break_is_due_by_the_students_own_minutes(
    school: School, tmp_path: Path, break_minutes: str, due: bool
) -> None:
    """Fifteen minutes of practice without a pause."""
    shown(school, tmp_path)
    for _ in range(SET_SIZE):
        school.answer(right=True)
        school.clock.advance(timedelta(minutes=3))
    view = now(school, tmp_path)
    assert break_is_due(view, DisplaySettings(break_minutes="never")) is False
    assert break_is_due(view, DisplaySettings(break_minutes=break_minutes)) is due


def test_one_may_move_on_after_a_try_only(school: School, tmp_path: Path) -> None:
    """Then the page offers it."""
    assert not shown(school, tmp_path).can_move_on
    school.submit(wrong_response(school.offer().item))
    assert shown(school, tmp_path).can_move_on


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
