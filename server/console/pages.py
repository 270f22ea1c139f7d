"""Rendering: Jinja2 templates with automatic escaping, and what every page knows."""

from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from common.errors import HomeroomError
from common.signing import fingerprint
from server.coordinator import Coordinator

_TEMPLATES = Path(__file__).parent / "templates"


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """Turns a template's name and values into a page of this coordinator's console."""

    coordinator: Coordinator
    environment: Environment = field(default_factory=_environment)

    def render(
        self, request: Request, template: str, *, status: int = 200, values: dict[str, object] | None = None
    ) -> HTMLResponse:
        """One page. Templates get the session (or None), the consortium's name and its key's fingerprint."""
        text = self.environment.get_template(template).render(
            session=getattr(request.state, "session", None),
            consortium=self.coordinator.settings.consortium,
            fingerprint=fingerprint(self.coordinator.identity.public_key),
            path=request.url.path,
            **(values or {}),
        )
        return HTMLResponse(text, status)

    def error(self, request: Request, status: int, error: HomeroomError) -> HTMLResponse:
        """A page that says what happened and what to do."""
        values: dict[str, object] = {"sentence": error.sentence, "remedy": error.remedy, "code": str(error.code)}
        return self.render(request, "error.html", status=status, values=values)
