"""The one web application: the gate for Flower, the API for schools, the console for operators."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from common.body_limit import BodyLimit
from common.errors import Corrupt, ErrorCode, FixSettings, HomeroomError, Refused, RetryLater
from common.logs import EventLog
from server.api import OnEnrol, api_routers
from server.console.headers import SecurityHeaders
from server.console.pages import Pages
from server.console.routes import console_routers
from server.console.sign_in import SIGN_IN, sign_in_routes
from server.coordinator import Coordinator
from server.gate import FLEET_PREFIX, Upstream, gate_routes
from server.log_api import log_routers

SMALL_BODY_BYTES = 100_000
_STATIC = Path(__file__).parent / "console" / "static"

_log = EventLog("web")


def create_app(coordinator: Coordinator, *, upstream: Upstream, on_enrol: OnEnrol) -> ASGIApp:
    """Everything behind the public port. `on_enrol` is told of each newly enrolled school."""
    pages = Pages(coordinator)

    @asynccontextmanager
    async def fleet_connection(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with upstream.open_client() as client:
            yield {"fleet": client}

    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=fleet_connection
    )
    app.router.routes.extend(gate_routes(upstream))
    console = [sign_in_routes(coordinator, pages), *console_routers(coordinator, pages)]
    for router in (*api_routers(coordinator, on_enrol), *log_routers(coordinator), *console):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    _handle_errors(app, pages)
    limit = coordinator.settings.max_body_bytes

    def limit_bytes(path: str) -> int:
        return limit if path.startswith(FLEET_PREFIX) else SMALL_BODY_BYTES

    return SecurityHeaders(BodyLimit(app, limit_bytes))


def _handle_errors(app: FastAPI, pages: Pages) -> None:
    """Each error becomes a sentence: JSON for schools, a page for operators."""

    def answer(request: Request, status: int, error: HomeroomError) -> Response:
        _log.warning("refused", code=str(error.code), status=status)
        if request.url.path.startswith("/api/"):
            return JSONResponse({"code": str(error.code), "sentence": error.sentence}, status)
        return pages.error(request, status, error)

    @app.exception_handler(HomeroomError)
    async def ours(request: Request, error: HomeroomError) -> Response:
        if error.code == ErrorCode.NOT_SIGNED_IN and not hasattr(request.state, "session"):
            return RedirectResponse(SIGN_IN, 303)
        return answer(request, _status(error), error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, _: RequestValidationError) -> Response:
        return answer(request, 400, FixSettings(ErrorCode.BAD_MESSAGE, "The request is malformed."))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith("/v1"):
            return PlainTextResponse(HTTPStatus(error.status_code).phrase, error.status_code, error.headers)
        # 405 becomes 404, so that an answer never tells which paths exist.
        status = 404 if error.status_code == 405 else error.status_code
        code = ErrorCode.NOT_FOUND if status == 404 else ErrorCode.BAD_MESSAGE
        return answer(request, status, FixSettings(code, f"{HTTPStatus(status).phrase}."))


def _status(error: HomeroomError) -> int:
    if error.code == ErrorCode.NOT_FOUND:
        return 404
    if error.code in {ErrorCode.BAD_SIGNATURE, ErrorCode.NOT_ENROLLED}:
        return 401
    statuses: dict[type[HomeroomError], int] = {Refused: 403, RetryLater: 503, FixSettings: 400, Corrupt: 500}
    return statuses.get(type(error), 500)
