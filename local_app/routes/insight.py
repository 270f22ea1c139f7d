"""The administrator's pages on what the school finds out about its own models."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from client.insight import drift_watch
from client.insight.equity_audit import audit_equity
from client.records.insight_checks import recent_checks
from client.records.serving_steps import can_step_back, step_back
from local_app.auth import AsAdministrator, FormRule, TheWorld
from local_app.drift_views import SHOWN, drift_view
from local_app.equity_views import equity_view
from local_app.pages import page

router = APIRouter(prefix="/admin")
MESSAGES = {
    "": "",
    "looked": "Done. What it found stands below.",
    "stepped-back": "Done. It serves again, and the monitor only warns until the models are measured again.",
}


@router.get("/watch")
async def watch_page(request: Request, world: TheWorld, who: AsAdministrator, done: str = "") -> Response:
    """Whether what serves still predicts this school's answers."""
    with world.store.read() as connection:
        checks = recent_checks(connection, drift_watch.KIND, count=SHOWN)
        drift = drift_view(checks, can_step_back=can_step_back(connection))
    return page(request, "watch.html", **who.frame, message=MESSAGES.get(done, ""), drift=drift)


@router.get("/equity")
async def equity_page(request: Request, world: TheWorld, who: AsAdministrator) -> Response:
    """Whether what serves predicts some groups of students worse; worked out now and kept nowhere."""
    audit = await asyncio.to_thread(audit_equity, world.store, world.folder.releases, world.desk.bank)
    return page(request, "equity.html", **who.frame, equity=equity_view(audit))


@router.post("/watch/look", dependencies=[FormRule])
async def look_now(world: TheWorld, who: AsAdministrator) -> Response:
    """A look by hand; between the weekly ones it changes nothing that serves."""
    now, folder, bank = world.clock.now(), world.folder.releases, world.desk.bank
    await asyncio.to_thread(drift_watch.watch, world.store, folder, bank, now=now)
    return RedirectResponse("/admin/watch?done=looked", 303)


@router.post("/watch/step-back", dependencies=[FormRule])
async def undo_step(world: TheWorld, who: AsAdministrator) -> Response:
    """What served before the monitor stepped down serves again, by the administrator's word."""
    now = world.clock.now()
    future = world.store.writer.submit(lambda connection: step_back(connection, by=who.staff.id, now=now))
    await asyncio.wrap_future(future)
    return RedirectResponse("/admin/watch?done=stepped-back", 303)
