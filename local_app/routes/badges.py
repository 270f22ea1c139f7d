"""A class's way in, for its teacher: whose pictures are chosen, forgetting them, and badges to print."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from client.records.audit_trail import record_audit
from client.records.badges import new_badges, revoke_badge
from client.records.classes import class_by_id
from client.records.picture_pin import forget_pin, students_with_pin
from client.records.sessions import SessionKind, close_sessions_of
from client.records.students import Student, students_of_class
from common.errors import ErrorCode, FixSettings
from local_app.auth import AsStaff, FormRule, TheWorld, require_class
from local_app.badge_sheet import badge_sheet
from local_app.pages import page
from local_app.world import World

router = APIRouter(prefix="/teacher/class/{class_id}")


@router.get("/sign-in")
async def sign_in_page(request: Request, world: TheWorld, who: AsStaff, class_id: str) -> Response:
    """The class code, and each student's way in."""
    require_class(who, class_id)
    with world.store.read() as connection:
        group = class_by_id(connection, class_id)
        students = students_of_class(connection, world.store.vault, class_id)
        ready = students_with_pin(connection, [one.id for one in students])
    with_pictures = world.settings.web.student_sign_in == "pictures"
    return page(
        request,
        "class_sign_in.html",
        **who.frame,
        group=group,
        students=students,
        ready=ready,
        with_pictures=with_pictures,
    )


@router.post("/sign-in/forget", dependencies=[FormRule])
async def forget_pictures(
    world: TheWorld, who: AsStaff, class_id: str, student: Annotated[str, Form(max_length=64)]
) -> Response:
    """The student chooses new pictures next time; an old badge and open sign-ins end as well."""
    require_class(who, class_id)
    _student_in(world, class_id, student)
    now = world.clock.now()

    def work(connection: Connection) -> None:
        forget_pin(connection, student)
        revoke_badge(connection, student)
        close_sessions_of(connection, SessionKind.STUDENT, student)
        record_audit(connection, actor=who.staff.id, action="sign-in-reset", subject=student, now=now)

    await asyncio.wrap_future(world.store.writer.submit(work))
    return RedirectResponse(f"/teacher/class/{class_id}/sign-in", 303)


@router.post("/badges", dependencies=[FormRule])
async def print_badges(request: Request, world: TheWorld, who: AsStaff, class_id: str) -> Response:
    """New badges for the whole class, shown this once; the old ones stop working."""
    require_class(who, class_id)
    students, now = _students(world, class_id), world.clock.now()

    def work(connection: Connection) -> dict[str, str]:
        record_audit(connection, actor=who.staff.id, action="badges-made", subject=class_id, now=now)
        return new_badges(connection, [one.id for one in students], now=now)

    tokens = await asyncio.wrap_future(world.store.writer.submit(work))
    sheet = badge_sheet(students, tokens, address=str(request.base_url))
    return page(request, "badges.html", **who.frame, class_id=class_id, badges=sheet)


def _students(world: World, class_id: str) -> list[Student]:
    with world.store.read() as connection:
        return students_of_class(connection, world.store.vault, class_id)


def _student_in(world: World, class_id: str, student: str) -> None:
    if student not in {one.id for one in _students(world, class_id)}:
        raise FixSettings(ErrorCode.NOT_FOUND, "This student isn't in the class.")
