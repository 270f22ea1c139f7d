"""Content files on disk: written whole or not at all, and read line by line with every fault named."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from client.content.bank import make_bank
from client.content.content_format import ContentHeader, ContentRecord, ContentSkill, ContentStep
from client.content.content_format_gate import fault_of
from client.content.content_format_items import family_of, skill_of
from common.errors import ErrorCode, FixSettings

MAX_LINE_BYTES = 1_000_000
_RECORD: TypeAdapter[ContentHeader | ContentSkill | ContentStep] = TypeAdapter(ContentRecord)


@dataclass(frozen=True, slots=True)
class ContentFile:
    """One file's header, skills and steps."""

    header: ContentHeader
    skills: tuple[ContentSkill, ...]
    steps: tuple[ContentStep, ...]


def write_content(path: Path, content: ContentFile) -> None:
    """One JSON value a line, header first; another file's place is taken only by the whole new one."""
    waiting = path.with_name(path.name + ".part")
    with waiting.open("w", encoding="utf-8", newline="\n") as file:
        for record in (content.header, *content.skills, *content.steps):
            plain = record.model_dump(mode="json", by_alias=True, exclude_defaults=False)
            file.write(json.dumps(plain, ensure_ascii=False, sort_keys=True) + "\n")
    waiting.replace(path)


def read_content(path: Path) -> ContentFile:
    """The file, every step past its gate; FixSettings with the first fault's line."""
    header: ContentHeader | None = None
    skills: list[ContentSkill] = []
    steps: list[ContentStep] = []
    for number, record in _records(path):
        if isinstance(record, ContentHeader) != (number == 1):
            raise _bad(path, number, "the header is the first line, once")
        if isinstance(record, ContentHeader):
            header = record
        elif isinstance(record, ContentSkill):
            skills.append(record)
        else:
            steps.append(_checked(path, number, record))
    if header is None:
        raise _bad(path, 1, "there is no header")
    found = ContentFile(header, tuple(skills), tuple(steps))
    _check_whole(path, found)
    return found


def faults_in(path: Path) -> Iterator[str]:
    """Every faulty line, one sentence each; what has to be seen as a whole only when all lines are sound."""
    sound = True
    for number, line in enumerate(_lines(path), start=1):
        try:
            record = _parsed(path, number, line)
            if isinstance(record, ContentStep):
                _checked(path, number, record)
        except FixSettings as fault:
            sound = False
            yield fault.sentence
    if sound:
        try:
            read_content(path)
        except FixSettings as fault:
            yield fault.sentence


def _check_whole(path: Path, content: ContentFile) -> None:
    if content.header.redistributable and not all(step.attribution.redistributable for step in content.steps):
        raise FixSettings(
            ErrorCode.BAD_CONTENT, f"{path.name} says that it may be passed on, but holds steps that may not."
        )
    make_bank(map(skill_of, content.skills), map(family_of, content.steps))


def _records(path: Path) -> Iterator[tuple[int, ContentHeader | ContentSkill | ContentStep]]:
    for number, line in enumerate(_lines(path), start=1):
        yield number, _parsed(path, number, line)


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError as caught:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from caught


def _parsed(path: Path, number: int, line: bytes) -> ContentHeader | ContentSkill | ContentStep:
    if len(line) > MAX_LINE_BYTES:
        raise _bad(path, number, "it is too long")
    try:
        return _RECORD.validate_json(line)
    except ValidationError as caught:
        first = caught.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _bad(path, number, f"{where or 'it'}: {first['msg']}") from caught


def _checked(path: Path, number: int, step: ContentStep) -> ContentStep:
    fault = fault_of(step)
    if fault:
        raise _bad(path, number, f"step {step.id} can't be practised: {fault}")
    return step


def _bad(path: Path, number: int, why: str) -> FixSettings:
    return FixSettings(ErrorCode.BAD_CONTENT, f"Line {number} of {path.name} is no homeroom.content/1: {why}.")
