"""The console: nothing without a sign-in, no form from elsewhere, and words for every state."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from common.body_limit import BodyLimit
from common.invitation import parse_invitation
from common.refusals import RefusalCode
from server.app import create_app
from server.campaign import run_campaign
from server.campaign_records import find_campaign
from server.console.headers import POLICY, SecurityHeaders
from server.console.pages import Pages
from server.console.routes import console_routers
from server.console.sign_in import COOKIE, SIGN_IN
from server.coordinator import Coordinator
from server.gate import Upstream
from server.operators import add_operator
from server.registry import list_releases
from server.schools import find_school
from tests.support.asgi_browser import ADDRESS, AsgiBrowser
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools
from tests.support.memory_transport import MemoryTransport, SteppedTime

PASSWORD = "a long enough sentence"


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """Three enrolled schools and an operator, Ada."""
    made = new_coordinator(tmp_path)
    enrol_schools(made, three_schools(made))
    add_operator(made, "Ada", PASSWORD)
    yield made
    made.close()


@pytest.fixture
def browser(coordinator: Coordinator) -> Iterator[AsgiBrowser]:
    """Not signed in."""
    nowhere = Upstream(lambda: "127.0.0.1:1", httpx.AsyncClient)
    with AsgiBrowser(create_app(coordinator, upstream=nowhere, on_enrol=lambda _: None)) as opened:
        yield opened


@pytest.fixture
def ada(browser: AsgiBrowser) -> AsgiBrowser:
    """Signed in."""
    answer = browser.submit(SIGN_IN, {"operator": "Ada", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return browser


def _csrf(browser: AsgiBrowser) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', browser.get("/schools").text)
    assert found is not None
    return found.group(1)


def _routes(coordinator: Coordinator) -> list[tuple[str, str]]:
    routers = console_routers(coordinator, Pages(coordinator))
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    found = [(method, route.path) for route in routes for method in route.methods or ()]
    return sorted({(method, path.replace("{digest}", "a" * 64)) for method, path in found})


def test_every_page_and_form_needs_a_sign_in(coordinator: Coordinator, browser: AsgiBrowser) -> None:
    """Generated from the routes themselves: each leads to the sign-in page, with and without a wrong cookie."""
    routes = _routes(coordinator)
    assert len(routes) == 9
    for cookie in ({}, {"cookie": f"{COOKIE}={'0' * 64}"}):
        for method, path in routes:
            answer = browser.request(method, path, headers={"origin": ADDRESS, **cookie})
            assert (answer.status_code, answer.headers["location"]) == (303, SIGN_IN), f"{method} {path}"
    assert browser.submit("/sign-out", {}).headers["location"] == SIGN_IN


def test_every_form_needs_the_session_s_own_token(coordinator: Coordinator, ada: AsgiBrowser) -> None:
    """Without it, with another one, or from another site: 403, and nothing happens."""
    token = _csrf(ada)
    forms = [path for method, path in _routes(coordinator) if method == "POST"] + ["/sign-out"]
    assert len(forms) == 6
    for path in forms:
        form = {"school": "east", "reason": "because"}
        assert ada.submit(path, form).status_code == 403, path
        assert ada.submit(path, {**form, "csrf": "0" * 64}).status_code == 403, path
        right = {**form, "csrf": token}
        elsewhere = {"origin": "https://elsewhere.example"}
        assert ada.post(path, data=right, headers=elsewhere).status_code == 403, path
        assert ada.post(path, data=right, headers={"sec-fetch-site": "cross-site"}).status_code == 403, path
    with coordinator.store.read() as connection:
        assert find_school(connection, "east") is not None
    assert ada.get("/").status_code == 200


def test_the_cookie_is_safe(browser: AsgiBrowser) -> None:
    """For this host alone, over TLS alone, out of reach of scripts, never sent by another site."""
    answer = browser.submit(SIGN_IN, {"operator": "Ada", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    for attribute in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute in cookie


def test_signing_out_ends_the_session(ada: AsgiBrowser) -> None:
    """Also for whoever kept the cookie."""
    kept = ada.cookies[COOKIE]
    assert ada.submit("/sign-out", {"csrf": _csrf(ada)}).status_code == 303
    answer = ada.get("/", headers={"cookie": f"{COOKIE}={kept}"})
    assert answer.headers["location"] == SIGN_IN


def test_a_wrong_password_shows_the_form_again(browser: AsgiBrowser) -> None:
    """With a sentence, and no cookie."""
    answer = browser.submit(SIGN_IN, {"operator": "Ada", "password": "wrong"})
    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text
    assert "set-cookie" not in answer.headers


def test_signing_in_from_another_site_is_refused(browser: AsgiBrowser) -> None:
    """Nobody can be signed in to somebody else's account unawares."""
    form = {"operator": "Ada", "password": PASSWORD}
    answer = browser.post(SIGN_IN, data=form, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert COOKIE not in answer.headers.get("set-cookie", "")


def test_a_school_is_invited_and_revoked(coordinator: Coordinator, ada: AsgiBrowser) -> None:
    """The invitation comes as a file."""
    answer = ada.submit("/schools/invite", {"csrf": _csrf(ada), "school": "Birch / North"})
    assert answer.status_code == 400
    answer = ada.submit("/schools/invite", {"csrf": _csrf(ada), "school": "Birch North"})
    assert answer.headers["content-disposition"] == 'attachment; filename="invitation-Birch-North.json"'
    assert parse_invitation(answer.content).school == "Birch North"
    assert ada.submit("/schools/revoke", {"csrf": _csrf(ada), "school": "east"}).status_code == 303
    assert "Revoked 2026-09-01" in ada.get("/schools").text


def test_a_campaign_is_started_and_stopped_by_a_button(coordinator: Coordinator, ada: AsgiBrowser) -> None:
    """Drafted, waiting, and back."""
    plan = add_test_campaign(coordinator, three_schools(coordinator), wanted=False)
    page = ada.get(f"/campaigns/{plan.digest}").text
    assert "Drafted: schools can read and approve the plan" in page
    assert "Start this campaign" in page
    started = ada.submit(f"/campaigns/{plan.digest}/start", {"csrf": _csrf(ada)})
    assert started.headers["location"] == f"/campaigns/{plan.digest}"
    assert "Waiting to be started by this server" in ada.get(f"/campaigns/{plan.digest}").text
    ada.submit(f"/campaigns/{plan.digest}/stop", {"csrf": _csrf(ada)})
    with coordinator.store.read() as connection:
        assert not find_campaign(connection, plan.digest).wanted


def test_progress_has_a_bar_per_round_and_words_per_school(coordinator: Coordinator, ada: AsgiBrowser) -> None:
    """North refuses; two of three updates came in every round."""
    schools = three_schools(coordinator)
    schools["north"].refusal = RefusalCode.PLAN_NOT_APPROVED
    plan = add_test_campaign(coordinator, schools)
    run_campaign(MemoryTransport(dict(schools)), coordinator, plan.digest, pace=SteppedTime().pace())
    page = ada.get(f"/campaigns/{plan.digest}").text
    assert len(re.findall(r'<progress id="round-\d" value="2" max="3">', page)) == 3
    assert '<progress id="all-rounds" value="3" max="3">' in page
    assert "north refused: its administrator hasn&#39;t approved the plan yet." in page
    assert "east sent its update." in page
    assert "Finished: the model is released" in page
    assert f"{plan.epsilon:.2f}" in page
    assert "Rounds done: 3 of 3" in ada.get("/").text


def test_a_release_is_shown_and_withdrawn(coordinator: Coordinator, ada: AsgiBrowser) -> None:
    """With a reason, in the journal."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, rounds=1)
    run_campaign(MemoryTransport(dict(schools)), coordinator, plan.digest, pace=SteppedTime().pace())
    with coordinator.store.read() as connection:
        (release,) = list_releases(connection)
    assert release.digest in ada.get("/releases").text
    form = {"csrf": _csrf(ada), "reason": "too weak"}
    assert ada.submit(f"/releases/{release.digest}/withdraw", form).status_code == 303
    assert "Withdrawn" in ada.get("/releases").text
    assert "too weak" in ada.get(f"/campaigns/{plan.digest}").text


def test_an_unknown_campaign_is_a_page_with_a_sentence(ada: AsgiBrowser) -> None:
    """404 in words."""
    answer = ada.get("/campaigns/" + "a" * 64)
    assert answer.status_code == 404
    assert "There is no campaign" in answer.text


def test_what_operators_type_never_becomes_markup(coordinator: Coordinator, ada: AsgiBrowser) -> None:
    """Templates escape everything."""
    answer = ada.submit("/schools/revoke", {"csrf": _csrf(ada), "school": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


class Outline(HTMLParser):
    """What a page loads, and whether its controls have names."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[str] = []
        self.inline: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collects addresses, labels and anything inline."""
        found = {name: value or "" for name, value in attributes}
        self.loaded += [found[name] for name in ("src", "href", "action") if name in found]
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)
        if tag == "label":
            self.labels.add(found["for"])
        if tag in {"input", "progress"} and found.get("type") != "hidden":
            self.controls.append(found["id"])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)


@pytest.fixture
def pages(coordinator: Coordinator, ada: AsgiBrowser) -> dict[str, httpx.Response]:
    """Every page, with something on each."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, rounds=1)
    run_campaign(MemoryTransport(dict(schools)), coordinator, plan.digest, pace=SteppedTime().pace())
    paths = [SIGN_IN, "/", "/schools", f"/campaigns/{plan.digest}", "/releases", "/nowhere"]
    return {path: ada.get(path) for path in paths}


def test_pages_load_nothing_from_elsewhere(pages: dict[str, httpx.Response], ada: AsgiBrowser) -> None:
    """Own files only, nothing inline, and the policy that enforces it."""
    for path, page in pages.items():
        outline = Outline()
        outline.feed(page.text)
        assert all(re.match(r"[/#](?!/)", address) for address in outline.loaded), path
        assert outline.inline == [], path
        assert page.headers["content-security-policy"] == POLICY
        assert page.headers["cache-control"] == "no-store"
    for name in ("console.css", "progress.js", "icon.svg"):
        file = ada.get(f"/static/{name}")
        assert file.status_code == 200
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", file.text)


def test_pages_have_names_for_controls_and_headings_in_order(pages: dict[str, httpx.Response]) -> None:
    """A label for every control, one h1, no level skipped, a language and a title."""
    for path, page in pages.items():
        outline = Outline()
        outline.feed(page.text)
        assert set(outline.controls) <= outline.labels, path
        assert outline.headings.count("h1") == 1, path
        levels = [int(heading[1]) for heading in outline.headings]
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert '<html lang="en">' in page.text
        assert re.search(r"<title>\S.* - Valley schools</title>", page.text), path


def _contrast(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_have_enough_contrast(ada: AsgiBrowser) -> None:
    """At least 4.5 to 1 for every text colour on every ground (WCAG 2.2, 1.4.3)."""
    css = ada.get("/static/console.css").text
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", css))
    for text in ("ink", "soft", "accent", "bad"):
        for ground in ("paper", "card", "accent-soft", "bad-soft"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert _contrast("#ffffff", colours["accent"]) >= 4.5


def test_the_application_is_wrapped_in_headers_and_limits(coordinator: Coordinator) -> None:
    """Headers outermost, so that refusals carry them too."""
    nowhere = Upstream(lambda: "127.0.0.1:1", httpx.AsyncClient)
    app = create_app(coordinator, upstream=nowhere, on_enrol=lambda _: None)
    assert isinstance(app, SecurityHeaders)
    assert isinstance(app.app, BodyLimit)


def test_errors_for_schools_stay_json(browser: AsgiBrowser) -> None:
    """The console's pages are for people."""
    answer = browser.get("/api/nothing")
    assert json.loads(answer.text)["code"] == "not-found"
