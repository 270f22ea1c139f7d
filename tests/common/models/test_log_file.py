"""A good log is read whole; a log with a wrong line is not read at all, and the line is named."""

import gzip
from pathlib import Path

import pytest

from common.errors import ErrorCode, FixSettings
from common.interactions import Interaction
from common.models.log_file import WrongLines, read_log, wrong_lines
from tests.support.answer_logs import answer_log

HEADER = "student\tschool\torder\titem\tskills\tcorrect\tts"
GOOD = (
    "ann\toak\t0\tq1\t0\t1\t",
    "ann\toak\t1\tq2\t0;7\t0\t",
    "ben\t\t0\tq1\t0\t1\t5",
    "ben\t\t1\tq1\t0\t1\t5.5",
    "cem\tmisc\t0\tq3\tx\t0\t",
    "dua\telm\t0\tq3\tx\t0\t",
)


def written(path: Path, rows: tuple[str, ...] = GOOD, header: str = HEADER) -> Path:
    """A log file with these lines."""
    path.write_bytes("".join(f"{line}\n" for line in (header, *rows)).encode())
    return path


def complaint(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(FixSettings) as caught:
        read_log(path)
    assert caught.value.code == ErrorCode.BAD_LOG_FILE
    return caught.value.sentence


def test_a_good_log_is_read_by_school(tmp_path: Path) -> None:
    """Blank and misc are unknown; ids stay text; an attempt keeps all its skills."""
    log = read_log(written(tmp_path / "log.tsv"))
    assert {school: [h.student for h in members] for school, members in log.schools.items()} == {
        "oak": ["ann"],
        "elm": ["dua"],
    }
    assert sorted(h.student for h in log.unknown) == ["ben", "cem"]
    assert log.interactions == 6
    assert log.schools["oak"][0].interactions[1] == Interaction("q2", ("0", "7"), False)
    assert next(h for h in log.unknown if h.student == "ben").interactions[1].at_seconds == 5.5
    assert log.skill_map("v1").names == ("0", "7", "x")


def test_gzip_and_plain_are_told_apart_by_content_and_columns_by_name(tmp_path: Path) -> None:
    """A name may lie, columns may be in another order, and there may be more of them."""
    plain = read_log(written(tmp_path / "a.tsv.gz"))
    packed = tmp_path / "b.tsv"
    packed.write_bytes(gzip.compress((tmp_path / "a.tsv.gz").read_bytes()))
    turned = tmp_path / "c.tsv"
    lines = (tmp_path / "a.tsv.gz").read_text().splitlines()
    turned.write_text("".join("\t".join(["more", *reversed(line.split("\t"))]) + "\r\n" for line in lines))
    assert read_log(packed) == plain
    assert read_log(turned) == plain


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ann\toak\t3\tq\tk\t1\t", "order jumps from 1 to 3"),
        ("ann\toak\t1\tq\tk\t1\t", "order jumps from 1 to 1"),
        ("ann\telm\t2\tq\tk\t1\t", "two schools"),
        ("eve\toak\t1\tq\tk\t1\t", "order doesn't start at 0"),
        ("ann\toak\t2\tq\tk\tyes\t", "neither 0 nor 1"),
        ("ann\toak\t2\tq\t\t1\t", "skills"),
        ("ann\toak\t2\tq\ta;b;c;d;e\t1\t", "skills"),
        ("ann\toak\t2\tq\ta;a\t1\t", "skills"),
        ("ann\toak\t2\tq\ta;\t1\t", "skills"),
        ("ann\toak\tlast\tq\tk\t1\t", "whole number"),
        ("ann\toak\t-1\tq\tk\t1\t", "whole number"),
        ("ann\toak\t2\t\tk\t1\t", "empty"),
        ("ann\toak\t2\tq\tk\t1\tnoon", "ts isn't a number"),
        ("ann\toak\t2\tq\tk\t1\tinf", "ts isn't a number"),
        ("ann\toak\t2\tq\tk", "5 columns"),
        ("", "1 columns"),
        ("ann\toak\t2\t" + "q" * 20_000 + "\tk\t1\t", "longer than"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, row: str, reason: str) -> None:
    """The header is line 1; the sentence says what is wrong and that nothing was read."""
    sentence = complaint(written(tmp_path / "log.tsv", (*GOOD[:2], row, *GOOD[2:])))
    assert "line 4" in sentence
    assert reason in sentence
    assert sentence.startswith("Nothing was read")
    assert "more wrong" not in sentence


def test_time_may_stand_still_but_not_fall(tmp_path: Path) -> None:
    """Unknown times in between are skipped over only as neighbours."""
    rows = ("ann\toak\t0\tq\tk\t1\t5", "ann\toak\t1\tr\tk\t1\t5", "ann\toak\t2\ts\tk\t1\t4")
    assert "line 4: ts falls" in complaint(written(tmp_path / "log.tsv", rows))


def test_a_student_whose_rows_are_apart_is_refused(tmp_path: Path) -> None:
    """In the same school and in another one."""
    apart = (*GOOD, "ann\toak\t2\tq\tk\t1\t")
    assert "line 8: a student's rows aren't together" in complaint(written(tmp_path / "a.tsv", apart))
    moved = (*GOOD, "ann\telm\t0\tq\tk\t1\t")
    assert "line 8: a student is in two schools" in complaint(written(tmp_path / "b.tsv", moved))


def test_an_attempt_expanded_into_a_row_per_skill_is_refused(tmp_path: Path) -> None:
    """The second row would be predicted from its own answer."""
    rows = ("ann\toak\t0\tq\ta\t1\t", "ann\toak\t1\tq\tb\t1\t")
    assert "line 3: it repeats the attempt above" in complaint(written(tmp_path / "log.tsv", rows))


def test_doing_an_item_again_is_not_an_expanded_attempt(tmp_path: Path) -> None:
    """The same skills again, or another answer."""
    rows = ("ann\toak\t0\tq\ta\t1\t", "ann\toak\t1\tq\ta\t1\t", "ann\toak\t2\tq\tb\t0\t")
    assert read_log(written(tmp_path / "log.tsv", rows)).interactions == 3


def test_only_the_first_five_wrong_lines_are_named(tmp_path: Path) -> None:
    """And the others counted."""
    sentence = complaint(written(tmp_path / "log.tsv", tuple("ann\toak\t0\tq\tk\t2\t" for _ in range(12))))
    assert "line 6" in sentence
    assert "line 7" not in sentence
    assert "and 7 more wrong lines" in sentence


def test_a_report_names_every_wrong_line_up_to_two_hundred(tmp_path: Path) -> None:
    """Twelve are all named; of 205, five are counted; a sound log has none."""
    wrong = "ann\toak\t0\tq\tk\t2\t"
    few = wrong_lines(written(tmp_path / "few.tsv", (wrong,) * 12))
    assert few.lines == tuple(f"line {n}: correct is neither 0 nor 1" for n in range(2, 14))
    assert few.more == 0
    many = wrong_lines(written(tmp_path / "many.tsv", (wrong,) * 205))
    assert (len(many.lines), many.more) == (200, 5)
    assert wrong_lines(written(tmp_path / "sound.tsv")) == WrongLines((), 0)


def test_the_sentence_holds_nothing_about_a_student(tmp_path: Path) -> None:
    """Ids and answers stay out of messages and logs."""
    sentence = complaint(written(tmp_path / "log.tsv", ("Zacharias\toak\t4\titem77\tk\t1\t",)))
    assert "Zacharias" not in sentence
    assert "item77" not in sentence


def test_a_header_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    """So is an empty file."""
    short = HEADER.replace("\titem", "").replace("\tts", "")
    assert "line 1: the header lacks item, ts" in complaint(written(tmp_path / "log.tsv", (), short))
    (tmp_path / "empty.tsv").write_bytes(b"")
    assert "the header lacks student" in complaint(tmp_path / "empty.tsv")


def test_text_that_is_not_utf_8_is_refused_by_line(tmp_path: Path) -> None:
    """Latin-1 from a spreadsheet."""
    path = written(tmp_path / "log.tsv")
    path.write_bytes(path.read_bytes() + "cém\toak\t0\tq\tk\t1\t\n".encode("latin-1"))
    assert "line 8: it isn't UTF-8" in complaint(path)


def test_a_cut_or_damaged_gzip_file_is_refused(tmp_path: Path) -> None:
    """Nothing of what came before the damage is kept."""
    rows = tuple(f"s{i}\toak\t0\tq\tk\t1\t" for i in range(2000))
    packed = gzip.compress((HEADER + "\n" + "\n".join(rows) + "\n").encode())
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 255
    for n, data in enumerate((packed[: len(packed) // 2], bytes(damaged), packed[:12])):
        path = tmp_path / f"{n}.tsv.gz"
        path.write_bytes(data)
        assert "damaged or incomplete gzip" in complaint(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The path is the operator's own."""
    with pytest.raises(FixSettings) as caught:
        read_log(tmp_path / "nowhere.tsv")
    assert caught.value.code == ErrorCode.FILE_MISSING
    assert "nowhere.tsv" in caught.value.sentence


@pytest.mark.data
def test_the_real_log_of_24_schools_is_read_whole() -> None:
    """Counts as its README states them."""
    path = answer_log("assist2009_dev.tsv.gz")
    log = read_log(path)
    assert log.interactions == 174_955
    assert len(log.histories) == 2_454
    assert len(log.schools) == 24
    assert sum(len(h) for h in log.schools["b43"]) == 67_772
    assert log.skill_map("assist2009").rows == 108
