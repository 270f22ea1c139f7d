"""Who may open which page: every route against every kind of visitor."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from httpx import Client

from client.records.sessions import SessionKind
from local_app.auth import (
    csrf_of,
    genuine_form,
    same_origin_form,
    signed_in_administrator,
    signed_in_staff,
    signed_in_student,
)
from local_app.main import ROUTERS
from tests.support.school_pages import CODE, PASSWORD, SchoolForPages

OPEN_PAGES = {
    *("/", "/staff", "/health", "/language", "/badge/{token}", "/practice/worker.js", "/what-leaves"),
    *("/sign-in/class", "/sign-in/student", "/sign-in/pictures", "/sign-in/badge", "/staff/sign-in"),
}
SIGN_OUTS = {"/sign-out", "/staff/sign-out"}


@pytest.fixture
def visitor(address: str) -> Iterator[Client]:
    """Somebody who hasn't signed in."""
    with Client(base_url=address, trust_env=False) as client:
        yield client


def routes() -> list[APIRoute]:
    """Every page and form."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def rules(route: APIRoute) -> set[object]:
    """The rules that guard a route, also through other rules."""
    found: set[object] = set()
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        found.add(dependant.call)
        waiting += dependant.dependencies
    return found


def become(visitor: Client, who: str, school: SchoolForPages) -> str:
    """Signs in and returns the token for forms."""
    if who == "student":
        visitor.post("/sign-in/student", data={"code": CODE, "student": school.students[0]})
        return csrf_of(visitor.cookies["homeroom_student"])
    name = {"teacher": "Ms Reed", "administrator": "Mr Abe"}[who]
    visitor.post("/staff/sign-in", data={"name": name, "password": PASSWORD})
    return csrf_of(visitor.cookies["homeroom_staff"])


def test_every_route_has_a_rule() -> None:
    """A page that isn't in the short list of open ones asks who is there; every form checks where it came from."""
    guards = {signed_in_student, signed_in_staff, signed_in_administrator}
    assert routes()
    for route in routes():
        if route.path not in OPEN_PAGES | SIGN_OUTS:
            assert rules(route) & guards, route.path
        if "POST" in (route.methods or ()):
            wanted = same_origin_form if route.path in OPEN_PAGES else genuine_form
            assert wanted in rules(route), route.path


def test_a_stranger_is_sent_to_the_sign_in(visitor: Client) -> None:
    """From every page that needs one."""
    for route in routes():
        if "GET" in (route.methods or ()) and route.path not in OPEN_PAGES:
            answer = visitor.get(route.path.replace("{class_id}", "x"))
            assert answer.status_code == 303, route.path
            assert answer.headers["location"] in {"/", "/staff"}, route.path


@pytest.mark.parametrize("who", ["student", "teacher"])
def test_the_administrators_pages_are_closed_to_others(visitor: Client, school: SchoolForPages, who: str) -> None:
    """Students are sent to the staff sign-in, teachers are refused."""
    become(visitor, who, school)
    for path in ("/admin", "/admin/consent", "/admin/statement", "/admin/watch", "/admin/equity"):
        assert visitor.get(path).status_code == (303 if who == "student" else 403)


def test_a_teacher_sees_only_their_own_classes(visitor: Client, school: SchoolForPages) -> None:
    """Another class's page is refused."""
    become(visitor, "teacher", school)
    assert visitor.get(f"/teacher/class/{school.class_id}").status_code == 200
    assert visitor.get("/teacher/class/somebody-elses").status_code == 403


@pytest.mark.parametrize(("who", "path"), [("student", "/practice/hint"), ("administrator", "/admin/consent")])
def test_a_form_without_the_sessions_own_token_is_refused(
    visitor: Client, school: SchoolForPages, who: str, path: str
) -> None:
    """Also one with another session's token, and one that came from another site."""
    token = become(visitor, who, school)
    fields = {"student": school.students[0], "granted": "yes"}
    assert visitor.post(path, data=fields).status_code == 403
    assert visitor.post(path, data=fields | {"csrf": csrf_of("another")}).status_code == 403
    foreign = visitor.post(path, data=fields | {"csrf": token}, headers={"origin": "http://elsewhere.test"})
    assert foreign.status_code == 403


def test_every_page_forbids_what_it_does_not_need(visitor: Client) -> None:
    """No foreign script, camera, microphone, frame or cached page."""
    headers = visitor.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_session_cookie_is_out_of_reach_of_scripts(visitor: Client, school: SchoolForPages) -> None:
    """HttpOnly and SameSite=strict; Secure over https."""
    answer = visitor.post("/sign-in/student", data={"code": CODE, "student": school.students[0]})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert SessionKind.STUDENT in cookie


def test_signing_out_ends_the_session(visitor: Client, school: SchoolForPages) -> None:
    """The old cookie opens nothing."""
    token = become(visitor, "administrator", school)
    kept = visitor.cookies["homeroom_staff"]
    assert visitor.post("/staff/sign-out", data={"csrf": token}).status_code == 303
    visitor.cookies.set("homeroom_staff", kept)
    assert visitor.get("/admin").status_code == 303


def test_an_unknown_page_is_a_page(visitor: Client) -> None:
    """With a way on, and no stack trace."""
    answer = visitor.get("/nowhere")
    assert answer.status_code == 404
    assert "Start page" in answer.text


def test_a_form_far_too_large_is_not_read(visitor: Client) -> None:
    """A form holds an answer or a name; megabytes are refused before they are read."""
    answer = visitor.post("/sign-in/class", data={"code": "x" * 1_000_000})
    assert answer.status_code == 413
