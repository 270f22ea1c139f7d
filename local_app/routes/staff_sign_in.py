"""Signing in as staff: name and password."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from client.records.sessions import SessionKind
from client.records.staff import sign_in
from common.errors import Refused
from local_app.auth import FormRule, OpenFormRule, TheWorld, end_session, start_session
from local_app.pages import page

router = APIRouter()


@router.get("/staff")
async def staff_sign_in_page(request: Request) -> Response:
    """The sign-in of teachers and administrators."""
    return page(request, "staff_sign_in.html", message="")


@router.post("/staff/sign-in", dependencies=[OpenFormRule])
async def staff_sign_in(
    request: Request,
    world: TheWorld,
    name: Annotated[str, Form(max_length=80)],
    password: Annotated[str, Form(max_length=200)],
) -> Response:
    """Argon2id takes some 20 ms, so it runs beside the event loop."""

    def check() -> str:
        with world.store.read() as connection:
            return sign_in(connection, name, password).id

    try:
        staff_id = await asyncio.to_thread(check)
    except Refused as error:
        return page(request, "staff_sign_in.html", status=403, message=error.sentence)
    response = RedirectResponse("/teacher", 303)
    await start_session(request, response, SessionKind.STAFF, subject=staff_id)
    return response


@router.post("/staff/sign-out", dependencies=[FormRule])
async def sign_out_staff(request: Request) -> Response:
    """Back to the staff sign-in."""
    response = RedirectResponse("/staff", 303)
    await end_session(request, response, SessionKind.STAFF)
    return response
