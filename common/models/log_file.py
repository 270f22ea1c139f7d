"""Reads an answer log ("pack TSV", gzip or plain) into histories by school, or says which lines are wrong.

One header line, then one row per attempt: student, school, order, item, skills, correct, ts. Rows of a student
are together and in the order they were answered. Skills are 1-4 ids joined by semicolons, taken from the row.
A file with any wrong line yields nothing: half a log would give figures that nobody can repeat.
"""

import gzip
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from common.errors import ErrorCode, FixSettings
from common.interactions import MAX_SKILLS, History, Interaction
from common.skills import SkillMap

COLUMNS = ("student", "school", "order", "item", "skills", "correct", "ts")
UNKNOWN_SCHOOLS = frozenset({"", "misc"})

_GZIP_MAGIC = b"\x1f\x8b"
_MAX_LINE_BYTES = 10_000
_SHOWN, _KEPT = 5, 200


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log that passed every check. schools: histories by school; unknown: those without a known school."""

    schools: dict[str, list[History]] = field(repr=False)
    unknown: list[History] = field(repr=False)
    interactions: int

    @property
    def histories(self) -> list[History]:
        """Everybody's, school by school, then those without one."""
        return [history for members in (*self.schools.values(), self.unknown) for history in members]

    def skill_map(self, version: str) -> SkillMap:
        """The log's skills in sorted order, so that the same log always gives the same rows."""
        return SkillMap(version, tuple(sorted({k for h in self.histories for i in h for k in i.skills})))


@dataclass(frozen=True, slots=True)
class _Row:
    student: str
    school: str
    order: int
    attempt: Interaction


