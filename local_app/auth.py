"""Who is asking: session cookies, the token against forged forms, and the rule of each route.

A route without one of these rules is refused by a test, so forgetting a rule can't open a page.
"""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Form, Request, Response

from client.records.display_settings import DisplaySettings
from client.records.sessions import Session, SessionKind, close_session, open_session, session_of, touch_session
from client.records.staff import Role, Staff, may_see_class, staff_by_id
from client.records.student_sessions import practising
from client.records.students import Student
from common.errors import ErrorCode, Refused
from local_app.world import World, world_of

TOUCH_EVERY = timedelta(minutes=1)
COOKIES = {SessionKind.STUDENT: "homeroom_student", SessionKind.STAFF: "homeroom_staff"}


@dataclass(frozen=True, slots=True)
class SignedInStudent:
    """A student at a device, and the token that this session's forms carry."""

    student: Student
    csrf: str = field(repr=False)
    display: DisplaySettings

    @property
    def frame(self) -> dict[str, Any]:
        """What every page of a student needs around its content."""
        return {
            "signed_in": True,
            "csrf": self.csrf,
            "home": "/practice",
            "sign_out": "/sign-out",
            "name": self.student.display_name or "",
            "student": self.student.id,
            "display": self.display,
        }


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """A member of staff, and the token that this session's forms carry."""

    staff: Staff
    csrf: str = field(repr=False)

    @property
    def frame(self) -> dict[str, Any]:
        """What every staff page needs around its content."""
        return {
            "signed_in": True,
            "csrf": self.csrf,
            "home": "/teacher",
            "sign_out": "/staff/sign-out",
            "is_administrator": self.staff.role is Role.ADMINISTRATOR,
        }


class SignInNeeded(Refused):
    """Nobody is signed in, so the page is the sign-in of that kind."""

    def __init__(self, kind: SessionKind) -> None:
        super().__init__(ErrorCode.NOT_SIGNED_IN, "Please sign in first.")
        self.kind = kind


async def signed_in_student(request: Request) -> SignedInStudent:
    """The rule of every student page."""
    world = world_of(request)
    token, now = request.cookies.get(COOKIES[SessionKind.STUDENT], ""), world.clock.now()
    idle = _idle(world, SessionKind.STUDENT)
    vault = world.store.vault
    who = world.store.look(lambda c: practising(c, vault, token, now=now, idle=idle)) if token else None
    if who is None:
        raise SignInNeeded(SessionKind.STUDENT)
    await _touch(world, token, who.session, now=now)
    return SignedInStudent(who.student, csrf_of(token), who.display)


async def signed_in_staff(request: Request) -> SignedInStaff:
    """The rule of pages that any member of staff may open."""
    world = world_of(request)
    token, session = await _living_staff_session(request)
    with world.store.read() as connection:
        staff = staff_by_id(connection, session.subject)
    if not staff.active:
        raise SignInNeeded(SessionKind.STAFF)
    return SignedInStaff(staff, csrf_of(token))


async def signed_in_administrator(
    who: Annotated[SignedInStaff, Depends(signed_in_staff)],
) -> SignedInStaff:
    """The rule of the administrator's pages."""
    if who.staff.role is not Role.ADMINISTRATOR:
        raise Refused(ErrorCode.NOT_SIGNED_IN, "This page is for the school's administrator.")
    return who


def require_class(who: SignedInStaff, class_id: str) -> None:
    """Refused unless this person may see the class."""
    if not may_see_class(who.staff, class_id):
        raise Refused(ErrorCode.NOT_SIGNED_IN, "This class isn't one of yours.")


async def genuine_form(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """The rule of every form of a signed-in person: the session's own token, from our own pages."""
    same_origin(request)
    token = request.cookies.get(COOKIES[kind_of_page(request.url.path)], "")
    # As bytes: text with letters beyond ASCII can't be compared in constant time.
    if token and hmac.compare_digest(csrf_of(token).encode(), csrf.encode()):
        return
    raise Refused(ErrorCode.NOT_SIGNED_IN, "This form is too old. Open the page again.")


async def same_origin_form(request: Request) -> None:
    """The rule of forms before anybody is signed in."""
    same_origin(request)


def same_origin(request: Request) -> None:
    """Refused if the browser says that another site sent this form."""
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{request.headers.get('host', '')}":
        raise Refused(ErrorCode.NOT_SIGNED_IN, "This form came from another site.")


def kind_of_page(path: str) -> SessionKind:
    """Whose pages a path belongs to."""
    return SessionKind.STAFF if path.startswith(("/staff", "/teacher", "/admin")) else SessionKind.STUDENT


def csrf_of(token: str) -> str:
    """A value that only this session's pages know; it doesn't tell the session's token."""
    return hashlib.sha256(b"homeroom-form|" + token.encode()).hexdigest()


async def start_session(request: Request, response: Response, kind: SessionKind, *, subject: str) -> None:
    """Signs somebody in: a fresh token, kept hashed, in a cookie that scripts can't read."""
    world = world_of(request)
    now = world.clock.now()
    future = world.store.writer.submit(lambda connection: open_session(connection, kind, subject, now=now))
    token = await asyncio.wrap_future(future)
    response.set_cookie(
        COOKIES[kind], token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
    )


async def end_session(request: Request, response: Response, kind: SessionKind) -> None:
    """Signs this device out."""
    token = request.cookies.get(COOKIES[kind])
    if token:
        future = world_of(request).store.writer.submit(lambda connection: close_session(connection, token))
        await asyncio.wrap_future(future)
    response.delete_cookie(COOKIES[kind], path="/")


async def _living_staff_session(request: Request) -> tuple[str, Session]:
    world, kind = world_of(request), SessionKind.STAFF
    token, now = request.cookies.get(COOKIES[kind], ""), world.clock.now()
    with world.store.read() as connection:
        session = session_of(connection, token, now=now, idle=_idle(world, kind)) if token else None
    if session is None or session.kind is not kind:
        raise SignInNeeded(kind)
    await _touch(world, token, session, now=now)
    return token, session


async def _touch(world: World, token: str, session: Session, *, now: datetime) -> None:
    if now - session.last_seen_at > TOUCH_EVERY:
        future = world.store.writer.submit(lambda connection: touch_session(connection, token, now=now))
        await asyncio.wrap_future(future)


def _idle(world: World, kind: SessionKind) -> timedelta:
    web = world.settings.web
    minutes = web.student_idle_minutes if kind is SessionKind.STUDENT else web.staff_idle_minutes
    return timedelta(minutes=minutes)


async def the_world(request: Request) -> World:
    """`world_of` for routes: a plain function would be run in a thread of its own, at each request."""
    return world_of(request)


FormRule = Depends(genuine_form)
OpenFormRule = Depends(same_origin_form)
AsStudent = Annotated[SignedInStudent, Depends(signed_in_student)]
AsStaff = Annotated[SignedInStaff, Depends(signed_in_staff)]
AsAdministrator = Annotated[SignedInStaff, Depends(signed_in_administrator)]
TheWorld = Annotated[World, Depends(the_world)]
