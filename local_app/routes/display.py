"""How a student likes the pages, and the language of a device that nobody is signed in at."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from client.records.display_settings import LANGUAGES, DisplaySettings, save_display
from common.errors import ErrorCode, FixSettings
from local_app.auth import AsStudent, FormRule, OpenFormRule, TheWorld
from local_app.display_views import GROUPS, SWITCHES
from local_app.pages import LANGUAGE_COOKIE, page, remember

router = APIRouter()


@router.get("/practice/settings")
async def settings_page(request: Request, who: AsStudent) -> Response:
    """Every choice with what holds now."""
    return page(request, "settings.html", **who.frame, groups=GROUPS, switches=SWITCHES, saved=False)


@router.post("/practice/settings", dependencies=[FormRule])
async def change_settings(request: Request, world: TheWorld, who: AsStudent) -> Response:
    """Keeps the whole form; the page that comes shows the change at once."""
    form = await request.form()
    chosen = {group.name: str(form.get(group.name, "")) for group in GROUPS}
    switched = {switch.name: switch.name in form for switch in SWITCHES}
    display = DisplaySettings(**chosen, **switched)  # type: ignore[arg-type]
    student, now = who.student.id, world.clock.now()
    future = world.store.writer.submit(lambda connection: save_display(connection, student, display, now=now))
    await asyncio.wrap_future(future)
    frame = {**who.frame, "display": display}
    return page(request, "settings.html", **frame, groups=GROUPS, switches=SWITCHES, saved=True)


@router.post("/language", dependencies=[OpenFormRule])
async def choose_language(request: Request, language: Annotated[str, Form(max_length=8)]) -> Response:
    """For the pages before the sign-in, on this device."""
    if language not in LANGUAGES:
        raise FixSettings(ErrorCode.NOT_FOUND, "There is no such language here.")
    response = RedirectResponse("/", 303)
    remember(request, response, LANGUAGE_COOKIE, value=language)
    return response
