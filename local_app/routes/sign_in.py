"""Signing in as a student: class code, name, and three pictures; or a badge."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from client.content.phrases import mark
from client.records.badges import student_of_badge
from client.records.classes import ClassGroup, class_by_code
from client.records.picture_pin import LENGTH, PinAnswer, PinTry, has_pin, is_complete, set_pin, try_pin
from client.records.sessions import SessionKind
from client.records.students import Student, student_by_id, students_of_class
from common.errors import HomeroomError
from local_app.auth import FormRule, OpenFormRule, TheWorld, end_session, start_session
from local_app.pages import page, remember
from local_app.pictures import PICTURES
from local_app.world import World

router = APIRouter()
UNKNOWN_CODE = mark("No class has this code. Check it with your teacher.")
UNKNOWN_BADGE = mark("This badge doesn't work any more. Ask your teacher for a new one.")
CLASS_COOKIE, DEVICE_COOKIE = "homeroom_class", "homeroom_device"
_DEVICE = re.compile(r"^[0-9a-f]{32}$")
ClassCode = Annotated[str, Form(max_length=20)]
StudentId = Annotated[str, Form(max_length=64)]
AFTER_TRY = {
    PinAnswer.WRONG: mark("Those aren't your pictures. Try again."),
    PinAnswer.PAUSED: mark("That was five times. Wait a minute, then try again."),
    PinAnswer.ASK_TEACHER: mark("Ask your teacher to help you sign in."),
}
TWICE_THE_SAME = mark("Take three different pictures.")


@dataclass(frozen=True, slots=True)
class _Chooser:
    """A student of a class whose code was given."""

    group: ClassGroup
    student: Student


@router.get("/")
async def class_code_page(request: Request, world: TheWorld, other: str = "") -> Response:
    """The first page a student sees: the names of the class that this device knows, or the class code."""
    known = "" if other else request.cookies.get(CLASS_COOKIE, "")
    return _names_page(request, world, known) or page(request, "class_code.html", message="")


@router.post("/sign-in/class", dependencies=[OpenFormRule])
async def choose_class(request: Request, world: TheWorld, code: ClassCode) -> Response:
    """The names of a class, for whoever knows its code; the device remembers it."""
    names = _names_page(request, world, code)
    if names is None:
        return page(request, "class_code.html", status=404, message=UNKNOWN_CODE)
    remember(request, names, CLASS_COOKIE, value=code.strip().upper())
    return names


@router.post("/sign-in/student", dependencies=[OpenFormRule])
async def choose_student(request: Request, world: TheWorld, code: ClassCode, student: StudentId) -> Response:
    """On to the pictures, or straight in at a school where a name is enough."""
    chooser = _chooser(world, code, student)
    if chooser is None:
        return page(request, "class_code.html", status=404, message=UNKNOWN_CODE)
    if world.settings.web.student_sign_in == "name":
        return await _signed_in(request, chooser.student.id)
    return _pictures_page(request, world, chooser)


@router.post("/sign-in/pictures", dependencies=[OpenFormRule])
async def choose_picture(
    request: Request,
    world: TheWorld,
    code: ClassCode,
    student: StudentId,
    so_far: Annotated[str, Form(pattern=r"^(\d{1,2}(-\d{1,2}){0,2})?$")] = "",
    picture: Annotated[int | None, Form(ge=0, lt=len(PICTURES))] = None,
    keep: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """One picture more. The third is checked; a first choice is shown once more before it is kept."""
    chooser = _chooser(world, code, student)
    if chooser is None:
        return page(request, "class_code.html", status=404, message=UNKNOWN_CODE)
    chosen = tuple(int(one) for one in so_far.split("-") if one)
    chosen = chosen if picture is None or len(chosen) == LENGTH else (*chosen, picture)
    if len(chosen) < LENGTH:
        return _pictures_page(request, world, chooser, chosen=chosen)
    return await _finish(request, world, chooser, chosen=chosen, keep=bool(keep))


@router.get("/badge/{token}")
async def badge_page(request: Request, token: str) -> Response:
    """What a badge's code opens; a press of the button signs in, so that no program does by looking."""
    return page(request, "badge.html", token=token[:80], message="")


