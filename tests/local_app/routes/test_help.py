"""Help beside hints through the forms: offered when it may be had, and a reload asks for nothing twice."""

import pytest

from client.practice.reasons import ReasonCode
from client.records.offers import StoredOffer, open_offer, put_offer
from local_app.world import World
from tests.support.asgi_browser import AsgiBrowser
from tests.support.page_forms import answer_form, hidden_fields
from tests.support.school_pages import CODE, SchoolForPages
from tests.support.stores import NOW, in_reader, in_writer

EXPLAIN, SIMPLER, NEEDED = "/practice/explain", "/practice/simpler", "/practice/needed"


class AtItem:
    """A student at an item whose skill needs others."""

    def __init__(self, visitor: AsgiBrowser, world: World, student: str) -> None:
        self.visitor, self.world, self.student = visitor, world, student
        visitor.submit("/sign-in/student", {"code": CODE, "student": student})
        offer = StoredOffer(student, "Q8.procedure", 5, ReasonCode.START, {"skill": "Q8"}, "bkt", NOW)
        in_writer(world.store, lambda c: put_offer(c, offer))

    def page(self) -> str:
        """The practice page."""
        return self.visitor.get("/practice").text

    def tried(self) -> str:
        """The page after a wrong try."""
        return self.visitor.submit("/practice/answer", answer_form(self.page(), right=False)).text

    def open(self) -> StoredOffer:
        """The open item."""
        found = in_reader(self.world.store, lambda c: open_offer(c, self.student))
        assert found is not None
        return found


@pytest.fixture
def at_item(
    visit: AsgiBrowser, own_world: World, school: SchoolForPages, request: pytest.FixtureRequest
) -> AtItem:
    """A student whom no other test of this file uses."""
    tests = sorted(name for name in vars(request.module) if name.startswith("test_"))
    return AtItem(visit, own_world, school.students[1 + tests.index(request.function.__name__)])


def test_before_a_try_only_another_explanation_is_offered(at_item: AtItem) -> None:
    """After it, everything."""
    html = at_item.page()
    assert (EXPLAIN in html, SIMPLER in html, NEEDED in html) == (True, False, False)
    html = at_item.tried()
    assert (EXPLAIN in html, SIMPLER in html, NEEDED in html) == (True, True, True)


@pytest.mark.parametrize("move", [SIMPLER, NEEDED])
def test_a_move_before_a_try_changes_nothing(at_item: AtItem, move: str) -> None:
    """Else easy items could be picked."""
    before = at_item.open()
    at_item.visitor.submit(move, hidden_fields(at_item.page()))
    assert at_item.open() == before


def test_another_explanation_is_shown_once_for_one_form(at_item: AtItem) -> None:
    """The open item stays; the same form again counts no second hint."""
    form = hidden_fields(at_item.page())
    first = at_item.visitor.submit(EXPLAIN, form).text
    assert "Another way to see it." in first
    assert hidden_fields(first)["offer"] == form["offer"]
    again = at_item.visitor.submit(EXPLAIN, form).text
    assert "Another way to see it." not in again
    assert at_item.open().hints_used == 1


def test_what_an_item_needs_comes_instead_of_it(at_item: AtItem) -> None:
    """With its reason; the old form changes nothing more."""
    form = hidden_fields(at_item.tried())
    assert at_item.visitor.submit(NEEDED, form).status_code == 303
    assert at_item.open().reason_code == ReasonCode.NEEDED
    assert "You asked for what" in at_item.page()
    after = at_item.open()
    at_item.visitor.submit(SIMPLER, form)
    assert at_item.open() == after


def test_an_easier_one_comes_instead_of_it(at_item: AtItem) -> None:
    """After a try."""
    at_item.visitor.submit(SIMPLER, hidden_fields(at_item.tried()))
    assert at_item.open().reason_code == ReasonCode.SIMPLER
