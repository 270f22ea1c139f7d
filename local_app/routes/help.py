"""Help beside hints: an easier item, what the open one rests on, or the same idea shown another way."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from client.content.items import Line
from client.practice.desk import PracticeDesk
from client.practice.help_moves import another_explanation, needed_item, simpler_item
from client.practice.offers import Offer, current_offer
from local_app.auth import AsStudent, FormRule, TheWorld
from local_app.feedback import explained
from local_app.practice_views import View, view_now
from local_app.routes.student import OfferId, show
from local_app.world import World

router = APIRouter(prefix="/practice")


@router.post("/simpler", dependencies=[FormRule])
async def ask_simpler(world: TheWorld, who: AsStudent, offer: OfferId) -> Response:
    """An easier item instead of one that was tried."""
    return await _instead(world, who.student.id, offer, move=simpler_item)


@router.post("/needed", dependencies=[FormRule])
async def ask_needed(world: TheWorld, who: AsStudent, offer: OfferId) -> Response:
    """An item of what the open one rests on, instead of one that was tried."""
    return await _instead(world, who.student.id, offer, move=needed_item)


@router.post("/explain", dependencies=[FormRule])
async def explain(
    request: Request, world: TheWorld, who: AsStudent, offer: OfferId, rungs: Annotated[int, Form(ge=0, le=99)]
) -> Response:
    """Another question of the same kind, worked out; a reload sends the same form and counts no second hint."""
    student = who.student.id

    def work(connection: Connection) -> tuple[View, tuple[Line, ...]]:
        now = current_offer(connection, world.desk, student)
        fresh = (now.id, len(now.hints)) == (offer, rungs)
        lines = another_explanation(connection, world.desk, student) if fresh else ()
        return view_now(connection, world, student), lines

    view, lines = await asyncio.wrap_future(world.store.writer.submit(work))
    return show(request, who, view, feedback=explained(lines) if lines else None)


async def _instead(
    world: World, student: str, offer: str, *, move: Callable[[Connection, PracticeDesk, str], Offer]
) -> Response:
    """The form of an item that is no longer open changes nothing."""

    def work(connection: Connection) -> None:
        if current_offer(connection, world.desk, student).id == offer:
            move(connection, world.desk, student)

    await asyncio.wrap_future(world.store.writer.submit(work))
    return RedirectResponse("/practice", 303)
