"""`import-content` and `check-content`: course content of others as a content file, and a check of such a file."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from client.content.content_format import ContentHeader
from client.content.content_format_files import ContentFile, faults_in, read_content, write_content
from client.content.importers.oatutor import Imported, import_problems
from client.content.importers.oatutor_files import read_problems, read_skill_model

_MAX_FAULTS = 20


def import_content(given: Namespace) -> int:
    """Writes the content file and its report, and prints the report; 1 when no step could be taken."""
    skill_model = read_skill_model(given.skill_model) if given.skill_model else None
    found = import_problems(read_problems(given.file, skill_model), local_use=given.local_use)
    name = given.file.name.removesuffix(".gz").removesuffix(".jsonl")
    out = given.out or given.folder / "content"
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{name}.content.jsonl"
    report = out / f"{name}.report.json"
    if found.steps:
        write_content(target, _content(found, name, given.language))
    report.write_text(json.dumps(found.report.plain(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for line in found.report.lines():
        print(line)
    print(f"Written: {_written(target, report, found)}.")
    return 0 if found.steps else 1


def check_content(given: Namespace) -> int:
    """Prints what is wrong with a content file, or what it holds; 1 when something is wrong."""
    faults = list(faults_in(given.file))
    for fault in faults[:_MAX_FAULTS]:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults.", file=sys.stderr)
        return 1
    content = read_content(given.file)
    print(
        f"{content.header.title}: {len(content.steps)} steps of {len(content.skills)} skills, all of them sound."
    )
    return 0


def _content(found: Imported, name: str, language: str) -> ContentFile:
    courses = {step.attribution.course for step in found.steps}
    header = ContentHeader(
        title=courses.pop() if len(courses) == 1 else name,
        language=language,
        redistributable=all(step.attribution.redistributable for step in found.steps),
    )
    return ContentFile(header, tuple(found.skills.values()), tuple(found.steps))


def _written(target: Path, report: Path, found: Imported) -> str:
    return f"{target} and {report}" if found.steps else f"{report}; no step could be taken"
