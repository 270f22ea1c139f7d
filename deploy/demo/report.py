"""The demo's result: one row per school, pooled figures, demo-report.json and a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.demo.comparison import Comparison, assumption, comparison_table

FIGURES = ("students", "answers", "start", "shared", "net", "own BKT", "served", "rung")


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """One school on its own held-out students. AUC of the shared model before all campaigns, of the shared
    logistic model, of the shared network (the logistic model again if none was trained), of both together before
    the school fits anything, of BKT fitted locally, and of what the school now serves; epsilon by its ledger.
    """

    name: str
    students: int
    interactions: int
    auc_start: float
    auc_logistic: float
    auc_model: float
    auc_shared: float
    auc_local: float
    auc_served: float
    epsilon: float
    rung: str = ""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What `demo-report.json` holds. `pooled`: the same AUCs over the held-out answers of all schools.

    rounds, honest_schools, release and the like: of the last campaign; epsilon: of all. campaigns: each one's
    name, kind of model, rounds, epsilon so far and median seconds of a round. comparison: the shared models beside
    those of the same campaigns with the full noise at each school and no masks.
    """

    schools: tuple[SchoolFigures, ...]
    rounds: int
    secure_aggregation: bool
    honest_schools: int
    epsilon: float
    delta: float
    release: str
    seconds: Mapping[str, float]
    pooled: Mapping[str, float]
    comparison: Comparison | None = None
    epsilon_alone: float = 0.0
    refusals: Sequence[Mapping[str, Any]] = ()
    transport: str = "flower"
    data: str = "simulated students"
    notes: Sequence[str] = field(default_factory=tuple)
    campaigns: Sequence[Mapping[str, Any]] = ()


def write_report(report: DemoReport, path: Path) -> None:
    """Indented JSON."""
    path.write_text(json.dumps(asdict(report), indent=2) + "\n")


def print_report(report: DemoReport, console: Console) -> None:
    """The table, and one sentence each on privacy and on what was refused."""
    console.print(_table(report))
    for one in report.campaigns:
        console.print(
            f"{one['name']} ({one['model']}): {one['rounds']} rounds over Flower, median "
            f"{one['per_round_median']:.2f} s each, epsilon {one['epsilon']:.2f} so far."
        )
    console.print(
        f"Epsilon {report.epsilon:.2f} at delta {report.delta:g}; the unit is one student, neighbours differ by "
        f"one. {assumption(report.secure_aggregation, report.honest_schools, epsilon_alone=report.epsilon_alone)}"
    )
    if report.comparison is not None:
        console.print(comparison_table(report.comparison))
        console.print(f"Full noise at each school: {report.comparison.full_noise_assumption}")
    for note in report.notes:
        console.print(note)
    if report.refusals:
        console.print(f"Refusals: {len(report.refusals)}, see the report.")


def _table(report: DemoReport) -> Table:
    # Narrow enough for 80 columns; a long name is folded, a figure never cut.
    table = Table(
        title=f"Held-out students, AUC ({report.data}); net: the shared network",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("school")
    for column in FIGURES:
        table.add_column(column, justify="left" if column == "rung" else "right", no_wrap=True)
    for row in report.schools:
        table.add_row(
            row.name,
            str(row.students),
            str(row.interactions),
            *(f"{value:.3f}" for value in _aucs(asdict(row))),
            row.rung,
        )
    pooled = [f"{value:.3f}" for value in _aucs(report.pooled)]
    table.add_section()
    table.add_row("pooled", "", "", *pooled, "")
    return table


def _aucs(figures: Mapping[str, Any]) -> list[float]:
    """In the order of the table's columns."""
    return [float(figures[f"auc_{name}"]) for name in ("start", "logistic", "model", "local", "served")]
