"""Errors become pages: a sentence, what to do, and a way on; never a stack trace."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from client.records.sessions import SessionKind
from common.errors import ErrorCode, HomeroomError, RetryLater
from common.logs import EventLog
from local_app.auth import SignInNeeded
from local_app.pages import page

_LOG = EventLog("pages")
STATUS = {ErrorCode.NOT_FOUND: 404, ErrorCode.NOT_SIGNED_IN: 403, ErrorCode.DATABASE_BUSY: 503}


async def show_homeroom_error(request: Request, error: Exception) -> Response:
    """The error's own sentence and remedy."""
    if isinstance(error, SignInNeeded):
        return RedirectResponse("/staff" if error.kind is SessionKind.STAFF else "/", 303)
    if not isinstance(error, HomeroomError):
        raise error
    _LOG.warning("refused", code=str(error.code), path=request.url.path.split("/")[1])
    status = STATUS.get(error.code, 503 if isinstance(error, RetryLater) else 400)
    return page(request, "error.html", status=status, sentence=error.sentence, remedy=error.remedy)


async def show_http_error(request: Request, error: Exception) -> Response:
    """A page that isn't there, or a method that isn't allowed."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {404: "This page doesn't exist.", 405: "This page can't be used in that way."}
    sentence = known.get(status, "Something went wrong.")
    return page(request, "error.html", status=status, sentence=sentence, remedy="Go back to the start page.")


async def show_bad_form(request: Request, error: Exception) -> Response:
    """A form with a missing or malformed field; its values aren't shown back."""
    sentence = "The form wasn't complete. Nothing was changed."
    return page(request, "error.html", status=400, sentence=sentence, remedy="Go back and fill it in again.")


async def show_failure(request: Request, error: Exception) -> Response:
    """Anything unforeseen: logged by type, shown as a sentence."""
    _LOG.error("failed", error=type(error).__name__, path=request.url.path.split("/")[1])
    sentence = "Something went wrong on this server. Your answers so far are safe."
    return page(request, "error.html", status=500, sentence=sentence, remedy="Try again in a moment.")


def add_error_pages(app: FastAPI) -> None:
    """Called once by `create_app`."""
    app.add_exception_handler(HomeroomError, show_homeroom_error)
    app.add_exception_handler(HTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_bad_form)
    app.add_exception_handler(Exception, show_failure)
