"""create_app: builds the school's pages once, from its folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from client.content.school_bank import school_content
from client.content.symbolic_judge import SymbolicJudge
from client.practice.calendar import read_calendar
from client.practice.desk import open_desk
from client.practice.rephrase import Rephraser
from client.records.store import open_school_store
from client.settings import SchoolFolder, load_settings
from common.body_limit import BodyLimit
from common.clock import Clock, SystemClock
from local_app.errors import add_error_pages
from local_app.pages import FOLDER, load_templates
from local_app.routes import (
    admin,
    badges,
    display,
    health,
    help,
    insight,
    items,
    leaving,
    offline,
    sets,
    sign_in,
    staff_sign_in,
    student,
    talk,
    teacher,
)
from local_app.world import World

ROUTERS = tuple(
    part.router
    for part in (
        *(sign_in, staff_sign_in, student, sets, help, talk, display, leaving, offline),
        *(teacher, items, badges, admin, insight, health),
    )
)
# Forms hold an answer, a name or a decision.
LONGEST_FORM_BYTES = 64_000


def create_app(folder: SchoolFolder, *, clock: Clock | None = None) -> FastAPI:
    """The school's pages. The database opens when the server starts and is closed when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        world = build_world(folder, clock or SystemClock())
        app.state.world = world
        try:
            yield
        finally:
            world.store.close()
            if world.judge is not None:
                world.judge.close()

    app = FastAPI(title="Homeroom", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    # As they are: FastAPI builds the handler of an included router's route anew at each request.
    app.router.routes.extend(route for router in ROUTERS for route in router.routes)
    add_error_pages(app)
    app.add_middleware(BodyLimit, limit_bytes=lambda path: LONGEST_FORM_BYTES)
    return app


def build_world(folder: SchoolFolder, clock: Clock) -> World:
    """Opens the school's database and practice desk."""
    settings = load_settings(folder)
    store = open_school_store(folder, settings)
    desk = open_desk(
        store,
        folder,
        bank=school_content(folder.content).bank,
        clock=clock,
        calendar=read_calendar(settings.holidays),
    )
    rephraser = Rephraser(settings.tutor) if settings.tutor.model_address else None
    return World(folder, settings, store, desk, clock, load_templates(), rephraser, SymbolicJudge())
