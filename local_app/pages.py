"""Rendering: templates with escaping on, mathematics as native MathML, and the headers of every page."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from client.content.figures import Figure
from client.content.items import Line, Part, plain_text
from local_app.world import world_of

FOLDER = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def load_templates() -> Jinja2Templates:
    """The pages; an unknown name in a template is an error, not an empty string."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["line"] = render_line
    environment.filters["plain"] = plain_text
    return Jinja2Templates(env=environment)


def render_line(line: Line) -> Markup:
    """Text is escaped; MathML and figures are made by our own packs and carry their words as a label."""
    return Markup("").join(_render_part(part) for part in line)


def _render_part(part: Part) -> Markup:
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, Figure):
        return Markup(part.svg)  # noqa: S704
    return Markup(part.mathml.replace("<math ", f'<math aria-label="{escape(part.alternative)}" ', 1))  # noqa: S704


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page with the school's name and everything that the layout needs."""
    world = world_of(request)
    shared = {"school_name": world.settings.school, "signed_in": False, "csrf": "", "home": "/", "sign_out": ""}
    return world.templates.TemplateResponse(
        request, template, {**shared, **context}, status_code=status, headers=HEADERS
    )
