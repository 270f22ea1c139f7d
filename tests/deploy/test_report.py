"""The demo's table can be read in an ordinary terminal, and its report is plain JSON."""

import io
import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from deploy.demo.comparison import Trained, compare
from deploy.demo.report import DemoReport, SchoolFigures, print_report, write_report
from tests.support.judging import masked_campaign
from tests.support.plans import campaign_plan

SHARED = {"auc_logistic": 0.68, "auc_model": 0.72, "auc_shared": 0.73}


def _report(name: str) -> DemoReport:
    row = SchoolFigures(name, 180, 10_000, 0.61, 0.68, 0.72, 0.73, 0.63, 0.74, 1.25, "logistic")
    pooled = {"auc_start": 0.61, **SHARED, "auc_local": 0.63, "auc_served": 0.74}
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
    for word in (
        "students",
        "answers",
        "own BKT",
        "Epsilon",
        "10000",
        "0.720",
        "net",
        "logistic",
        "1.25",
        "Refusals: 1",
    ):
        assert word in printed


def test_it_says_whom_the_figure_trusts_and_what_masking_was_worth() -> None:
    """Shared noise with the number of honest schools and the figure without them; beside it the control run."""
    console = Console(file=io.StringIO(), width=200)
    plan = masked_campaign(epsilon=1.25, epsilon_alone=5.9)
    masked, full_noise = (
        Trained([one], {**SHARED, "auc_logistic": figure})
        for one, figure in ((plan, 0.68), (campaign_plan(epsilon=1.25, epsilon_alone=1.25), 0.66))
    )
    shared = replace(
        _report("A"),
        secure_aggregation=True,
        honest_schools=3,
        epsilon_alone=5.9,
        comparison=compare(masked, full_noise),
    )
    print_report(shared, console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert "3 honest schools' noise" in printed
    assert "5.90" in printed
    assert ["logistic", "1.25", "0.680", "0.660"] in [line.split() for line in printed.splitlines()]
    assert printed.count("no other school and no coordinator") == 1
    alone = Console(file=io.StringIO(), width=200)
    print_report(_report("A"), alone)
    assert "no other school and no coordinator" in alone.file.getvalue()  # type: ignore[attr-defined]


def test_the_report_is_written_as_json(tmp_path: Path) -> None:
    """With the transport named, and nothing that json can't hold."""
    write_report(_report("A"), tmp_path / "report.json")
    read = json.loads((tmp_path / "report.json").read_text())
    assert read["transport"] == "flower"
    assert read["schools"][0]["auc_served"] == 0.74
