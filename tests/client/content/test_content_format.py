"""Content files: what is written is read back, a faulty line is named, and their items join a bank."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client.cli import main
from client.content.content_format_files import faults_in, read_content, write_content
from client.content.content_format_mathml import inner_of, is_safe
from common.errors import FixSettings
from tests.support.invented_course import choice, problem, step


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A file with two steps, made by the command."""
    course = tmp_path / "course.jsonl"
    course.write_text(json.dumps(problem(step(), {**choice("$$x$$", "y", answer="y"), "id": "p1b"})))
    assert main(["import-content", str(course), "--out", str(tmp_path)]) == 0
    return tmp_path / "course.content.jsonl"


def _changed(path: Path, line: int, change: Callable[[dict[str, Any]], None]) -> Path:
    lines = path.read_text().splitlines()
    record = json.loads(lines[line - 1])
    change(record)
    path.write_text("\n".join([*lines[: line - 1], json.dumps(record), *lines[line:]]) + "\n")
    return path


def test_the_command_writes_a_file_that_passes_the_check(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a report beside it."""
    report = json.loads((content.parent / "course.report.json").read_text())
    assert (report["steps"], report["taken"], report["share"]) == (2, 2, 1.0)
    capsys.readouterr()
    assert main(["check-content", str(content)]) == 0
    assert capsys.readouterr().out == "Invented course: 2 steps of 1 skills, all of them sound.\n"


def test_what_is_written_is_read_back(content: Path) -> None:
    """Byte for byte when it is written again."""
    again = content.with_name("again.jsonl")
    write_content(again, read_content(content))
    assert again.read_bytes() == content.read_bytes()


@pytest.mark.parametrize(
    ("line", "change", "fault"),
    [
        (1, lambda one: one.update(schema="homeroom.content/2"), "schema"),
        (1, lambda one: one.update(kind="skill", id="x", name="x"), "Line 1"),
        (3, lambda one: one.update(key="4x + 13"), "key not graded right"),
        (3, lambda one: one.update(extra=1), "extra"),
        (3, lambda one: one["answer"].update(form="novel"), "answer not in normal form"),
        (3, lambda one: one["stem"][2].update(mathml="<script>1</script>"), "mathml"),
        (3, lambda one: one["stem"][2].update(mathml="<mi>x"), "mathml"),
        (3, lambda one: one["stem"][2].update(words=" "), "mathml"),
        (3, lambda one: one.update(skills=["none"]), "skills that no pack has"),
        (3, lambda one: one.update(id="oatutor.p1b"), "same id"),
        (3, lambda one: one["attribution"].update(redistributable=False), "may not"),
        (4, lambda one: one["choices"].pop(), "choices not distinct"),
        (4, lambda one: one["choices"][0].update(label=one["choices"][1]["label"]), "choices not distinct"),
        (4, lambda one: one.update(key="c9"), "key not graded right"),
    ],
)
def test_a_fault_is_named(
    content: Path, capsys: pytest.CaptureFixture[str], line: int, change: Callable[[Any], None], fault: str
) -> None:
    """By the check, with an exit code of 1, and by whoever reads the file."""
    path = _changed(content, line, change)
    assert main(["check-content", str(path)]) == 1
    assert fault in capsys.readouterr().err
    with pytest.raises(FixSettings, match=r"course\.content\.jsonl|same id|no pack has"):
        read_content(path)


def test_every_faulty_line_is_named(content: Path) -> None:
    """Not only the first."""
    for line in (3, 4):
        _changed(content, line, lambda one: one.update(key="5"))
    assert [fault.split(" is ")[0] for fault in faults_in(content)] == [
        "Line 3 of course.content.jsonl",
        "Line 4 of course.content.jsonl",
    ]


@pytest.mark.parametrize("command", ["import-content", "check-content"])
def test_a_missing_file_is_a_sentence(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback."""
    code = main([command, str(tmp_path / "none.jsonl"), "--folder", str(tmp_path)])
    assert code in (1, 2)
    assert "none.jsonl can't be read" in capsys.readouterr().err


def test_a_course_of_which_nothing_can_be_taken_leaves_a_report(tmp_path: Path) -> None:
    """And no content file."""
    course = tmp_path / "course.jsonl"
    course.write_text(json.dumps(problem(license="")))
    assert main(["import-content", str(course), "--out", str(tmp_path)]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course.jsonl", "course.report.json"]


@pytest.mark.parametrize(
    "inner",
    [
        "<mi>x</mi><mo>+</mo>",
        "<mfrac><mn>1</mn><mn>2</mn></mfrac>",
        "<mo>&lt;</mo>",
    ],
)
def test_mathematics_is_safe(inner: str) -> None:
    """In the spelling that the importer writes."""
    assert is_safe(inner)


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<mi>x",
        "<mi onclick='x'>x</mi>",
        "<mi href='x'>x</mi>",
        "<mtext><b xmlns='http://www.w3.org/1999/xhtml'>x</b></mtext>",
        "<script>x</script>",
        "<maction>x</maction>",
        "<annotation-xml>x</annotation-xml>",
        "<mi style='x'>x</mi>",
        "<mi>x</mi></math><math>",
    ],
)
def test_anything_else_is_not(inner: str) -> None:
    """No script, link, style or HTML, and nothing that isn't well-formed."""
    assert not is_safe(inner)


def test_no_document_type() -> None:
    """Entities could grow without end."""
    bomb = '<!DOCTYPE math [<!ENTITY a "aa">]><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>&a;</mi></math>'
    assert inner_of(bomb) is None
