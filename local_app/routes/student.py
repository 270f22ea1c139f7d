"""Practice: one item at a time, with hints, feedback and the reason why it was chosen."""

import asyncio
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from client.practice.hints import ask_hint
from client.practice.offers import Offer, current_offer, move_on
from client.practice.submit_answer import Answer, submit_answer
from common.errors import ErrorCode, FixSettings
from local_app.auth import AsStudent, FormRule, SignedInStudent, TheWorld
from local_app.pages import page
from local_app.practice_views import Feedback, PracticeView, after_answer, latency_ms, moved_on, not_open, view_of
from local_app.world import World

router = APIRouter(prefix="/practice")


@router.get("")
async def practice_page(request: Request, world: TheWorld, who: AsStudent) -> Response:
    """The open item, or the first one."""
    student = who.student.id
    future = world.store.writer.submit(
        lambda connection: view_of(
            connection, world, current_offer(connection, world.desk, student), student=student
        )
    )
    return show(request, who, await asyncio.wrap_future(future))


@router.post("/answer", dependencies=[FormRule])
async def answer_item(
    request: Request,
    world: TheWorld,
    who: AsStudent,
    offer: Annotated[str, Form(max_length=240)],
    answer_id: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")],
    response: Annotated[str, Form(max_length=400)] = "",
    shown_at: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Durable before the page is sent: the writer's answer comes after its commit."""
    given = Answer(who.student.id, offer, response, answer_id, latency_ms=latency_ms(shown_at, world.clock.now()))
    future = world.store.writer.submit(lambda connection: _answered(connection, world, given))
    view, feedback = await asyncio.wrap_future(future)
    return show(request, who, view, feedback=feedback)


@router.post("/hint", dependencies=[FormRule])
async def show_hint(
    request: Request,
    world: TheWorld,
    who: AsStudent,
    offer: Annotated[str, Form(max_length=240)],
    rungs: Annotated[int, Form(ge=0, le=99)],
) -> Response:
    """One more rung of the ladder than the page showed; the same form again, as by a reload, adds none."""
    student = who.student.id
    future = world.store.writer.submit(
        lambda connection: view_of(
            connection, world, _hinted(connection, world, student, seen=(offer, rungs)), student=student
        )
    )
    return show(request, who, await asyncio.wrap_future(future))


@router.post("/next", dependencies=[FormRule])
async def next_item(request: Request, world: TheWorld, who: AsStudent) -> Response:
    """Leaves an item that was tried; its worked solution is shown beside the next one."""
    future = world.store.writer.submit(lambda connection: _left(connection, world, who.student.id))
    view, feedback = await asyncio.wrap_future(future)
    return show(request, who, view, feedback=feedback)


def _answered(connection: Connection, world: World, given: Answer) -> tuple[PracticeView, Feedback]:
    try:
        outcome = submit_answer(connection, world.desk, given)
    except FixSettings as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        # A page from long ago, for example in a second tab: what is open now comes instead of an error.
        open_now = current_offer(connection, world.desk, given.student)
        return view_of(connection, world, open_now, student=given.student), not_open(error.sentence)
    return view_of(connection, world, outcome.offer, student=given.student), after_answer(outcome, world.desk.bank)


def _hinted(connection: Connection, world: World, student: str, *, seen: tuple[str, int]) -> Offer:
    now = current_offer(connection, world.desk, student)
    return ask_hint(connection, world.desk, student) if (now.id, len(now.hints)) == seen else now


def _left(connection: Connection, world: World, student: str) -> tuple[PracticeView, Feedback | None]:
    before = current_offer(connection, world.desk, student)
    after = move_on(connection, world.desk, student)
    feedback = moved_on(before.item) if after.id != before.id else None
    return view_of(connection, world, after, student=student), feedback


def show(
    request: Request, who: SignedInStudent, view: PracticeView, *, feedback: Feedback | None = None
) -> Response:
    """The practice page."""
    return page(
        request,
        "practice.html",
        **who.frame,
        student=who.student.id,
        answer_id=uuid4().hex,
        view=view,
        feedback=feedback,
    )
