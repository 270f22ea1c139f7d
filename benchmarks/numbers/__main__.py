"""Writes the figures of docs/numbers.md from reports.

    python -m benchmarks.numbers REPORT... [--page docs/numbers.md]

A report's `schema` says what it is. A section is replaced as a whole by the reports of its kind that are given (of
prediction: by those of its log); all others stay as they are. Pictures go to the folder `plots` beside the page.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.numbers.other_sections import kind_of, other, secagg, speed
from benchmarks.numbers.page import Section, with_sections
from benchmarks.numbers.quality_section import sections as quality
from common.errors import HomeroomError

Reports = Sequence[Mapping[str, Any]]


def main(arguments: Sequence[str]) -> int:
    """0, or 2 with a sentence for a report of no known kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.numbers", description="Writes docs/numbers.md.")
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--page", type=Path, default=Path("docs/numbers.md"))
    given = parser.parse_args(arguments)
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    try:
        for path in given.reports:
            report = json.loads(path.read_text())
            by_kind.setdefault(kind_of(report), []).append(report)
    except HomeroomError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    sections = [section for kind, reports in by_kind.items() for section in sections_of(kind, reports)]
    given.page.write_text(with_sections(given.page.read_text(), sections))
    folder = given.page.parent / "plots"
    folder.mkdir(exist_ok=True)
    for section in sections:
        for name, picture in section.plots.items():
            (folder / name).write_text(picture)
    print(f"{given.page}: {', '.join(section.name for section in sections)}")
    return 0


def sections_of(kind: str, reports: Reports) -> list[Section]:
    """By the kind of its reports."""
    if kind == "quality":
        return quality(reports)
    own = {"speed": speed, "secagg": secagg}
    return [own[kind](reports) if kind in own else other(kind, reports)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
