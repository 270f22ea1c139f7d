"""Whatever goes wrong becomes a page with a sentence and a way on, and the log learns its type only."""

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx import Client

from common.errors import Corrupt, ErrorCode, FixSettings, HomeroomError, Refused, RetryLater
from local_app.errors import REMEDIES
from local_app.main import create_app
from tests.support.asgi_browser import AsgiBrowser
from tests.support.school_pages import PASSWORD, SchoolForPages
from tests.support.served import served

SECRET = "Ada answered 3/4"
KINDS: list[tuple[type[HomeroomError], ErrorCode, int]] = [
    (RetryLater, ErrorCode.DATABASE_BUSY, 503),
    (RetryLater, ErrorCode.UNREACHABLE, 503),
    (FixSettings, ErrorCode.BAD_PARAMETER, 400),
    (FixSettings, ErrorCode.NOT_FOUND, 404),
    (Refused, ErrorCode.NOT_SIGNED_IN, 403),
    (Refused, ErrorCode.BUDGET_SPENT, 400),
    (Corrupt, ErrorCode.LEDGER_BROKEN, 400),
]


class Heard(logging.Handler):
    """Keeps what the log would print, traces included."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Lines of the pages' own log and of the web server's."""
    handler, loggers = Heard(), [logging.getLogger(name) for name in ("homeroom.pages", "uvicorn.error")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler.lines
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
def failing(school: SchoolForPages) -> FastAPI:
    """The school's pages, and some that fail as told."""
    app = create_app(school.folder)

    @app.get("/practice/wrong/{which}")
    async def wrong(which: int) -> None:
        kind, code, _ = KINDS[which]
        raise kind(code, "The <b>sentence</b>.")

    @app.get("/practice/unforeseen")
    async def unforeseen() -> None:
        raise ZeroDivisionError(SECRET)

    return app


@pytest.mark.parametrize("which", range(len(KINDS)), ids=lambda n: f"{KINDS[n][0].__name__}-{KINDS[n][1]}")
def test_an_error_is_a_page_with_its_sentence_and_what_to_do(failing: FastAPI, which: int) -> None:
    """Escaped, with a status that says whose move it is."""
    kind, code, status = KINDS[which]
    with AsgiBrowser(failing) as visitor:
        answer = visitor.get(f"/practice/wrong/{which}")
    assert answer.status_code == status
    assert "The &lt;b&gt;sentence&lt;/b&gt;." in answer.text
    assert REMEDIES.get(code, kind.remedy).replace("'", "&#39;") in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_an_unforeseen_error_shows_no_trace_and_logs_its_type_only(failing: FastAPI, heard: list[str]) -> None:
    """Its text may hold an answer or a name."""
    with AsgiBrowser(failing) as visitor:
        answer = visitor.get("/practice/unforeseen")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Traceback" not in answer.text
    assert SECRET not in answer.text
    assert heard == ['failed error="ZeroDivisionError" path="practice"']


def test_the_web_server_hears_nothing_of_an_unforeseen_error(failing: FastAPI, heard: list[str]) -> None:
    """It would print the error's text with a trace. It goes on serving."""
    with served(failing) as address, Client(base_url=address, trust_env=False) as client:
        assert client.get("/practice/unforeseen").status_code == 500
        assert client.get("/health").status_code == 200
    assert [line for line in heard if SECRET in line or "Traceback" in line] == []


@pytest.mark.parametrize(
    ("path", "home"),
    [("/practice/wrong/0", "/practice"), ("/admin/nowhere", "/teacher"), ("/nowhere", "/")],
)
def test_the_way_on_leads_back_to_where_one_is_signed_in(failing: FastAPI, path: str, home: str) -> None:
    """A student doesn't have to type the class code again."""
    with AsgiBrowser(failing) as visitor:
        assert f'href="{home}">Start page' in visitor.get(path).text


def test_a_form_with_a_missing_field_is_a_sentence(visit: AsgiBrowser, heard: list[str]) -> None:
    """What was typed isn't shown back, nor logged."""
    visit.submit("/staff/sign-in", {"name": "Mr Abe", "password": PASSWORD})
    answer = visit.submit("/staff/sign-in", {"password": SECRET})
    assert answer.status_code == 400
    assert "wasn&#39;t complete" in answer.text
    assert SECRET not in answer.text
    assert heard == []


def test_a_page_used_in_another_way_is_a_sentence(visit: AsgiBrowser) -> None:
    """Such as a form's address typed in."""
    answer = visit.get("/practice/answer")
    assert answer.status_code == 405
    assert "can&#39;t be used in that way" in answer.text


def test_a_log_line_names_no_student_and_no_class(
    visit: AsgiBrowser, school: SchoolForPages, heard: list[str]
) -> None:
    """Only the first part of the path."""
    visit.submit("/staff/sign-in", {"name": "Mr Abe", "password": PASSWORD})
    assert visit.get("/teacher/class/a-secret-id").status_code == 404
    assert heard == ['refused code="not-found" path="teacher"']
