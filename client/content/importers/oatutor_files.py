"""Reads OATutor problems, from packed JSON lines or from the pool's own folders, to the same records."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import ErrorCode, FixSettings

MAX_LINE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class RawHint:
    """id, hint or scaffold, ids it depends on, texts; answers and choices of a scaffold."""

    id: str
    scaffold: bool
    needs: tuple[str, ...]
    title: str
    text: str
    licence: str
    problem_type: str
    answer_type: str
    answers: tuple[str, ...]
    choices: tuple[str, ...]
    below: "tuple[RawHint, ...]"


@dataclass(frozen=True, slots=True)
class RawStep:
    """One thing to answer. skills may be empty in the folder layout, which keeps them in the skill model."""

    id: str
    title: str
    body: str
    problem_type: str
    answer_type: str
    answers: tuple[str, ...]
    choices: tuple[str, ...]
    skills: tuple[str, ...]
    hints: tuple[RawHint, ...]


@dataclass(frozen=True, slots=True)
class RawProblem:
    """One problem as the pool has it."""

    id: str
    title: str
    body: str
    lesson: str
    course: str
    source: str
    licence: str
    steps: tuple[RawStep, ...]


SkillModel = Mapping[str, tuple[str, ...]]


def read_problems(path: Path, skill_model: SkillModel | None = None) -> Iterator[RawProblem]:
    """All problems of a file of lines (plain or gzip) or of a folder; FixSettings for what isn't one."""
    for where, record in _folders(path) if path.is_dir() else _lines(path):
        try:
            yield _problem(record, skill_model or {})
        except (KeyError, TypeError, AttributeError) as caught:
            raise FixSettings(ErrorCode.BAD_CONTENT, f"{where} isn't an OATutor problem.") from caught


def read_skill_model(path: Path) -> SkillModel:
    """Step id -> skills; FixSettings for anything else."""
    found = _parsed(_bytes_of(path), path.name)
    if not isinstance(found, dict) or not all(isinstance(skills, list) for skills in found.values()):
        raise FixSettings(ErrorCode.BAD_CONTENT, f"{path.name} isn't a skill model (step id -> list of skills).")
    return {str(step): tuple(map(str, skills)) for step, skills in found.items()}


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(_bytes_of(path).splitlines(), start=1):
        if line.strip():
            yield f"Line {number} of {path.name}", _parsed(line, f"Line {number} of {path.name}")


def _folders(path: Path) -> Iterator[tuple[str, Any]]:
    """Each problem's JSON with its steps and their default pathways put in, in the order of their names."""
    pool = path / "content-pool" if (path / "content-pool").is_dir() else path
    found = False
    for folder in sorted(one for one in pool.iterdir() if (one / f"{one.name}.json").is_file()):
        found = True
        record = _parsed((folder / f"{folder.name}.json").read_bytes(), folder.name)
        steps = sorted((folder / "steps").iterdir()) if (folder / "steps").is_dir() else []
        yield folder.name, {**record, "steps": [_step_of_folder(step) for step in steps]}
    if not found:
        raise FixSettings(ErrorCode.BAD_CONTENT, f"{path.name} holds no OATutor problem.")


def _step_of_folder(folder: Path) -> Any:
    pathway = folder / "tutoring" / f"{folder.name}DefaultPathway.json"
    hints = _parsed(pathway.read_bytes(), pathway.name) if pathway.is_file() else []
    return {**_parsed((folder / f"{folder.name}.json").read_bytes(), folder.name), "hints": hints}


def _bytes_of(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as caught:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from caught


def _parsed(data: bytes, where: str) -> Any:
    try:
        if len(data) > MAX_LINE_BYTES and where.startswith("Line"):
            raise ValueError("too long")
        return json.loads(data)
    except ValueError as caught:
        raise FixSettings(ErrorCode.BAD_CONTENT, f"{where} isn't JSON of a usual size.") from caught


def _problem(record: Any, skill_model: SkillModel) -> RawProblem:
    return RawProblem(
        id=str(record["id"]),
        title=_text(record, "title"),
        body=_text(record, "body"),
        lesson=_text(record, "lesson"),
        course=_text(record, "courseName"),
        source=_text(record, "oer"),
        licence=_text(record, "license"),
        steps=tuple(_step(step, skill_model) for step in record["steps"]),
    )


def _step(record: Any, skill_model: SkillModel) -> RawStep:
    return RawStep(
        id=str(record["id"]),
        title=_text(record, "stepTitle"),
        body=_text(record, "stepBody"),
        problem_type=_text(record, "problemType"),
        answer_type=_text(record, "answerType"),
        answers=_texts(record, "stepAnswer"),
        choices=_texts(record, "choices"),
        skills=_texts(record, "skills") or skill_model.get(str(record["id"]), ()),
        hints=tuple(map(_hint, record["hints"])),
    )


def _hint(record: Any) -> RawHint:
    return RawHint(
        id=str(record["id"]),
        scaffold=record["type"] == "scaffold",
        needs=_texts(record, "dependencies"),
        title=_text(record, "title"),
        text=_text(record, "text"),
        licence=_text(record, "license"),
        problem_type=_text(record, "problemType"),
        answer_type=_text(record, "answerType"),
        answers=_texts(record, "hintAnswer"),
        choices=_texts(record, "choices"),
        below=tuple(map(_hint, record.get("subHints") or ())),
    )


def _text(record: Any, name: str) -> str:
    return str(record.get(name) or "")


def _texts(record: Any, name: str) -> tuple[str, ...]:
    return tuple(map(str, record.get(name) or ()))
