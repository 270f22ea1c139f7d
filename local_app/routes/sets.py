"""The first day and sets of five: beginning or skipping the diagnostic, choosing what comes next, a break."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from client.practice.choices import start_set
from client.practice.offers import newest_of, skip_diagnostic, start_diagnostic
from client.practice.set_under_way import Place, place_of
from client.records.practice_sets import chosen_set
from local_app.auth import AsStudent, FormRule, TheWorld
from local_app.pages import page
from local_app.quick_forms import QuickForms
from local_app.world import World

router = APIRouter(prefix="/practice", route_class=QuickForms)


@router.post("/begin", dependencies=[FormRule])
async def begin(world: TheWorld, who: AsStudent) -> Response:
    """The first item of the diagnostic; a second press finds it under way."""
    student = who.student.id

    def work(connection: Connection) -> None:
        if _place(connection, student) is Place.FIRST_DAY:
            start_diagnostic(connection, world.desk, student)

    return await _done(world, work)


@router.post("/skip", dependencies=[FormRule])
async def skip(world: TheWorld, who: AsStudent) -> Response:
    """Straight to the first set, from before or within the diagnostic."""
    student = who.student.id

    def work(connection: Connection) -> None:
        skip_diagnostic(connection, world.desk, student)
        start_set(connection, world.desk, student)

    return await _done(world, work)


@router.post("/set", dependencies=[FormRule])
async def choose_set(
    world: TheWorld,
    who: AsStudent,
    after: Annotated[int, Form(ge=0)],
    skill: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The next five; the same form again begins no second set."""
    student = who.student.id

    def work(connection: Connection) -> None:
        newest = newest_of(connection, student)
        between = _place(connection, student) in {Place.BETWEEN_SETS, Place.PLACED}
        if between and newest is not None and newest.seq == after:
            start_set(connection, world.desk, student, skill=skill)

    return await _done(world, work)


@router.get("/break")
async def break_page(request: Request, who: AsStudent) -> Response:
    """Something else for a few minutes."""
    return page(request, "break.html", **who.frame)


def _place(connection: Connection, student: str) -> Place:
    newest, under_way = newest_of(connection, student), chosen_set(connection, student)
    return place_of(connection, student, newest=newest, under_way=under_way)


async def _done(world: World, work: Callable[[Connection], None]) -> Response:
    """Back to practice once it is kept, so that a reload sends nothing again."""
    await asyncio.wrap_future(world.store.writer.submit(work))
    return RedirectResponse("/practice", 303)
