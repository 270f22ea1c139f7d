"""Signing in and out, and what guards every other page: a session, and forms that come from our own pages."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from common.errors import ErrorCode, Refused
from server.console.pages import Pages
from server.coordinator import Coordinator
from server.operators import Session, find_session, sign_in, sign_out

SIGN_IN = "/sign-in"
# The prefix makes browsers refuse the cookie unless it is Secure, for the whole host and for no other.
COOKIE = "__Host-homeroom-operator"

Guard = Callable[..., Session]


def signed_in(coordinator: Coordinator) -> Guard:
    """A dependency: the session of the request; Refused (which leads to the sign-in page) without one."""

    def session_of(request: Request) -> Session:
        session = find_session(coordinator, request.cookies.get(COOKIE, ""))
        if session is None:
            raise Refused(ErrorCode.NOT_SIGNED_IN, "Sign in to see this page.")
        request.state.session = session
        return session

    return session_of


def own_form(coordinator: Coordinator) -> Guard:
    """A dependency for forms: a session, this console's origin, and the session's own token in the form."""
    session_of = signed_in(coordinator)

    def form_session(request: Request, csrf: Annotated[str, Form()] = "") -> Session:
        session = session_of(request)
        check_origin(request)
        session.check_csrf(csrf)
        return session

    return form_session


def check_origin(request: Request) -> None:
    """Refused when a browser says that another site sent this form."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    own = f"https://{request.headers.get('host', '')}"
    if (origin is not None and origin != own) or site not in {"same-origin", "none"}:
        raise Refused(ErrorCode.NOT_SIGNED_IN, "This form was sent from another site.")


def sign_in_routes(coordinator: Coordinator, pages: Pages) -> APIRouter:
    """The only pages that anybody may see."""
    router = APIRouter()

    @router.get(SIGN_IN)
    def show(request: Request) -> Response:
        """The form."""
        return pages.render(request, "sign_in.html", values={"problem": ""})

    @router.post(SIGN_IN)
    def enter(
        request: Request, operator: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
    ) -> Response:
        """A new session, or the form again with a sentence."""
        try:
            check_origin(request)
            token = sign_in(coordinator, operator.strip(), password)
        except Refused as error:
            return pages.render(request, "sign_in.html", status=403, values={"problem": error.sentence})
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict", path="/")
        return response

    @router.post("/sign-out")
    def leave(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        """Ends the session."""
        own_form(coordinator)(request, csrf)
        sign_out(coordinator, request.cookies.get(COOKIE, ""))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict", path="/")
        return response

    return router
