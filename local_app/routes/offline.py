"""Working without the server: the package to take along, the page that works from it, and what comes back."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import Connection

from client.practice.late_answers import MOST_AT_ONCE, LateAnswer, keep_late
from client.practice.submit_answer import Answer, submit_answer
from client.practice.work_package import pack
from common.errors import ErrorCode, FixSettings
from local_app.auth import AsStudent, FormRule, TheWorld
from local_app.package_views import package_view
from local_app.pages import FOLDER, page
from local_app.world import World

router = APIRouter(prefix="/practice")
LONGEST_BATCH = 60_000
_WORKER = FOLDER / "static" / "offline" / "worker.js"
_NO_STORE = {"Cache-Control": "no-store"}


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class SentLate(_Sent):
    """An answer to an item of a package."""

    token: Annotated[str, Field(max_length=8_000)]
    item: Annotated[str, Field(max_length=200)]
    item_seed: Annotated[int, Field(ge=0, lt=2**53)]
    response: Annotated[str, Field(max_length=400)]
    answer_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    sequence: Annotated[int, Field(ge=0, lt=2**53)]
    seconds_ago: Annotated[float, Field(ge=-1e9, le=1e9)]
    latency_ms: Annotated[int, Field(ge=0, le=3_600_000)] | None = None
    hints: Annotated[int, Field(ge=0, le=9)] = 0


class SentOpen(_Sent):
    """The answer that was on its way when the server went: a form of the practice page."""

    offer: Annotated[str, Field(max_length=240)]
    response: Annotated[str, Field(max_length=400)]
    answer_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


_BATCH = TypeAdapter(Annotated[list[SentLate | SentOpen], Field(max_length=MOST_AT_ONCE)])


@router.get("/package")
async def work_package(world: TheWorld, who: AsStudent) -> Response:
    """Items for a while without the server, for this student alone."""
    store, student, now = world.store, who.student.id, world.clock.now()
    future = store.writer.submit(lambda c: pack(c, world.desk, store.vault, student=student))
    package = await asyncio.wrap_future(future)
    # Slow hashes: beside the event loop.
    language = who.display.language
    view = await asyncio.to_thread(
        package_view, package, world.desk.bank, csrf=who.csrf, now=now, language=language
    )
    return JSONResponse(view, headers=_NO_STORE)


@router.get("/offline")
async def offline_page(request: Request, who: AsStudent) -> Response:
    """The page that a device keeps and shows when the server doesn't answer; it names nobody."""
    return page(request, "offline.html", display=who.display)


@router.get("/worker.js")
async def worker() -> Response:
    """The service worker, here rather than under /static so that it may look after /practice."""
    # Without the second header it could only look after what lies below /practice/.
    headers = {**_NO_STORE, "Service-Worker-Allowed": "/practice"}
    return FileResponse(_WORKER, media_type="text/javascript", headers=headers)


@router.post("/sync", dependencies=[FormRule])
async def sync(
    world: TheWorld, who: AsStudent, answers: Annotated[str, Form(max_length=LONGEST_BATCH)]
) -> Response:
    """{answer number: what became of it}, once everything is durable. Sent again, it changes nothing."""
    try:
        batch = _BATCH.validate_json(answers)
    except ValidationError as error:
        raise FixSettings(ErrorCode.BAD_MESSAGE, "The device sent answers that can't be read.") from error
    student = who.student.id
    future = world.store.writer.submit(lambda connection: _kept(connection, world, student, batch=batch))
    return JSONResponse(await asyncio.wrap_future(future), headers=_NO_STORE)


def _kept(
    connection: Connection, world: World, student: str, *, batch: list[SentLate | SentOpen]
) -> dict[str, str]:
    """First the one that was on its way, since it was given before all others."""
    receipts = {
        one.answer_id: _on_its_way(connection, world, student, sent=one)
        for one in batch
        if isinstance(one, SentOpen)
    }
    late = [_late(one) for one in batch if isinstance(one, SentLate)]
    kept = keep_late(connection, world.desk, world.store.vault, student=student, answers=late)
    return receipts | {number: str(receipt) for number, receipt in kept.items()}


def _on_its_way(connection: Connection, world: World, student: str, *, sent: SentOpen) -> str:
    try:
        outcome = submit_answer(connection, world.desk, Answer(student, sent.offer, sent.response, sent.answer_id))
    except FixSettings as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        return "not-open"
    return "kept" if outcome.counted else "known"


def _late(sent: SentLate) -> LateAnswer:
    return LateAnswer(
        token=sent.token,
        item=sent.item,
        item_seed=sent.item_seed,
        response=sent.response,
        client_uuid=sent.answer_id,
        sequence=sent.sequence,
        answered_ago=timedelta(seconds=sent.seconds_ago),
        latency_ms=sent.latency_ms,
        hints=sent.hints,
    )
