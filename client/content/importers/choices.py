"""The options of an imported choice: equal ones merged, and the key among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from client.content.content_format import ContentChoice
from client.content.importers.content_lines import content_line, noted
from client.content.importers.mixed_text import LeftOut


@dataclass(frozen=True, slots=True)
class Options:
    """choices in the author's order; key: the id of the right one."""

    choices: tuple[ContentChoice, ...]
    key: str


def options_of(choices: Sequence[str], answers: Sequence[str], notes: list[str]) -> Options:
    """LeftOut with fewer than two different options, or when the key isn't exactly one of them."""
    different: dict[str, str] = {}
    for raw in choices:
        different.setdefault(_bare(raw), raw)
    if len(different) < len(choices):
        notes.append("equal choices merged")
    if len(different) < 2:
        raise LeftOut("fewer than two choices")
    right = {_bare(answer) for answer in answers}
    places = [at for at, bare in enumerate(different) if bare in right]
    if len(places) != 1:
        raise LeftOut("key not among the choices")
    made = tuple(
        ContentChoice(id=f"c{at}", label=content_line(noted(raw, notes)))
        for at, raw in enumerate(different.values(), start=1)
    )
    return Options(made, made[places[0]].id)


def _bare(raw: str) -> str:
    """Spaces and the marks around formulas say nothing."""
    return "".join(raw.replace("$$", "").replace("\\left", "").replace("\\right", "").split())
