"""Talking the open item through with the tutor."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from client.practice.rephrase import Wanted, wanted_of
from client.practice.talks import Said, reword, say, talk_of
from local_app.auth import AsStudent, FormRule, SignedInStudent, TheWorld
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
    view, wanted = await asyncio.wrap_future(future)
    words = await _other_words(world, who, wanted)
    if words:
        after = world.store.writer.submit(
            lambda connection: _reworded(connection, world, who.student.id, given=given, words=words)
        )
        view = await asyncio.wrap_future(after)
    return show(request, who, view)


def _said(connection: Connection, world: World, student: str, *, given: Said) -> tuple[View, Wanted | None]:
    """The page, and what the language model may say in other words; None if the newest turn has nothing of it."""
    offer = say(connection, world.desk, student, said=given)
    talk = talk_of(connection, world.desk, student, offer=offer)
    new = talk is not None and given.line is not None and len(talk.turns) == given.lines + 2
    sentence = talk.turns[-1].aside_words if talk is not None and new else ""
    view = view_now(connection, world, student, offer=offer)
    return view, wanted_of(offer.item, sentence) if sentence else None


async def _other_words(world: World, who: SignedInStudent, wanted: Wanted | None) -> str:
    """From the school's language model, if it has one; "" when the tutor's own have to do."""
    if world.rephraser is None or wanted is None or who.display.language != "en":
        return ""
    return await world.rephraser.reword(wanted)


def _reworded(connection: Connection, world: World, student: str, *, given: Said, words: str) -> View:
    reword(connection, student, said=given, words=words)
    return view_now(connection, world, student)
