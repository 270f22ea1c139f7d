"""The API that schools use: enrol once, then signed questions about campaigns, releases and the roster."""

from base64 import b64encode
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from common.errors import ErrorCode, Refused
from common.plan import Member
from common.signed_request import read_headers, verify_request
from server.campaign_records import list_campaigns
from server.coordinator import Coordinator
from server.registry import ReleaseState, list_releases, read_release_file
from server.schools import Enrolment, School, enrol, find_school, roster

OnEnrol = Callable[[School], None]


class EnrolmentRequest(BaseModel):
    """What a school posts to enrol."""

    model_config = ConfigDict(extra="forbid", strict=True)

    token: Annotated[str, Field(min_length=1, max_length=200)]
    identity_key: Annotated[str, Field(max_length=200)]
    node_key: Annotated[str, Field(max_length=2000)]
    students: int


def api_routers(coordinator: Coordinator, on_enrol: OnEnrol) -> list[APIRouter]:
    """Routes under /api. `on_enrol` is told of each newly enrolled school before it gets its answer."""
    return [_enrolling(coordinator, on_enrol), _asking(coordinator), _fetching(coordinator)]


def _enrolling(coordinator: Coordinator, on_enrol: OnEnrol) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.post("/enrol")
    def enrol_school(body: EnrolmentRequest) -> dict[str, str]:
        """Enrols the school that the token was made for."""
        school = enrol(coordinator, body.token, Enrolment(body.identity_key, body.node_key, body.students))
        on_enrol(school)
        return {
            "consortium": coordinator.settings.consortium,
            "school": school.member.school,
            "coordinator_key": coordinator.identity.public_key,
        }

    return router


def _asking(coordinator: Coordinator) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.get("/campaigns")
    def campaigns(request: Request) -> dict[str, list[str]]:
        """Campaigns under way that name the school with its present key, as signed envelopes."""
        member = signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            records = list_campaigns(connection)
        under_way = [r for r in records if member in r.plan.members and not r.state.is_final]
        return {"campaigns": [b64encode(record.envelope).decode() for record in under_way]}

    @router.get("/members")
    def members(request: Request) -> dict[str, list[dict[str, str | int]]]:
        """The roster."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            return {"members": [school.member.model_dump() for school in roster(connection)]}

    return router


def _fetching(coordinator: Coordinator) -> APIRouter:
    router = APIRouter(prefix="/api/releases")

    @router.get("")
    def releases(request: Request) -> dict[str, list[str]]:
        """Digests of the releases that may be used, and of those that no longer may."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            records = list_releases(connection)
        return {
            "releases": [r.digest for r in records if r.state == ReleaseState.RELEASED],
            "withdrawn": [r.digest for r in records if r.state == ReleaseState.WITHDRAWN],
        }

    @router.get("/{digest}")
    def release(request: Request, digest: str) -> Response:
        """One release's file."""
        signing_school(coordinator, request)
        return Response(read_release_file(coordinator, digest), media_type="application/octet-stream")

    return router


def signing_school(coordinator: Coordinator, request: Request) -> Member:
    """The enrolled school that signed this request; Refused for anybody else."""
    headers = read_headers(request.headers)
    with coordinator.store.read() as connection:
        school = find_school(connection, headers.school)
    if school is None:
        raise Refused(ErrorCode.NOT_ENROLLED, "This school isn't enrolled here, or was revoked.")
    path = request.scope.get("raw_path", b"").decode("latin-1")
    if request.url.query:
        path = f"{path}?{request.url.query}"
    verify_request(
        headers,
        school.member.identity_key,
        method=request.method,
        path=path,
        now=coordinator.clock.now(),
    )
    return school.member
