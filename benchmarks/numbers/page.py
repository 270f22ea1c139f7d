"""The page itself: sections between markers, each replaced as a whole when its reports are given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.errors import Corrupt, ErrorCode


@dataclass(frozen=True, slots=True)
class Section:
    """name: of the markers. text: Markdown. plots: SVG by file name, to lie in docs/plots."""

    name: str
    text: str
    plots: Mapping[str, str] = field(default_factory=dict)


def with_sections(page: str, sections: Sequence[Section]) -> str:
    """The page with these sections in place of those of the same name; a new one goes to the end."""
    for section in sections:
        block = f"{_start(section.name)}\n{section.text.strip()}\n{_end(section.name)}"
        found = re.findall(f"{re.escape(_start(section.name))}.*?{re.escape(_end(section.name))}", page, re.DOTALL)
        if len(found) > 1 or (not found and _start(section.name) in page):
            raise Corrupt(ErrorCode.BAD_PARAMETER, f"The page's markers of {section.name} don't come in one pair.")
        page = page.replace(found[0], block) if found else f"{page.rstrip()}\n\n{block}\n"
    return page


def _start(name: str) -> str:
    return f"<!-- from reports: {name} -->"


def _end(name: str) -> str:
    return f"<!-- end of {name} -->"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with a rule under its head."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def origin(reports: Sequence[Mapping[str, Any]]) -> str:
    """One line: the commands, dates and machines of these reports."""
    commands = " and ".join(f"`{command}`" for command in _different(reports, "command"))
    dates = ", ".join(sorted(_different(reports, "date")))
    cores = sorted({str(report["machine"]["cores"]) for report in reports if "machine" in report})
    machine = f"CPU, {' or '.join(cores)} shared cores" if cores else "CPU"
    return "; ".join(part for part in (commands, dates, machine) if part) + "."


def _different(reports: Sequence[Mapping[str, Any]], key: str) -> list[str]:
    return list(dict.fromkeys(str(report[key]) for report in reports if report.get(key)))
