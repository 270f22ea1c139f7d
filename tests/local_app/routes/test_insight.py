"""The administrator looks now, reads what was found, and undoes a step of the monitor."""

from datetime import timedelta

import pytest

from client.insight.drift_watch import KIND
from client.records.insight_checks import InsightCheck, add_check
from client.records.serving import OWN, ServedLadder, load_ladder, save_ladder
from client.records.serving_steps import StepDown, step_down
from client.records.student_groups import set_groups
from local_app.auth import csrf_of
from local_app.world import World
from tests.local_app.test_drift_views import look
from tests.support.asgi_browser import AsgiBrowser
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS
from tests.support.school_pages import PASSWORD, SchoolForPages
from tests.support.stores import NOW, in_reader, in_writer


@pytest.fixture
def abe(visit: AsgiBrowser) -> AsgiBrowser:
    """The administrator, signed in."""
    visit.submit("/staff/sign-in", {"name": "Mr Abe", "password": PASSWORD})
    return visit


def send(abe: AsgiBrowser, path: str) -> str:
    """Where the form leads."""
    answer = abe.submit(path, {"csrf": csrf_of(abe.cookies["homeroom_staff"])})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_look_by_hand_is_shown(abe: AsgiBrowser) -> None:
    """One student's thirty answers are not enough, and the page says how many it takes."""
    assert "Nobody has looked yet" in abe.get("/admin/watch").text
    assert send(abe, "/admin/watch/look") == "/admin/watch?done=looked"
    html = abe.get("/admin/watch?done=looked").text
    assert "Not enough yet" in html
    assert "It takes 10 students and 300 answers" in html
    assert 'role="status"' in html


def test_a_step_is_shown_with_its_reason_and_undone(abe: AsgiBrowser, own_world: World) -> None:
    """On both pages; the trail says who undid it."""
    folder = own_world.folder.releases
    ladder = ServedLadder(OWN, SKILLS, "logistic", random_ladder(SKILLS, network=False), "It was better.")
    step = StepDown("bkt", "The logistic model predicted worse in two looks running.")
    in_writer(own_world.store, lambda c: save_ladder(c, ladder, folder, now=NOW))
    in_writer(own_world.store, lambda c: step_down(c, step, by="drift monitor", now=NOW))
    found = look(1, verdict="worse", sentence=step.reason, dropped_to="bkt", against_bkt=[0.1, 0.05, 0.2]).found
    in_writer(own_world.store, lambda c: add_check(c, InsightCheck(KIND, NOW + timedelta(days=9), found)))
    html = abe.get("/admin/watch").text
    assert step.reason in html
    assert "not by chance" in html
    assert step.reason in abe.get("/admin").text
    assert send(abe, "/admin/watch/step-back") == "/admin/watch?done=stepped-back"
    assert "Let the model before serve again" not in abe.get("/admin/watch").text
    served = in_reader(own_world.store, lambda c: load_ladder(c, folder))
    assert served is not None
    assert served.rung == "logistic"


def test_without_a_step_there_is_nothing_to_undo(abe: AsgiBrowser) -> None:
    """A form of an old page is answered with a sentence."""
    answer = abe.submit("/admin/watch/step-back", {"csrf": csrf_of(abe.cookies["homeroom_staff"])})
    assert answer.status_code == 404
    assert "measured again since" in answer.text


def test_the_fairness_page_says_how_groups_are_entered_and_what_is_missing(
    abe: AsgiBrowser, own_world: World, school: SchoolForPages
) -> None:
    """One student with answers makes no group of ten."""
    assert "import-groups FILE" in abe.get("/admin/equity").text
    labels = {one: {"language at home": "Sami"} for one in school.students}
    store = own_world.store
    in_writer(store, lambda c: set_groups(c, store.vault, labels, by="abe", now=NOW))
    html = abe.get("/admin/equity").text
    assert "By language at home" in html
    assert "it takes two groups of at least 10 students" in html
    assert "Sami" not in html
