"""Rendering: templates with escaping on, mathematics as native MathML, and the headers of every page."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from client.content.figures import Figure
from client.content.glossary import terms_in
from client.content.items import Line, Part, plain_text
from client.content.phrases import Phrase
from client.records.display_settings import LANGUAGES, DisplaySettings
from local_app.words import OWN_NAMES, wanted_language, words_of
from local_app.world import world_of

FOLDER = Path(__file__).parent
LANGUAGE_COOKIE, YEAR_SECONDS, LONGEST_HEADER = "homeroom_language", 31_536_000, 200
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def load_templates() -> dict[str, Jinja2Templates]:
    """The pages by language; an unknown name in a template is an error, not an empty string."""
    return {language: _templates_in(language) for language in LANGUAGES}


def _templates_in(language: str) -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method; new style: what is filled in is escaped.
    environment.install_gettext_translations(words_of(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["terms"] = lambda lines: terms_in(*lines)
    environment.filters["say"] = lambda phrase: say(phrase, language)
    environment.filters["line"] = render_line
    environment.filters["plain"] = plain_text
    return Jinja2Templates(env=environment)


def render_line(line: Line) -> Markup:
    """Text is escaped; MathML and figures are made by our own packs and carry their words as a label."""
    return Markup("").join(_render_part(part) for part in line)


def _render_part(part: Part) -> Markup:
    if isinstance(part, str):
        return escape(part).replace("\n", Markup("<br>"))
    if isinstance(part, Figure):
        return Markup(part.svg)  # noqa: S704
    return Markup(part.mathml.replace("<math ", f'<math aria-label="{escape(part.alternative)}" ', 1))  # noqa: S704


def say(phrase: Phrase, language: str) -> Markup:
    """In a language of the pages; words that were filled in are content, which stays in English."""
    text = escape(words_of(language).gettext(phrase.text))
    if not phrase.values:
        return text
    as_content = Markup("{}") if language == "en" else Markup('<bdi lang="en">{}</bdi>')
    return text % {
        name: as_content.format(value) if isinstance(value, str) else value
        for name, value in phrase.values.items()
    }


def plain(phrase: Phrase, language: str) -> str:
    """The same as text, for what a device keeps."""
    text = words_of(language).gettext(phrase.text)
    return text % phrase.values if phrase.values else text


def page(
    request: Request, template: str, *, status: int = 200, display: DisplaySettings | None = None, **context: Any
) -> Response:
    """A page with the school's name and all that the layout needs, as the student or the device likes it."""
    world = world_of(request)
    shown = display or DisplaySettings(language=language_of(request))
    shared = {
        "school_name": world.settings.school,
        "signed_in": False,
        "csrf": "",
        "home": "/",
        "sign_out": "",
        "display": shown,
        "languages": OWN_NAMES,
    }
    return world.templates[shown.language].TemplateResponse(
        request, template, {**shared, **context}, status_code=status, headers=HEADERS
    )


def language_of(request: Request) -> str:
    """Of whoever isn't signed in: what the device chose, or what the browser asks for."""
    return wanted_language(
        request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("accept-language", "")[:LONGEST_HEADER]
    )


def remember(request: Request, response: Response, cookie: str, *, value: str) -> None:
    """Keeps a value with this browser for a year: a class, a language, a random name; nothing about a person."""
    response.set_cookie(
        cookie,
        value,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
