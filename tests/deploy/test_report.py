"""The demo's table can be read in an ordinary terminal, and its report is plain JSON."""

import io
import json
from pathlib import Path

from rich.console import Console

from deploy.demo.report import DemoReport, SchoolFigures, print_report, write_report


def _report(name: str) -> DemoReport:
    row = SchoolFigures(name, 180, 10_000, 0.61, 0.72, 0.63, 0.74, 1.25, "dkt")
    pooled = {"auc_start": 0.61, "auc_model": 0.72, "auc_local": 0.63, "auc_served": 0.74}
    seconds = {"setup": 1.0, "campaign": 2.0, "per_round_median": 0.5}
    return DemoReport(
        (row,),
        rounds=3,
        secure_aggregation=False,
        honest_schools=1,
        epsilon=1.25,
        delta=1e-5,
        release="ab" * 32,
        seconds=seconds,
        pooled=pooled,
        refusals=({"round": 1, "school": name, "state": "refused", "code": "budget-year"},),
    )


def test_the_table_fits_eighty_columns_without_cutting_a_word() -> None:
    """Also when a log gives a school a long name: the name is folded."""
    console = Console(file=io.StringIO(), width=80)
    print_report(_report("a school whose name in the log is rather long"), console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert "…" not in printed
    for word in ("students", "answers", "own BKT", "epsilon", "10000", "0.720", "dkt", "1.25", "Refusals: 1"):
        assert word in printed


def test_the_report_is_written_as_json(tmp_path: Path) -> None:
    """With the transport named, and nothing that json can't hold."""
    write_report(_report("A"), tmp_path / "report.json")
    read = json.loads((tmp_path / "report.json").read_text())
    assert read["transport"] == "flower"
    assert read["schools"][0]["auc_served"] == 0.74
