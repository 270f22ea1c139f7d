"""The first day through the forms: begin, skip, choose, break; each pressed twice, late, or out of turn."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from client.practice.policy import SET_SIZE
from client.records.interactions import recent
from client.records.practice_sets import chosen_set
from local_app.main import create_app
from local_app.world import World, world_at
from tests.support.asgi_browser import AsgiBrowser
from tests.support.page_forms import answer_form, hidden_fields
from tests.support.school_pages import CODE, SchoolForPages, make_school
from tests.support.stores import in_reader


class FirstDay:
    """One student who has never been here, at a device."""

    def __init__(self, visitor: AsgiBrowser, world: World, student: str) -> None:
        self.visitor, self.world, self.student = visitor, world, student
        visitor.submit("/sign-in/student", {"code": CODE, "student": student})

    def page(self) -> str:
        """The practice page."""
        return self.visitor.get("/practice").text

    def press(self, action: str, **more: str) -> str:
        """The form with this action on the practice page, and the page that follows."""
        fields = hidden_fields(self.page(), action)
        answer = self.visitor.submit(action, {**fields, **more})
        assert (answer.status_code, answer.headers["location"]) == (303, "/practice")
        return self.page()

    def answer(self, html: str, *, right: bool = True) -> str:
        """The page after an answer."""
        return self.visitor.submit("/practice/answer", answer_form(html, right=right)).text

    def count(self) -> int:
        """How many answers are kept."""
        return len(in_reader(self.world.store, lambda c: recent(c, self.student, count=999)))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """Whose students are new."""
    return make_school(tmp_path_factory.mktemp("new") / "hill", first_day=True)


@pytest.fixture
def app(school: SchoolForPages) -> FastAPI:
    """Its pages."""
    return create_app(school.folder)


@pytest.fixture
def day(school: SchoolForPages, app: FastAPI, request: pytest.FixtureRequest) -> Iterator[FirstDay]:
    """A student whom no other test of this file uses; the first one has answers already."""
    tests = sorted(name for name in vars(request.module) if name.startswith("test_"))
    with AsgiBrowser(app) as visitor:
        yield FirstDay(visitor, world_at(app), school.students[1 + tests.index(request.function.__name__)])


def test_a_first_day_from_welcome_to_the_second_set(day: FirstDay) -> None:
    """Every page in its turn; right and wrong are said only once practice has begun."""
    assert "see what you know already" in day.page()
    html = day.press("/practice/begin")
    while 'name="unknown"' in html:
        html = day.answer(html, right=day.count() % 2 == 0)
        assert "Not yet." not in html
        assert "Right." not in html
    assert "Now we know where you can begin" in html
    assert 6 <= day.count() <= 12
    html = day.press("/practice/set", skill="")
    for done in range(SET_SIZE):
        assert f"{done} of 5 done in this set." in html
        html = day.answer(html)
    assert "Set done!" in html
    assert "Right." in html
    assert "Every one was right at the first try" in html
    assert "0 of 5 done in this set." in day.press("/practice/set", skill="")


def test_beginning_twice_begins_once(day: FirstDay) -> None:
    """A second press finds the diagnostic under way."""
    fields = hidden_fields(day.page(), "/practice/begin")
    day.answer(day.press("/practice/begin"))
    day.visitor.submit("/practice/begin", fields)
    assert "1 done, at most 12 in all." in day.page()


def test_skipping_goes_straight_to_the_first_set(day: FirstDay) -> None:
    """From the welcome, and there is no diagnostic from then on."""
    html = day.press("/practice/skip")
    assert "0 of 5 done in this set." in html
    assert "unknown" not in day.answer(html)


def test_what_is_not_known_yet_can_be_said_so(day: FirstDay) -> None:
    """One press, nothing typed, and thank you."""
    form = {**hidden_fields(day.press("/practice/begin")), "unknown": "yes"}
    for _ in range(2):
        html = day.visitor.submit("/practice/answer", form).text
        assert "Thank you." in html
    assert day.count() == 1


def test_the_same_choice_sent_again_begins_no_second_set(day: FirstDay) -> None:
    """Also not after an answer, from a page that was left open."""
    html = day.press("/practice/skip")
    for _ in range(SET_SIZE):
        html = day.answer(html)
    fields = hidden_fields(html, "/practice/set")
    day.visitor.submit("/practice/set", {**fields, "skill": ""})
    begun = in_reader(day.world.store, lambda c: chosen_set(c, day.student))
    day.answer(day.page())
    day.visitor.submit("/practice/set", {**fields, "skill": "Q1"})
    assert in_reader(day.world.store, lambda c: chosen_set(c, day.student)) == begun
    assert "1 of 5 done in this set." in day.page()


def test_a_skill_that_is_not_there_is_refused_in_words(day: FirstDay) -> None:
    """And the choice is still there."""
    html = day.press("/practice/skip")
    for _ in range(SET_SIZE):
        html = day.answer(html)
    fields = {**hidden_fields(html, "/practice/set"), "skill": "no-such-skill"}
    assert day.visitor.submit("/practice/set", fields).status_code == 404
    assert "Set done!" in day.page()


def test_a_break_leads_back(day: FirstDay) -> None:
    """To wherever the student was."""
    assert 'href="/practice"' in day.visitor.get("/practice/break").text