@dataclass(slots=True)
class _Reading:
    """What has been read so far; the only thing here that changes."""

    rows: list[_Row] = field(default_factory=list)  # of the current student
    school_of: dict[str, str] = field(default_factory=dict)
    finished: dict[str, list[History]] = field(default_factory=dict)
    count: int = 0
    problems: list[str] = field(default_factory=list)
    wrong_lines: int = 0

    def refuse(self, line: int, reason: str) -> None:
        self.wrong_lines += 1
        if len(self.problems) < _KEPT:
            self.problems.append(f"line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class WrongLines:
    """What is wrong with a log, line by line, without a word of what stands there. more: lines not named."""

    lines: tuple[str, ...]
    more: int


def read_log(path: Path) -> LogFile:
    """The histories of a log.

    FixSettings: FILE_MISSING; BAD_LOG_FILE naming the first five wrong lines and how many more there are.
    """
    reading = _read(path)
    if reading.wrong_lines:
        raise FixSettings(ErrorCode.BAD_LOG_FILE, _complaint(path, reading))
    known = {school: h for school, h in reading.finished.items() if school not in UNKNOWN_SCHOOLS}
    unknown = [h for school in sorted(UNKNOWN_SCHOOLS) for h in reading.finished.get(school, [])]
    return LogFile(known, unknown, reading.count)


def wrong_lines(path: Path) -> WrongLines:
    """Up to 200 wrong lines of a log, none if it is sound. FixSettings if it can't be read at all."""
    reading = _read(path)
    return WrongLines(tuple(reading.problems), reading.wrong_lines - len(reading.problems))


def _read(path: Path) -> _Reading:
    reading = _Reading()
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP_MAGIC
            raw.seek(0)
            if packed:
                with gzip.open(raw) as unpacked:
                    _read_lines(unpacked, reading)
            else:
                _read_lines(raw, reading)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"There is no answer log at {path}.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FixSettings(ErrorCode.BAD_LOG_FILE, f"{path} is a damaged or incomplete gzip file.") from error
    return reading


def _complaint(path: Path, reading: _Reading) -> str:
    named = reading.problems[:_SHOWN]
    more = reading.wrong_lines - len(named)
    rest = f"; and {more} more wrong lines" if more else ""
    return f"Nothing was read from {path}: {'; '.join(named)}{rest}."


def _read_lines(file: BinaryIO | gzip.GzipFile, reading: _Reading) -> None:
    numbered = enumerate(_lines(file), start=1)
    header = next(numbered, (1, b""))[1]
    places = _places(header)
    if isinstance(places, str):
        reading.refuse(1, places)
        return
    for line, data in numbered:
        row = _parse(data, places)
        if isinstance(row, str):
            reading.refuse(line, row)
        else:
            _take(row, line, reading)
    _finish_student(reading)


def _lines(file: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    while data := file.readline(_MAX_LINE_BYTES + 1):
        yield data.rstrip(b"\r\n") if len(data) <= _MAX_LINE_BYTES else data
        while len(data) > _MAX_LINE_BYTES and not data.endswith(b"\n"):
            data = file.readline(_MAX_LINE_BYTES + 1)


def _places(header: bytes) -> tuple[int, ...] | str:
    """Where each column stands, or what is wrong with the header."""
    names = header.decode("utf-8-sig", "replace").split("\t")
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        return f"the header lacks {', '.join(missing)}"
    return tuple(map(names.index, COLUMNS))


def _parse(data: bytes, places: tuple[int, ...]) -> _Row | str:
    """A row that makes sense by itself, or what is wrong with it."""
    if len(data) > _MAX_LINE_BYTES:
        return f"it is longer than {_MAX_LINE_BYTES} bytes"
    try:
        cells = data.decode().split("\t")
    except UnicodeDecodeError:
        return "it isn't UTF-8"
    if len(cells) <= max(places):
        return f"it has {len(cells)} columns"
    student, school, order, item, skills, correct, ts = (cells[place] for place in places)
    if not student or not item:
        return "student or item is empty"
    if not (order.isascii() and order.isdigit()):
        return "order isn't a whole number"
    names = tuple(skills.split(";")) if skills else ()
    if not 1 <= len(names) <= MAX_SKILLS or "" in names or len(set(names)) != len(names):
        return f"skills needs 1 to {MAX_SKILLS} different ids"
    if correct not in ("0", "1"):
        return "correct is neither 0 nor 1"
    seconds = _seconds(ts)
    if seconds is not None and not math.isfinite(seconds):
        return "ts isn't a number"
    return _Row(student, school, int(order), Interaction(item, names, correct == "1", seconds))


def _seconds(ts: str) -> float | None:
    if not ts:
        return None
    try:
        return float(ts)
    except ValueError:
        return math.nan


def _take(row: _Row, line: int, reading: _Reading) -> None:
    """Adds a row to its student, or says why it can't follow the rows before it."""
    if not reading.rows or reading.rows[-1].student != row.student:
        _finish_student(reading)
        school = reading.school_of.get(row.student)
        if school is not None:
            same = school == row.school
            reading.refuse(line, "a student's rows aren't together" if same else "a student is in two schools")
        elif row.order != 0:
            reading.refuse(line, "order doesn't start at 0")
    else:
        reason = _unfit(reading.rows[-1], row)
        if reason:
            reading.refuse(line, reason)
    reading.school_of.setdefault(row.student, row.school)
    reading.rows.append(row)
    reading.count += 1


def _unfit(last: _Row, row: _Row) -> str:
    """Why `row` can't follow `last` of the same student; empty if it can."""
    before, attempt = last.attempt, row.attempt
    if row.school != last.school:
        return "a student is in two schools"
    if row.order != last.order + 1:
        return f"order jumps from {last.order} to {row.order}"
    if before.at_seconds is not None and attempt.at_seconds is not None and attempt.at_seconds < before.at_seconds:
        return "ts falls"
    same_answer = attempt.item == before.item and attempt.correct == before.correct
    if same_answer and not set(attempt.skills) & set(before.skills):
        return "it repeats the attempt above for another skill; an attempt is one row with all its skills"
    return ""


def _finish_student(reading: _Reading) -> None:
    if reading.rows and not reading.wrong_lines:
        history = History(reading.rows[0].student, tuple(row.attempt for row in reading.rows))
        reading.finished.setdefault(reading.rows[0].school, []).append(history)
    reading.rows = []
