"""The part of the API that makes the coordinator checkable: its log, and every round's outcome and transcript."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from server.api import signing_school
from server.campaign_records import find_campaign, read_model
from server.coordinator import Coordinator
from server.public_log import consistency, read_entries, signed_head
from server.published import read_opened, read_transcript

# Beside the limit in bytes, since schools read what they get entry by entry.
MOST_ENTRIES = 1000
Place = Annotated[int, Query(ge=0, le=2**53)]
Number = Annotated[int, Path(ge=1, le=10_000_000)]
Chunk = Annotated[int | None, Query(ge=0, le=10_000_000)]
BINARY = "application/octet-stream"


def log_routers(coordinator: Coordinator) -> list[APIRouter]:
    """Routes under /api/log and /api/campaigns; every request is signed by a school."""
    return [_log(coordinator), _rounds(coordinator)]


def _log(coordinator: Coordinator) -> APIRouter:
    router = APIRouter(prefix="/api/log")

    @router.get("/head")
    def head(request: Request) -> Response:
        """The signed head."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            return Response(signed_head(coordinator, connection).signed, media_type=BINARY)

    @router.get("/entries")
    def entries(request: Request, start: Place, end: Place) -> dict[str, list[str]]:
        """Entries from `start` on, at most a thousand and at most a few megabytes of them."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            found = read_entries(connection, start, min(end, start + MOST_ENTRIES))
        return {"entries": [b64encode(entry).decode() for entry in found]}

    @router.get("/consistency")
    def proof(request: Request, old: Place, new: Place) -> dict[str, list[str]]:
        """That one size continues another."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            return {"proof": [one.hex() for one in consistency(connection, old, new)]}

    return router


def _rounds(coordinator: Coordinator) -> APIRouter:
    router = APIRouter(prefix="/api/campaigns/{campaign}")

    @router.get("/start")
    def start(request: Request, campaign: str) -> Response:
        """The model that a campaign starts from."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            plan = find_campaign(connection, campaign).plan
            return Response(read_model(connection, plan.model.start_digest), media_type=BINARY)

    @router.get("/rounds/{number}")
    def opened(request: Request, campaign: str, number: Number) -> Response:
        """What came of a round."""
        signing_school(coordinator, request)
        with coordinator.store.read() as connection:
            return Response(read_opened(connection, campaign, number), media_type=BINARY)

    @router.get("/rounds/{number}/transcript")
    def transcript(request: Request, campaign: str, number: Number, chunk: Chunk = None) -> Response:
        """What the sum was made of, whole or one chunk."""
        signing_school(coordinator, request)
        folder = coordinator.folder.transcripts
        with coordinator.store.read() as connection:
            data = read_transcript(connection, folder, campaign, round_number=number, chunk=chunk)
        return Response(data, media_type=BINARY)

    return router
