"""Sessions: how long an idle one lives, how often it is touched, and whom it lets in."""

from datetime import datetime, timedelta

import pytest

from client.records.sessions import SessionKind, session_of
from client.records.staff import all_staff, set_staff_active
from client.records.students import set_active
from common.clock import StoppedClock
from local_app.auth import COOKIES, TOUCH_EVERY, csrf_of, kind_of_page
from local_app.world import World
from tests.support.asgi_browser import AsgiBrowser
from tests.support.school_pages import CODE, PASSWORD, SchoolForPages
from tests.support.stores import in_reader, in_writer

SECOND = timedelta(seconds=1)
FOREVER = timedelta(days=9)


@pytest.fixture
def student(visit: AsgiBrowser, school: SchoolForPages) -> AsgiBrowser:
    """Ben, signed in."""
    visit.submit("/sign-in/student", {"code": CODE, "student": school.students[1]})
    return visit


@pytest.fixture
def teacher(visit: AsgiBrowser) -> AsgiBrowser:
    """Ms Reed, signed in."""
    visit.submit("/staff/sign-in", {"name": "Ms Reed", "password": PASSWORD})
    return visit


def last_seen(world: World, visitor: AsgiBrowser, kind: SessionKind) -> datetime:
    """What the database says of the visitor's session."""
    token, now = visitor.cookies[COOKIES[kind]], world.clock.now()
    session = in_reader(world.store, lambda c: session_of(c, token, now=now, idle=FOREVER))
    assert session is not None
    return session.last_seen_at


def test_a_students_session_ends_after_ten_idle_minutes(student: AsgiBrowser, clock: StoppedClock) -> None:
    """At the tenth minute it lives; a second later the device asks for the class code."""
    clock.advance(timedelta(minutes=10))
    assert student.get("/practice").status_code == 200
    clock.advance(timedelta(minutes=10) + SECOND)
    sent_away = student.get("/practice")
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/")


def test_a_staff_session_ends_after_fifteen_idle_minutes(teacher: AsgiBrowser, clock: StoppedClock) -> None:
    """And leads to the staff's own sign-in."""
    clock.advance(timedelta(minutes=15) + SECOND)
    sent_away = teacher.get("/teacher")
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/staff")


def test_a_form_sent_after_the_session_has_ended_does_nothing(student: AsgiBrowser, clock: StoppedClock) -> None:
    """Also with the session's own token."""
    token = csrf_of(student.cookies[COOKIES[SessionKind.STUDENT]])
    clock.advance(timedelta(minutes=11))
    assert student.submit("/practice/next", {"csrf": token}).headers["location"] == "/"


def test_a_session_in_use_lives_on(student: AsgiBrowser, clock: StoppedClock) -> None:
    """Half an hour of practice with an answer every nine minutes."""
    for _ in range(4):
        clock.advance(timedelta(minutes=9))
        assert student.get("/practice").status_code == 200


def test_a_session_is_touched_once_a_minute(student: AsgiBrowser, own_world: World, clock: StoppedClock) -> None:
    """So that reading pages doesn't write to the disk each time."""
    began = clock.now()
    for _ in range(3):
        clock.advance(TOUCH_EVERY / 3)
        student.get("/practice")
        assert last_seen(own_world, student, SessionKind.STUDENT) == began
    clock.advance(SECOND)
    student.get("/practice")
    assert last_seen(own_world, student, SessionKind.STUDENT) == clock.now()


def test_a_student_who_left_is_signed_out(student: AsgiBrowser, own_world: World, school: SchoolForPages) -> None:
    """From the next page on, and may come back."""
    for active, status in ((False, 303), (True, 200)):
        in_writer(own_world.store, lambda c, on=active: set_active(c, school.students[1], active=on))  # type: ignore[misc]
        assert student.get("/practice").status_code == status


def test_staff_who_left_are_signed_out(teacher: AsgiBrowser, own_world: World) -> None:
    """Their session is of no use any more."""
    (reed,) = (one for one in in_reader(own_world.store, all_staff) if one.name == "Ms Reed")
    for active, status in ((False, 303), (True, 200)):
        in_writer(own_world.store, lambda c, on=active: set_staff_active(c, reed.id, active=on))  # type: ignore[misc]
        assert teacher.get("/teacher").status_code == status


def test_a_students_session_opens_no_staff_page_under_another_name(student: AsgiBrowser) -> None:
    """The database knows whose session it is, whatever the cookie is called."""
    token = student.cookies[COOKIES[SessionKind.STUDENT]]
    answer = student.get("/teacher", headers={"cookie": f"{COOKIES[SessionKind.STAFF]}={token}"})
    assert answer.headers["location"] == "/staff"


def test_each_sign_in_gets_a_session_of_its_own(visit: AsgiBrowser, school: SchoolForPages) -> None:
    """A cookie that somebody put on the device beforehand is not taken over."""
    visit.cookies.set(COOKIES[SessionKind.STUDENT], "planted", domain="testserver.local")
    tokens = set()
    for _ in range(2):
        answer = visit.submit("/sign-in/student", {"code": CODE, "student": school.students[1]})
        tokens.add(answer.cookies[COOKIES[SessionKind.STUDENT]])
    assert len(tokens - {"planted"}) == 2


def test_a_cookie_over_https_is_secure(visit: AsgiBrowser, school: SchoolForPages) -> None:
    """It never travels in the clear then."""
    answer = visit.submit("/sign-in/student", {"code": CODE, "student": school.students[1]})
    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("token", ["é", "\u0000", "x" * 5000])
def test_a_strange_token_is_refused_and_not_a_failure(student: AsgiBrowser, token: str) -> None:
    """Whatever letters it has."""
    assert student.submit("/practice/hint", {"csrf": token}).status_code == 403


def test_the_forms_token_does_not_tell_the_sessions(student: AsgiBrowser) -> None:
    """It stands in the page, where the session's token must not."""
    token = student.cookies[COOKIES[SessionKind.STUDENT]]
    html = student.get("/practice").text
    assert csrf_of(token) in html
    assert token not in html


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/practice/answer", SessionKind.STUDENT),
        ("/sign-out", SessionKind.STUDENT),
        ("/staff/sign-out", SessionKind.STAFF),
        ("/teacher", SessionKind.STAFF),
        ("/admin/consent", SessionKind.STAFF),
    ],
)
def test_every_path_has_its_kind_of_session(path: str, kind: SessionKind) -> None:
    """Which cookie a form's token is checked against."""
    assert kind_of_page(path) is kind
