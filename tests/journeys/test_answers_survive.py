"""A school's web server is killed under load: whatever a student saw graded is still there, once, in order."""

import random
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from client.records.interactions import StoredInteraction, recent
from client.records.mastery import mastery_of
from client.records.store import open_school_store
from client.settings import load_settings
from tests.support.page_forms import answer_form, hidden_fields
from tests.support.ports import free_port
from tests.support.school_pages import CODE, SchoolForPages, make_school
from tests.support.school_server import server
from tests.support.stores import in_reader

STUDENTS = ("Ada", "Ben", "Chidi", "Dana", "Eli", "Fatima")
KILLS, SEED = 3, 20260901
FEWEST_ANSWERS, MOST_ANSWERS = 40, 120
LIMIT_SECONDS = 20.0
NEXT, SET = "/practice/next", "/practice/set"


class Load:
    """Counts what was acknowledged, and lets the test wait for a number of it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def acknowledged(self) -> None:
        """One more."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_for(self, more: int) -> None:
        """Returns as soon as this many more were acknowledged."""
        with self._changed:
            until = self._count + more
            assert self._changed.wait_for(lambda: self._count >= until, LIMIT_SECONDS), "the server is too slow"


@dataclass(slots=True)
class Device:
    """One student's device: it answers item after item, and keeps what it sent until the server has replied."""

    student: str
    address: str
    load: Load
    chance: random.Random
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    acknowledged: set[str] = field(default_factory=set)
    unanswered: dict[str, str] | None = None

    def sign_in(self) -> None:
        """Once: the session is in the database, so it outlives the server."""
        with self._connected() as http:
            http.post("/sign-in/student", data={"code": CODE, "student": self.student})
            self.cookies = httpx.Cookies(http.cookies)

    def practise(self) -> None:
        """Until the server is gone."""
        with self._connected() as http:
            try:
                html = self._sent(http) if self.unanswered else http.get("/practice").text
                while True:
                    self.unanswered = answer_form(self._untried(http, html), right=self.chance.random() < 0.7)
                    html = self._sent(http)
            except httpx.TransportError:
                return

    def _untried(self, http: httpx.Client, html: str) -> str:
        """Leaves an item that was answered wrongly, and goes on to another set: each form is a first try."""
        if NEXT in html:
            html = self._page(http.post(NEXT, data=answer_form(html)))
        between_sets = hidden_fields(html, SET)
        if between_sets:
            assert http.post(SET, data={**between_sets, "skill": ""}).status_code == 303
            html = self._page(http.get("/practice"))
        return html

    def _sent(self, http: httpx.Client) -> str:
        form = self.unanswered or {}
        html = self._page(http.post("/practice/answer", data=form))
        # The page with the grade has come: from here on the answer may not be lost.
        self.acknowledged.add(form["answer_id"])
        self.unanswered = None
        self.load.acknowledged()
        return html

    def _page(self, reply: httpx.Response) -> str:
        assert reply.status_code == 200, reply.status_code
        return reply.text

    def _connected(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, cookies=self.cookies, trust_env=False, timeout=LIMIT_SECONDS)


def practise_until_killed(school: SchoolForPages, devices: list[Device], *, after: int) -> None:
    """All devices at once; the server gets no chance to tidy up."""
    with server(school.folder.path, devices[0].address) as process:
        with ThreadPoolExecutor(len(devices)) as pool:
            running = [pool.submit(device.practise) for device in devices]
            try:
                devices[0].load.wait_for(after)
            finally:
                process.kill()
            for one in running:
                one.result(LIMIT_SECONDS)
        assert process.wait(LIMIT_SECONDS) == -signal.SIGKILL


def kept_rows(school: SchoolForPages) -> dict[str, list[StoredInteraction]]:
    """Every student's answers, oldest first; mastery is checked to have counted exactly these."""
    store = open_school_store(school.folder, load_settings(school.folder))
    try:
        kept = {}
        for student in school.students:
            rows = in_reader(store, lambda c, who=student: recent(c, who, count=10_000))  # type: ignore[misc]
            states = in_reader(store, lambda c, who=student: mastery_of(c, who))  # type: ignore[misc]
            by_skill = Counter(skill for row in rows for skill in row.skills)
            assert {skill: state.attempts for skill, state in states.items()} == by_skill
            kept[student] = rows[::-1]
        return kept
    finally:
        store.close()


def check_nothing_was_lost(device: Device, rows: list[StoredInteraction]) -> None:
    """Numbers without a gap; each acknowledged answer once; at most the one that got no reply besides."""
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    sent = [row.client_uuid for row in rows if row.client_uuid is not None]
    assert len(sent) == len(set(sent))
    assert device.acknowledged <= set(sent)
    waiting = {device.unanswered["answer_id"]} if device.unanswered else set()
    assert set(sent) - device.acknowledged <= waiting


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    """Three times on the same folder; what got no reply is sent again after the restart and counts once."""
    chance = random.Random(SEED)
    school = make_school(tmp_path / "hill", names=STUDENTS)
    load, address = Load(), f"http://127.0.0.1:{free_port()}"
    devices = [Device(student, address, load, random.Random(chance.random())) for student in school.students]
    with server(school.folder.path, address):
        for device in devices:
            device.sign_in()
    for _ in range(KILLS):
        before = sum(len(device.acknowledged) for device in devices)
        after = chance.randint(FEWEST_ANSWERS, MOST_ANSWERS)
        practise_until_killed(school, devices, after=after)
        assert sum(len(device.acknowledged) for device in devices) >= before + after
        kept = kept_rows(school)
        for device in devices:
            check_nothing_was_lost(device, kept[device.student])
            assert device.acknowledged, "every device was served"
