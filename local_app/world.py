"""World: everything that the pages share, built once by `create_app` and closed with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates

from client.content.symbolic_judge import SymbolicJudge
from client.practice.desk import PracticeDesk
from client.practice.rephrase import Rephraser
from client.records.store import Store
from client.settings import SchoolFolder, Settings
from common.clock import Clock


@dataclass(frozen=True, slots=True)
class World:
    """The school's open store, its practice desk, and the templates by language.

    rephraser: where a language model at the school may word the tutor's sentences. judge: compares
    expressions that the exact grader can't.
    """

    folder: SchoolFolder
    settings: Settings
    store: Store
    desk: PracticeDesk
    clock: Clock
    templates: Mapping[str, Jinja2Templates] = field(repr=False)
    rephraser: Rephraser | None = field(default=None, repr=False)
    judge: SymbolicJudge | None = field(default=None, repr=False)


def world_of(request: Request) -> World:
    """The world that `create_app` put on the application."""
    return world_at(request.app)


def world_at(app: FastAPI) -> World:
    """The same, for an application that has started."""
    return cast(World, app.state.world)
