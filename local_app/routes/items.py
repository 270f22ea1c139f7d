"""The staff's page on items: which are probably graded wrongly, and taking one out of practice."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from client.insight import item_watch
from client.records.insight_checks import recent_checks
from client.records.interactions import wrong_responses
from client.records.paused_items import all_paused, pause_item, resume_item
from client.records.staff import all_staff
from common.errors import ErrorCode, FixSettings
from local_app.auth import AsStaff, FormRule, TheWorld
from local_app.item_views import flagged_items, items_view
from local_app.pages import page

router = APIRouter(prefix="/teacher/items")
MESSAGES = {
    "": "",
    "checked": "Done. What it found stands below.",
    "paused": "Nobody is offered it from now on.",
    "resumed": "It may be offered again.",
}


@router.get("")
async def items_page(request: Request, world: TheWorld, who: AsStaff, done: str = "") -> Response:
    """The newest check, with examples of what looks wrong."""
    with world.store.read() as connection:
        check = next(iter(recent_checks(connection, item_watch.KIND, count=1)), None)
        flagged = flagged_items(check)
        wrong = wrong_responses(connection, flagged) if flagged else {}
        paused = all_paused(connection)
        names = {one.id: one.name for one in all_staff(connection)}
    view = items_view(check, paused, bank=world.desk.bank, wrong=wrong, names=names)
    return page(request, "items.html", **who.frame, message=MESSAGES.get(done, ""), items=view)


@router.post("/check", dependencies=[FormRule])
async def check_now(world: TheWorld, who: AsStaff) -> Response:
    """A check by hand, beside the weekly ones."""
    now, folder, bank = world.clock.now(), world.folder.releases, world.desk.bank
    await asyncio.to_thread(item_watch.check_items, world.store, folder, bank, now=now)
    return RedirectResponse("/teacher/items?done=checked", 303)


@router.post("/pause", dependencies=[FormRule])
async def pause_or_resume(
    world: TheWorld,
    who: AsStaff,
    item: Annotated[str, Form(max_length=200)],
    decision: Annotated[Literal["pause", "resume"], Form()],
) -> Response:
    """Takes one item out of practice at the whole school, or lets it back; with a line in the audit trail."""
    if world.desk.bank.family(item) is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "No pack of this school has this item.")
    now = world.clock.now()
    switch = pause_item if decision == "pause" else resume_item
    future = world.store.writer.submit(lambda connection: switch(connection, item, by=who.staff.id, now=now))
    await asyncio.wrap_future(future)
    return RedirectResponse(f"/teacher/items?done={'paused' if decision == 'pause' else 'resumed'}", 303)
