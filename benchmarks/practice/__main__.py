"""`python -m benchmarks.practice --out report.json`: policies and detectors on simulated students."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.practice.compare import FAMILIES, POLICIES, Figure, figures, joined, run_world
from benchmarks.practice.diagnosing import diagnosing
from benchmarks.practice.fitted import skills_of_log
from benchmarks.practice.gaming import gaming
from benchmarks.practice.gaps import gaps
from benchmarks.practice.spinning import spinning
from benchmarks.practice.targets import targets_of
from common.models.bkt import BktParameters

SCHEMA = "homeroom.practice/1"
WORKERS = 2
WORLDS, STUDENTS, BESIDE = 20, 1_000, 4_000
SINGLE_SKILL = ("bkt", "level", "rules")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 always: targets that don't hold are part of the report."""
    given = _parser().parse_args(arguments)
    console = Console(stderr=True)
    os.environ["OMP_NUM_THREADS"] = "1"
    started = time.monotonic()
    skills = None if given.data is None else skills_of_log(given.data, worlds=given.worlds, seed=given.seed)
    report: dict[str, Any] = {
        "schema": SCHEMA,
        "command": _command(arguments),
        "seed": given.seed,
        "versions": {name: version(name) for name in ("homeroom", "numpy")},
        "worlds": given.worlds,
        "students_per_world": given.students,
    }
    with ProcessPoolExecutor(WORKERS) as pool, _progress(console) as bar:
        beside = {name: pool.submit(work) for name, work in _beside(given).items()}
        report["families"] = families(given, pool, bar, skills=skills)
        report |= {name: one.result() for name, one in beside.items()}
    report["targets"] = [asdict(target) | {"holds": target.holds} for target in targets_of(report)]
    report["seconds"] = round(time.monotonic() - started, 1)
    given.out.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n")
    console.print("\n".join(table(report["families"])), soft_wrap=True, highlight=False, markup=False)
    for target in targets_of(report):
        word = "holds" if target.holds else "FAILS"
        sign = ">=" if target.at_least else "<="
        console.print(f"{word} {target.name}: {target.value:.3f} ({sign} {target.limit:g})", markup=False)
    console.print(f"{report['seconds']:.0f} s. Written to {given.out}.", soft_wrap=True)
    return 0


def diagnostic(students: int, seed: int) -> dict[str, Any]:
    """Classification by the diagnostic and by fixed forms, and planted gaps."""
    return {
        "classified": diagnosing(students=students, seed=seed),
        "gaps": {family: gaps(family, students=students, seed=seed) for family in SINGLE_SKILL},
    }


def spin(students: int, seed: int) -> dict[str, Any]:
    """The detector in each family."""
    return {family: spinning(family, students=students, seed=seed) for family in SINGLE_SKILL}


def _beside(given: argparse.Namespace) -> dict[str, Callable[[], dict[str, Any]]]:
    """What is measured beside the policies, each on 4,000 students unless fewer are asked for."""
    students = min(given.worlds * given.students, BESIDE)
    return {
        "diagnostic": partial(diagnostic, students, given.seed),
        "spin": partial(spin, students, given.seed),
        "gaming": partial(gaming, students=students, seed=given.seed),
    }


def families(
    given: argparse.Namespace, pool: ProcessPoolExecutor, bar: Progress, *, skills: list[BktParameters] | None
) -> dict[str, dict[str, dict[str, Figure]]]:
    """{family: {policy: {figure}}}; each world is a task of its own, and adding up waits for all of them."""
    waiting = {
        (family, policy): [
            pool.submit(
                run_world,
                (family, policy),
                world=world,
                students=given.students,
                seed=given.seed,
                skills=skills[world] if skills and family == "bkt" else None,
            )
            for world in range(given.worlds)
        ]
        for family in FAMILIES
        for policy in POLICIES
    }
    task = bar.add_task("Policies", total=len(waiting))
    found: dict[str, dict[str, dict[str, Figure]]] = {family: {} for family in FAMILIES}
    for (family, policy), worlds in waiting.items():
        done = joined([one.result() for one in worlds])
        found[family][policy] = figures(done, seed=given.seed)
        bar.advance(task)
    return found


def table(found: dict[str, dict[str, dict[str, Figure]]]) -> list[str]:
    """Lines of at most 100 characters: skills gained of 60 items, failure, over- and under-practice, retention."""
    lines = []
    for family, rows in found.items():
        lines += ["", f"| {family:26} | gained of 60      | fail | over | under | kept 30 d |"]
        lines.append("|" + "-" * 28 + "|" + "-" * 19 + "|------|------|-------|-----------|")
        for policy, row in rows.items():
            gained = row["gained_of_60"]
            cells = [f"{row[name]['value']:.2f}" for name in ("failure", "over_practice")]
            under, kept = (row[name]["value"] for name in ("under_practice", "retention_30d"))
            interval = f"{gained['value']:.2f} ({gained['low']:.2f}-{gained['high']:.2f})"
            lines.append(f"| {policy:26} | {interval:17} | {cells[0]} | {cells[1]} | {under:5.2f} | {kept:9.2f} |")
    return lines


def _command(arguments: Sequence[str] | None) -> str:
    return " ".join(["python -m benchmarks.practice", *(sys.argv[1:] if arguments is None else arguments)])


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.practice", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the report goes, as JSON")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worlds", type=int, default=WORLDS, help="sets of skills per family")
    parser.add_argument("--students", type=int, default=STUDENTS, help="per world")
    parser.add_argument("--data", type=Path, help="an answer log that the BKT family's skills are fitted on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
