"""A list of students with the groups that a school compares, read from CSV with a report by line.

The first line names the columns: `class`, `student`, and one or more things to compare (`language at home`). An
empty cell means that it isn't given. Commas or semicolons; UTF-8.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from client.records.classes import classes
from client.records.students import students_of_class
from client.records.vault import Vault
from common.errors import ErrorCode, FixSettings

LARGEST_BYTES = 5_000_000
LONGEST_LABEL, MOST_KINDS = 60, 8
_FIRST = ("class", "student")


@dataclass(frozen=True, slots=True)
class GroupFile:
    """labels: {student id: {what is compared: group}}, of good lines. faults: a sentence for each bad line."""

    labels: Mapping[str, Mapping[str, str]] = field(repr=False)
    faults: tuple[str, ...] = field(repr=False)


def read_groups(path: Path, connection: Connection, vault: Vault) -> GroupFile:
    """FixSettings if the file isn't there, isn't text, or has no usable first line."""
    rows = _rows(path)
    kinds = _kinds(rows[0] if rows else ())
    known = _students(connection, vault)
    labels: dict[str, dict[str, str]] = {}
    faults: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        found = _line(row, kinds, known)
        if isinstance(found, str):
            faults.append(f"Line {number}: {found}")
        elif found[0] in labels:
            faults.append(f"Line {number}: this student stands in an earlier line too.")
        else:
            labels[found[0]] = found[1]
    return GroupFile(labels, tuple(faults))


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise _bad(f"{path} is larger than {LARGEST_BYTES // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from error
    except UnicodeDecodeError as error:
        raise _bad(f"{path} isn't UTF-8 text. Save it as CSV in UTF-8.") from error
    first = text.partition("\n")[0]
    return list(csv.reader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ","))


def _kinds(header: Sequence[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in header]
    if tuple(name.casefold() for name in names[:2]) != _FIRST or not names[2:] or not all(names[2:]):
        raise _bad("The first line has to be: class,student, and then what is compared, such as language at home.")
    kinds = tuple(names[2:])
    if len(set(kinds)) < len(kinds) or len(kinds) > MOST_KINDS or max(map(len, kinds)) > LONGEST_LABEL:
        raise _bad(f"At most {MOST_KINDS} things can be compared, each named once, in {LONGEST_LABEL} letters.")
    return kinds


def _students(connection: Connection, vault: Vault) -> dict[tuple[str, str], list[str]]:
    """Ids by class and name, without regard to capitals and spaces."""
    known: dict[tuple[str, str], list[str]] = {}
    for group in classes(connection):
        for one in students_of_class(connection, vault, group.id):
            if one.display_name is not None:
                known.setdefault((_plain(group.name), _plain(one.display_name)), []).append(one.id)
    return known


def _line(
    row: Sequence[str], kinds: Sequence[str], known: Mapping[tuple[str, str], Sequence[str]]
) -> tuple[str, dict[str, str]] | str:
    """The student and their groups, or what is wrong with the line; it names no student."""
    if len(row) != len(kinds) + 2:
        return f"it has {len(row)} cells, and the first line has {len(kinds) + 2}."
    ids = known.get((_plain(row[0]), _plain(row[1])), ())
    if len(ids) != 1:
        return f"{'two students' if ids else 'no student'} of this name in this class."
    labels = {kind: " ".join(cell.split()) for kind, cell in zip(kinds, row[2:], strict=True)}
    if max(map(len, labels.values())) > LONGEST_LABEL:
        return f"a group's name is longer than {LONGEST_LABEL} letters."
    return ids[0], {kind: label for kind, label in labels.items() if label}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _bad(sentence: str) -> FixSettings:
    return FixSettings(ErrorCode.BAD_GROUP_FILE, sentence)
