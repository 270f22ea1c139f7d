"""A teacher looks at the items and takes one out of practice; everybody's next item is another."""

import pytest

from client.insight.item_watch import KIND
from client.records.audit_trail import recent_audit
from client.records.insight_checks import InsightCheck, add_check
from client.records.paused_items import paused_items
from local_app.auth import csrf_of
from local_app.world import World
from tests.local_app.test_item_views import CHECK
from tests.support.asgi_browser import AsgiBrowser
from tests.support.school_pages import PASSWORD
from tests.support.stores import NOW, in_reader, in_writer


@pytest.fixture
def reed(visit: AsgiBrowser) -> AsgiBrowser:
    """The teacher, signed in."""
    visit.submit("/staff/sign-in", {"name": "Ms Reed", "password": PASSWORD})
    return visit


def send(reed: AsgiBrowser, path: str, **form: str) -> str:
    """Where the form leads."""
    answer = reed.submit(path, {"csrf": csrf_of(reed.cookies["homeroom_staff"]), **form})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_check_by_hand(reed: AsgiBrowser) -> None:
    """One student's answers are not enough to speak of any item."""
    assert "Nobody has looked yet" in reed.get("/teacher/items").text
    assert send(reed, "/teacher/items/check") == "/teacher/items?done=checked"
    assert "Not enough yet: no item has answers of 10 students" in reed.get("/teacher/items").text


def test_a_flagged_item_is_paused_and_let_back(reed: AsgiBrowser, own_world: World) -> None:
    """With a line in the trail; the page says by whom."""
    in_writer(own_world.store, lambda c: add_check(c, InsightCheck(KIND, NOW, CHECK.found)))
    assert "probably a wrong key" in reed.get("/teacher/items").text
    for decision, done in (("pause", "paused"), ("resume", "resumed")):
        form = {"item": "Q8.procedure", "decision": decision}
        assert send(reed, "/teacher/items/pause", **form) == f"/teacher/items?done={done}"
        assert in_reader(own_world.store, paused_items) == ({"Q8.procedure"} if decision == "pause" else set())
        (entry,) = in_reader(own_world.store, lambda c: recent_audit(c, count=1))
        assert (entry.action, entry.subject) == (f"item-{done}", "Q8.procedure")
        assert ("Paused by Ms Reed" in reed.get("/teacher/items").text) == (decision == "pause")


def test_an_item_that_no_pack_has_cannot_be_paused(reed: AsgiBrowser) -> None:
    """Nor anything else be decided."""
    form = {"csrf": csrf_of(reed.cookies["homeroom_staff"]), "item": "nothing", "decision": "pause"}
    assert reed.submit("/teacher/items/pause", form).status_code == 404
    assert reed.submit("/teacher/items/pause", {**form, "decision": "perhaps"}).status_code == 400
