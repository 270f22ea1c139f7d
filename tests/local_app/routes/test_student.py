"""The practice forms: sent twice, late, from another tab, or by somebody else."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from client.content.items import plain_text
from client.records.interactions import recent
from client.records.offers import StoredOffer, open_offer
from common.clock import StoppedClock
from local_app.world import World
from tests.support.asgi_browser import AsgiBrowser
from tests.support.page_forms import answer_form, hidden_fields, item_of
from tests.support.school_pages import CODE, SchoolForPages
from tests.support.stores import in_reader

ANSWER, HINT, NEXT = "/practice/answer", "/practice/hint", "/practice/next"


class Desk:
    """One student at a device, and what the database holds about them."""

    def __init__(self, visitor: AsgiBrowser, world: World, student: str) -> None:
        self.visitor, self.world, self.student = visitor, world, student
        visitor.submit("/sign-in/student", {"code": CODE, "student": student})

    def page(self) -> str:
        """The practice page."""
        return self.visitor.get("/practice").text

    def send(self, path: str, form: dict[str, str]) -> str:
        """The page that follows."""
        answer = self.visitor.submit(path, form)
        assert answer.status_code == 200
        return answer.text

    def count(self) -> int:
        """How many answers are kept."""
        return len(in_reader(self.world.store, lambda c: recent(c, self.student, count=999)))

    def open(self) -> StoredOffer:
        """The open item."""
        found = in_reader(self.world.store, lambda c: open_offer(c, self.student))
        assert found is not None
        return found


@pytest.fixture
def desk(visit: AsgiBrowser, own_world: World, school: SchoolForPages, request: pytest.FixtureRequest) -> Desk:
    """A student whom no other test of this file uses."""
    tests = sorted(name for name in vars(request.module) if name.startswith("test_"))
    return Desk(visit, own_world, school.students[tests.index(request.function.__name__)])


def test_the_same_answer_sent_again_counts_once_and_says_the_same(desk: Desk) -> None:
    """As a reload of the page does, or a device that heard no reply."""
    form = answer_form(desk.page())
    before, first = desk.count(), desk.send(ANSWER, form)
    again = desk.send(ANSWER, form)
    assert desk.count() == before + 1
    for html in (first, again):
        assert "<strong>Right.</strong>" in html
    assert hidden_fields(first)["offer"] == hidden_fields(again)["offer"] != form["offer"]


def test_an_answer_to_an_item_of_long_ago_shows_what_is_open_now(desk: Desk) -> None:
    """A second tab of the same student is no error, and counts for nothing."""
    old = answer_form(desk.page())
    for _ in range(2):
        desk.send(ANSWER, answer_form(desk.page()))
    before = desk.count()
    html = desk.send(ANSWER, {**old, "answer_id": uuid4().hex})
    assert "This item is no longer open." in html
    assert desk.count() == before
    assert hidden_fields(html)["offer"] == hidden_fields(desk.page())["offer"]


def test_the_same_hint_form_again_reveals_one_rung_only(desk: Desk) -> None:
    """A reload costs no hint."""
    form = hidden_fields(desk.page())
    for _ in range(2):
        html = desk.send(HINT, form)
        assert (html.count("<strong>Hint "), desk.open().hints_used) == (1, 1)
    html = desk.send(HINT, hidden_fields(html))
    assert (html.count("<strong>Hint "), desk.open().hints_used) == (2, 2)


def test_a_hint_for_an_item_that_is_gone_reveals_nothing(desk: Desk) -> None:
    """It would make the next item an assisted one, unseen."""
    old = hidden_fields(desk.page())
    desk.send(ANSWER, answer_form(desk.page()))
    assert "<strong>Hint " not in desk.send(HINT, old)
    assert desk.open().hints_used == 0


def test_next_one_is_for_items_that_were_tried_and_a_reload_skips_none(desk: Desk) -> None:
    """Untried, the item stays; tried, it goes once."""
    first = desk.page()
    assert hidden_fields(desk.send(NEXT, hidden_fields(first)))["offer"] == hidden_fields(first)["offer"]
    tried = desk.send(ANSWER, answer_form(first, right=False))
    left = desk.send(NEXT, hidden_fields(tried))
    again = desk.send(NEXT, hidden_fields(tried))
    assert hidden_fields(left)["offer"] == hidden_fields(again)["offer"] != hidden_fields(first)["offer"]


def test_a_page_of_practice_does_not_hold_the_worked_solution(desk: Desk) -> None:
    """Before the item is left, neither the last step nor anything else of it is sent."""
    html = desk.send(ANSWER, answer_form(desk.page(), right=False))
    for line in item_of(hidden_fields(html)["offer"]).solution:
        assert plain_text(line) not in re.sub(r"<[^>]+>", "", html)


def test_the_time_taken_is_kept_with_the_answer(desk: Desk, clock: StoppedClock) -> None:
    """Between showing the page and receiving the form."""
    form = answer_form(desk.page())
    clock.advance(timedelta(seconds=7))
    desk.send(ANSWER, form)
    (newest, *_) = in_reader(desk.world.store, lambda c: recent(c, desk.student, count=1))
    assert newest.latency_ms == 7_000
    assert newest.at_seconds == clock.now().timestamp()


@pytest.mark.parametrize("answer_id", ["", "x" * 32, "a" * 31])
def test_an_answer_without_a_number_of_its_own_is_not_taken(desk: Desk, answer_id: str) -> None:
    """Without one a repeat couldn't be told from a second try."""
    form = {**answer_form(desk.page()), "answer_id": answer_id}
    before = desk.count()
    assert desk.visitor.submit(ANSWER, form).status_code == 400
    assert desk.count() == before


def test_nobody_can_answer_under_anothers_number(desk: Desk, school: SchoolForPages) -> None:
    """The number belongs to the student who used it first."""
    taken = answer_form(desk.page())
    desk.send(ANSWER, taken)
    other = Desk(desk.visitor, desk.world, school.students[-1])
    form = {**answer_form(other.page()), "answer_id": taken["answer_id"]}
    before = other.count()
    assert other.visitor.submit(ANSWER, form).status_code == 400
    assert other.count() == before
