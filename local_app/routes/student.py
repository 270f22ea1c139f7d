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
from local_app.feedback import Feedback, after_answer, moved_on, not_open
from local_app.pages import page
from local_app.practice_views import View, break_is_due, latency_ms, view_now
from local_app.quick_forms import QuickForms
from local_app.symbolic_answers import equal_to_key
from local_app.world import World

router = APIRouter(prefix="/practice", route_class=QuickForms)
OfferId = Annotated[str, Form(max_length=240)]


@router.get("")
async def practice_page(request: Request, world: TheWorld, who: AsStudent) -> Response:
    """Wherever the student is: the first page of all, the open item, or between two sets."""
    student = who.student.id
    future = world.store.writer.submit(lambda connection: view_now(connection, world, student))
    return show(request, who, await asyncio.wrap_future(future))


@router.post("/answer", dependencies=[FormRule])
async def answer_item(
    request: Request,
    world: TheWorld,
    who: AsStudent,
    offer: OfferId,
    answer_id: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")],
    response: Annotated[str, Form(max_length=400)] = "",
    shown_at: Annotated[str, Form(max_length=20)] = "",
    unknown: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Durable before the page is sent: the writer's answer comes after its commit."""
    took = latency_ms(shown_at, world.clock.now())
    equal = await equal_to_key(world, offer, response=response)
    given = Answer(who.student.id, offer, response, answer_id, latency_ms=took, unknown=bool(unknown), equal=equal)
    future = world.store.writer.submit(lambda connection: _answered(connection, world, given))
    view, feedback = await asyncio.wrap_future(future)
    return show(request, who, view, feedback=feedback)


@router.post("/hint", dependencies=[FormRule])
async def show_hint(
    request: Request, world: TheWorld, who: AsStudent, offer: OfferId, rungs: Annotated[int, Form(ge=0, le=99)]
) -> Response:
    """One more rung of the ladder than the page showed; the same form again, as by a reload, adds none."""
    student = who.student.id

    def hinted(connection: Connection) -> View:
        now = current_offer(connection, world.desk, student)
        fresh = (now.id, len(now.hints)) == (offer, rungs)
        now = ask_hint(connection, world.desk, student) if fresh else now
        return view_now(connection, world, student, offer=now)

    return show(request, who, await asyncio.wrap_future(world.store.writer.submit(hinted)))


@router.post("/next", dependencies=[FormRule])
async def next_item(request: Request, world: TheWorld, who: AsStudent) -> Response:
    """Leaves an item that was tried; its worked solution is shown beside the next one."""
    future = world.store.writer.submit(lambda connection: _left(connection, world, who.student.id))
    view, feedback = await asyncio.wrap_future(future)
    return show(request, who, view, feedback=feedback)


def show(request: Request, who: SignedInStudent, view: View, *, feedback: Feedback | None = None) -> Response:
    """The page of a view, with what is to be said about the last try."""
    return page(
        request,
        view.template,
        **who.frame,
        answer_id=uuid4().hex,
        view=view,
        feedback=feedback,
        take_a_break=break_is_due(view, who.display),
    )


def _answered(connection: Connection, world: World, given: Answer) -> tuple[View, Feedback]:
    student = given.student
    try:
        outcome = submit_answer(connection, world.desk, given)
    except FixSettings as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        # A page from long ago, for example in a second tab: what is open now comes instead of an error.
        return view_now(connection, world, student), not_open()
    return view_now(connection, world, student, offer=outcome.offer), after_answer(outcome, world.desk.bank)


def _left(connection: Connection, world: World, student: str) -> tuple[View, Feedback | None]:
    before = current_offer(connection, world.desk, student)
    after: Offer = move_on(connection, world.desk, student)
    feedback = moved_on(before.item) if after.id != before.id else None
    return view_now(connection, world, student, offer=after), feedback
