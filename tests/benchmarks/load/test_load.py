"""The load benchmark: what its devices type, what its report says, and one small run of all of it."""

import json
import sqlite3
from pathlib import Path

import pytest

from benchmarks.load.__main__ import main
from benchmarks.load.bare_commits import BareCommits, bare_commits
from benchmarks.load.device import wrong_text
from benchmarks.load.pace import Pressed
from benchmarks.load.report import Used, bare_row, goals, pressed_row
from benchmarks.numbers.__main__ import main as numbers
from client.content.bank import built_in_bank
from client.content.grader import grade

CLEAN = {"lost": 0, "unknown": 0, "doubled": 0, "miscounted": 0}


def test_a_wrong_answer_is_wrong_and_can_be_read() -> None:
    """Of every family: what can't be read would be no answer, and so look lost."""
    bank = built_in_bank()
    for family in bank.families():
        for seed in range(3):
            item = bank.generate(family.id, seed)
            graded = grade(item, wrong_text(item))
            assert (graded.readable, graded.solved) == (True, False), (family.id, seed)


def test_bare_commits_are_kept(tmp_path: Path) -> None:
    """The rate is that of rows which are there; a second turn goes on where the first ended."""
    path = tmp_path / "bare.db"
    found = [bare_commits(path, rows_a_commit=4, seconds=0.05) for _ in range(2)]
    rows = sqlite3.connect(path).execute("SELECT count(*) FROM answer").fetchone()[0]
    assert rows % 4 == 0
    assert 0 < rows <= 1.5 * 0.05 * sum(one.rows_a_second for one in found)
    assert all(one.commit_ms > 0 for one in found)


def test_a_turn_by_hand() -> None:
    """10 answers in 2 s, 50 ms of CPU, beside 1,000 bare rows a second."""
    bare = BareCommits(1000.0, 32, 1.5)
    row = pressed_row(Pressed((0.01,) * 10, 2.0), Used(0.05, 0.01, 16), turn=3, bare=bare)
    assert row["requests_an_answer"] == 1.6
    assert (row["turn"], row["answers"], row["answers_a_second"], row["of_bare"]) == (3, 10, 5.0, 0.005)
    assert (row["server_cpu_ms"], row["generator_cpu_ms"], row["p99_ms"]) == (5.0, 1.0, 10.0)
    assert bare_row(bare, turn=3) == {"turn": 3, "rows_a_second": 1000, "rows_a_commit": 32, "commit_ms": 1.5}


@pytest.mark.parametrize(
    ("p99", "rate", "wrong", "reached"),
    [(40.0, 1000.0, 0, ["yes", "yes", "yes"]), (40.1, 999.0, 1, ["no", "no", "no"])],
)
def test_goals_are_medians_beside_what_is_wanted(p99: float, rate: float, wrong: int, reached: list[str]) -> None:
    """One slow turn of three changes nothing; one doubled answer does."""
    paced = [{"p99_ms": value} for value in (p99, 1e3, 1.0)]
    sustained = [{"answers_a_second": value} for value in (rate, 1e4, 1.0)]
    found = goals({"paced": paced, "sustained": sustained}, [CLEAN, {**CLEAN, "doubled": wrong}])
    assert [goal["reached"] for goal in found] == reached
    assert [goal["measured"] for goal in found] == [p99, rate, wrong]


@pytest.mark.slow
def test_a_small_school_loses_nothing_and_reports_all(tmp_path: Path) -> None:
    """Real server processes, one of them killed in the midst of answers; some students answer nothing at all."""
    out, page = tmp_path / "report.json", tmp_path / "numbers.md"
    small = "--students 40 --late-students 2 --turns 1 --seconds 0.5 --kills 1 --after-answers 20 --at-once 4"
    assert main(["--out", str(out), "--folder", str(tmp_path), "--rate", "20", *small.split()]) == 0
    report = json.loads(out.read_text())
    assert report["sessions"] == 40
    assert [len(report[name]) for name in ("bare_commits", "paced", "sustained", "durability")] == [1, 1, 1, 3]
    killed, again, late = report["durability"]
    assert killed["kept"] == again["kept"] == killed["answers"] >= 20
    assert late["answers"] == 2 * 60
    assert all(row[name] == 0 for row in report["durability"] for name in CLEAN)
    page.write_text("# Numbers\n")
    assert numbers([str(out), "--page", str(page)]) == 0
    assert "## A school under load" in page.read_text()
    assert "| killed 1 times |" in page.read_text()