@router.post("/sign-in/badge", dependencies=[OpenFormRule])
async def use_badge(request: Request, world: TheWorld, token: Annotated[str, Form(max_length=80)]) -> Response:
    """Signs in whoever holds the badge."""
    with world.store.read() as connection:
        student = student_of_badge(connection, token)
        found = None if student is None else student_by_id(connection, world.store.vault, student)
    if found is None or not found.active:
        return page(request, "badge.html", status=404, token="", message=UNKNOWN_BADGE)
    return await _signed_in(request, found.id)


@router.post("/sign-out", dependencies=[FormRule])
async def sign_out_student(request: Request) -> Response:
    """Back to the names of the class."""
    response = RedirectResponse("/", 303)
    await end_session(request, response, SessionKind.STUDENT)
    return response


def _names_page(request: Request, world: World, code: str) -> Response | None:
    with world.store.read() as connection:
        group = class_by_code(connection, code.strip().upper()) if code else None
        students = students_of_class(connection, world.store.vault, group.id) if group else []
    return None if group is None else page(request, "names.html", group=group, students=students)


def _chooser(world: World, code: str, student: str) -> _Chooser | None:
    """None unless the class has this code and this student."""
    with world.store.read() as connection:
        group = class_by_code(connection, code.strip().upper())
        try:
            found = student_by_id(connection, world.store.vault, student)
        except HomeroomError:
            return None
    known = group is not None and found.class_id == group.id and found.active
    return _Chooser(group, found) if known and group is not None else None


def _pictures_page(
    request: Request, world: World, chooser: _Chooser, *, chosen: tuple[int, ...] = (), message: str = ""
) -> Response:
    with world.store.read() as connection:
        choosing = not has_pin(connection, chooser.student.id)
    shown = page(
        request,
        "pictures.html",
        group=chooser.group,
        student=chooser.student,
        pictures=PICTURES,
        chosen=chosen,
        needed=LENGTH,
        choosing=choosing,
        message=message,
    )
    remember(request, shown, DEVICE_COOKIE, value=_device(request))
    return shown


async def _finish(
    request: Request, world: World, chooser: _Chooser, *, chosen: tuple[int, ...], keep: bool
) -> Response:
    if not is_complete(chosen):
        return _pictures_page(request, world, chooser, message=TWICE_THE_SAME)
    with world.store.read() as connection:
        first_time = not has_pin(connection, chooser.student.id)
    if first_time and not keep:
        return _pictures_page(request, world, chooser, chosen=chosen)
    given = PinTry(chooser.student.id, _device(request), chosen)
    answer = await _answer(world, given, first_time=first_time)
    if answer is not PinAnswer.RIGHT:
        return _pictures_page(request, world, chooser, message=AFTER_TRY[answer])
    return await _signed_in(request, chooser.student.id)


async def _answer(world: World, given: PinTry, *, first_time: bool) -> PinAnswer:
    store, now = world.store, world.clock.now()
    if first_time:
        await asyncio.wrap_future(store.writer.submit(lambda c: set_pin(c, store.vault, given, now=now)))
        return PinAnswer.RIGHT
    return await asyncio.wrap_future(store.writer.submit(lambda c: try_pin(c, store.vault, given, now=now)))


def _device(request: Request) -> str:
    """A random name that this browser keeps; it says nothing about anybody."""
    kept = request.cookies.get(DEVICE_COOKIE, "")
    return kept if _DEVICE.match(kept) else secrets.token_hex(16)


async def _signed_in(request: Request, student: str) -> Response:
    response = RedirectResponse("/practice", 303)
    await start_session(request, response, SessionKind.STUDENT, subject=student)
    return response
