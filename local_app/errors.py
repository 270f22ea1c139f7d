"""Errors become pages: a sentence, what to do, and a way on; never a stack trace."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from client.records.sessions import SessionKind
from common.errors import ErrorCode, HomeroomError, RetryLater
from common.logs import EventLog
from local_app.auth import SignInNeeded, kind_of_page
from local_app.pages import page

_LOG = EventLog("pages")
STATUS = {ErrorCode.NOT_FOUND: 404, ErrorCode.NOT_SIGNED_IN: 403, ErrorCode.DATABASE_BUSY: 503}
# The tree's own remedies speak to whoever runs the server; these two happen to anybody at a page.
REMEDIES = {
    ErrorCode.NOT_FOUND: "Go back and choose again.",
    ErrorCode.NOT_SIGNED_IN: "Go to the start page, and sign in again if it asks you to.",
}


async def show_homeroom_error(request: Request, error: Exception) -> Response:
    """The error's own sentence and remedy."""
    if isinstance(error, SignInNeeded):
        return RedirectResponse("/staff" if error.kind is SessionKind.STAFF else "/", 303)
    if not isinstance(error, HomeroomError):
        raise error
    _LOG.warning("refused", code=str(error.code), path=_area(request))
    status = STATUS.get(error.code, 503 if isinstance(error, RetryLater) else 400)
    return _error_page(request, status, error.sentence, remedy=REMEDIES.get(error.code, error.remedy))


async def show_http_error(request: Request, error: Exception) -> Response:
    """A page that isn't there, or a method that isn't allowed."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {404: "This page doesn't exist.", 405: "This page can't be used in that way."}
    return _error_page(
        request, status, known.get(status, "Something went wrong."), remedy="Go back to the start page."
    )


async def show_bad_form(request: Request, error: Exception) -> Response:
    """A form with a missing or malformed field; its values aren't shown back."""
    sentence = "The form wasn't complete. Nothing was changed."
    return _error_page(request, 400, sentence, remedy="Go back and fill it in again.")


def showing_failures(app: ASGIApp) -> ASGIApp:
    """Anything unforeseen: logged by type, shown as a sentence.

    Wrapped around the application, since an `Exception` handler is followed by the error itself, and the server
    would print its text, which may hold an answer or a name.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, receive, noting_start)
        except Exception as error:
            if scope["type"] != "http":
                raise  # the server says so and doesn't start
            request = Request(scope)
            _LOG.error("failed", error=type(error).__name__, path=_area(request))
            if not started:
                await _failure(request)(scope, receive, send)

    return guarded


def add_error_pages(app: FastAPI) -> None:
    """Called once by `create_app`."""
    app.add_exception_handler(HomeroomError, show_homeroom_error)
    app.add_exception_handler(HTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_bad_form)
    app.add_middleware(showing_failures)


def _failure(request: Request) -> Response:
    sentence = "Something went wrong on this server. Your answers so far are safe."
    return _error_page(request, 500, sentence, remedy="Try again in a moment.")


def _error_page(request: Request, status: int, sentence: str, *, remedy: str) -> Response:
    home = _home(request)
    return page(request, "error.html", status=status, home=home, sentence=sentence, remedy=remedy)


def _home(request: Request) -> str:
    """Where somebody who is signed in goes on; the page itself sends others to the sign-in."""
    if kind_of_page(request.url.path) is SessionKind.STAFF:
        return "/teacher"
    return "/practice" if _area(request) == "practice" else "/"


def _area(request: Request) -> str:
    """The first part of the path, which names nobody."""
    return request.url.path.split("/")[1]
