"""A whole run on a small invented consortium: everything that the report promises is there."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality.__main__ import main
from benchmarks.quality.options import parse
from benchmarks.quality.report import table
from benchmarks.quality.run import run
from benchmarks.quality.simulated import simulated_log
from common.arrays import Arrays
from common.models.dkt import initial_arrays
from common.models.log_file import COLUMNS, LogFile
from common.skills import SkillMap
from tests.support.answer_logs import answer_log

GROUPS = {"pooled", "mean", "small", "worst_tenth", "new", "new_mean"}


def tsv(log: LogFile, *, schools: bool) -> str:
    """The log as a file, with or without its school column filled."""
    lines = ["\t".join(COLUMNS)]
    for school, histories in log.schools.items():
        for history in histories:
            for order, one in enumerate(history):
                cells = (history.student, school if schools else "", str(order), one.item, ";".join(one.skills))
                lines.append("\t".join((*cells, str(int(one.correct)), str(one.at_seconds))))
    return "\n".join(lines) + "\n"


def written(path: Path, *, schools: int, named: bool) -> Path:
    """A log of some invented schools."""
    path.write_text(tsv(simulated_log(3, schools=schools, smallest=12, largest=24), schools=named))
    return path


def untrained(skill_map: SkillMap, hidden: int, seed: int) -> Arrays:
    """Instead of a warm start, which takes ten seconds."""
    return initial_arrays(skill_map.rows, hidden, seed)


def reported(*arguments: str) -> dict[str, Any]:
    """The report of a run in this process."""
    with ThreadPoolExecutor(1) as pool:
        return run(parse(["--hidden", "6", *arguments]), pool, lambda _: None, first=untrained)


@pytest.fixture(scope="module")
def federated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run over four schools."""
    path = written(tmp_path_factory.mktemp("log") / "four.tsv", schools=4, named=True)
    return reported("--data", str(path), "--federate-by", "school")


def test_every_rung_in_every_regime_is_reported(federated: dict[str, Any]) -> None:
    """Four rungs, four regimes, and nothing private without a budget."""
    rows = {(row["model"], row["regime"]): row for row in federated["results"]}
    regimes = ("local", "central", "federated", "federated_personal")
    every = {(model, regime) for model in ("bkt", "lr", "dkt", "stack") for regime in regimes}
    assert set(rows) == every | {("served", "federated_personal")}
    assert all(set(row[metric]) == GROUPS for row in rows.values() for metric in ("auc", "log_loss", "ece"))
    assert not any(row["private"] for row in rows.values())
    assert len({row["n"] for row in rows.values()}) == 1
    assert all(0.5 < row["auc"]["pooled"] < 1 for row in rows.values() if row["model"] != "dkt")


def test_the_report_is_json_with_its_origin(federated: dict[str, Any]) -> None:
    """Schema, command, seed and the data's digest; no student in it."""
    text = json.dumps(federated, allow_nan=False)
    assert federated["schema"] == "homeroom.quality/1"
    assert federated["command"].startswith("python -m benchmarks.quality --hidden 6 --data")
    assert len(federated["data"]["sha256"]) == 64
    assert federated["split"]["counts"]["members"] == 3
    assert len(federated["split"]["new_schools"]) == 1
    assert "simulated-" not in text


def test_the_guards_of_leakage_are_in_the_report(federated: dict[str, Any]) -> None:
    """Every model passes the flip."""
    flips = federated["leakage"]["answer_flip"]
    assert set(flips) == {"bkt", "lr", "dkt", "stack"}
    assert all(one["passed"] and one["leaks"] == 0 and one["flips"] == 60 for one in flips.values())


def test_the_table_fits_a_hundred_columns(federated: dict[str, Any]) -> None:
    """One line per result."""
    lines = table(federated).splitlines()
    assert len(lines) == 2 + len(federated["results"])
    assert max(map(len, lines)) <= 100


def test_a_log_without_schools_gets_the_central_regime_alone(tmp_path: Path) -> None:
    """Also when a federation was asked for; and the same seed gives the same numbers."""
    path = written(tmp_path / "pot.tsv", schools=2, named=False)
    first, second = reported("--data", str(path), "--federate-by", "school"), reported("--data", str(path))
    assert {row["regime"] for row in first["results"]} == {"central"}
    assert all(row["auc"]["pooled"] is not None and row["auc"]["new"] is None for row in first["results"])
    assert [row["auc"] for row in first["results"]] == [row["auc"] for row in second["results"]]
    assert first["positions"] == second["positions"]


def test_a_malformed_log_is_refused_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written, and the process says 2."""
    path, out = tmp_path / "bad.tsv", tmp_path / "report.json"
    path.write_text("\t".join(COLUMNS) + "\nann\toak\t0\tq\tk\t2\t\n")
    assert main(["--data", str(path), "--out", str(out), "--processes", "1"]) == 2
    assert "line 2: correct is neither 0 nor 1" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "students", "with_times"),
    [
        ("assist2009_dev.tsv.gz", 40, False),
        ("assist2015_half.tsv.gz", 40, False),
        ("algebra05_half.tsv.gz", 6, True),
    ],
)
def test_the_same_command_reads_every_real_log(name: str, students: int, with_times: bool, tmp_path: Path) -> None:
    """The first students of each, with and without schools, times, and attempts of several skills."""
    kept: list[str] = []
    seen: dict[str, None] = {}
    with gzip.open(answer_log(name), "rt") as lines:
        for line in lines:
            seen.setdefault(line.partition("\t")[0])
            if len(seen) > students + 1:  # the header counts as one
                break
            kept.append(line)
    path = tmp_path / "slice.tsv"
    path.write_text("".join(kept))
    report = reported("--data", str(path), "--federate-by", "school")
    assert report["data"]["with_times"] == with_times
    assert {row["regime"] for row in report["results"]} >= {"central"}
    assert all(one["passed"] for one in report["leakage"]["answer_flip"].values())
    alarm = report["leakage"]["expansion_alarm"]
    assert (alarm is None) == (report["data"]["several_skills"] == 0)
