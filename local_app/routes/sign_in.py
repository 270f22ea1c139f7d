"""Signing in: students by class code and name, staff by name and password."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from client.records.classes import class_by_code
from client.records.sessions import SessionKind
from client.records.staff import sign_in
from client.records.students import student_by_id, students_of_class
from common.errors import HomeroomError, Refused
from local_app.auth import FormRule, OpenFormRule, TheWorld, end_session, start_session
from local_app.pages import page

router = APIRouter()
UNKNOWN_CODE = "No class has this code. Check it with your teacher."


@router.get("/")
async def class_code_page(request: Request) -> Response:
    """The first page a student sees."""
    return page(request, "class_code.html", message="")


@router.post("/sign-in/class", dependencies=[OpenFormRule])
async def choose_class(request: Request, world: TheWorld, code: Annotated[str, Form(max_length=20)]) -> Response:
    """The names of a class, for whoever knows its code."""
    with world.store.read() as connection:
        group = class_by_code(connection, code.strip().upper())
        students = students_of_class(connection, world.store.vault, group.id) if group else []
    if group is None:
        return page(request, "class_code.html", status=404, message=UNKNOWN_CODE)
    return page(request, "names.html", group=group, students=students)


@router.post("/sign-in/student", dependencies=[OpenFormRule])
async def choose_student(
    request: Request,
    world: TheWorld,
    code: Annotated[str, Form(max_length=20)],
    student: Annotated[str, Form(max_length=64)],
) -> Response:
    """Signs a student in; the class code has to be the student's own."""
    with world.store.read() as connection:
        group = class_by_code(connection, code.strip().upper())
        try:
            found = student_by_id(connection, world.store.vault, student)
        except HomeroomError:
            found = None
    if group is None or found is None or found.class_id != group.id or not found.active:
        return page(request, "class_code.html", status=404, message=UNKNOWN_CODE)
    response = RedirectResponse("/practice", 303)
    await start_session(request, response, SessionKind.STUDENT, subject=found.id)
    return response


@router.post("/sign-out", dependencies=[FormRule])
async def sign_out_student(request: Request) -> Response:
    """Back to the class code."""
    response = RedirectResponse("/", 303)
    await end_session(request, response, SessionKind.STUDENT)
    return response


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
