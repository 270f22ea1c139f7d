"""Talking the open item through with the tutor."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from client.practice.talks import Said, say
from local_app.auth import AsStudent, FormRule, TheWorld
from local_app.practice_views import View, view_now
from local_app.routes.student import show
from local_app.world import World

router = APIRouter(prefix="/practice")


@router.post("/talk", dependencies=[FormRule])
async def talk(
    request: Request,
    world: TheWorld,
    who: AsStudent,
    offer: Annotated[str, Form(max_length=240)],
    lines: Annotated[int, Form(ge=0, le=99)],
    move: Annotated[Literal["open", "say", "unsure"], Form()] = "say",
    said: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """One turn more than the page showed; the same form again, as by a reload, adds none."""
    line = {"open": None, "unsure": ""}.get(move, said)
    given = Said(offer, lines, line)
    future = world.store.writer.submit(lambda connection: _said(connection, world, who.student.id, given=given))
    return show(request, who, await asyncio.wrap_future(future))


def _said(connection: Connection, world: World, student: str, *, given: Said) -> View:
    return view_now(connection, world, student, offer=say(connection, world.desk, student, said=given))
