"""`python -m benchmarks.attack --out report.json`: every attack with its defence off and on, audit and gates."""

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.attack.audit_round_code import (
    CLAIM,
    DELTA,
    HONEST,
    RATE,
    ROUNDS,
    AuditRun,
    claimed_noise,
    run_audits,
)
from benchmarks.attack.canaries import Canaries, make_canaries
from benchmarks.attack.classmate_membership import TRAIN_SHARE, attack_classmates
from benchmarks.attack.classmates import Classmates, make_classmates
from benchmarks.attack.default_plan import HIDDEN, STUDENTS, DefaultPlan, default_plan
from benchmarks.attack.faults import all_faults
from benchmarks.attack.flower_secagg import attack_flower
from benchmarks.attack.inconsistency import attack_inconsistency
from benchmarks.attack.inversion import attack_inversion
from benchmarks.attack.malicious_coordinator import attack_masking
from benchmarks.attack.membership import attack_membership
from benchmarks.attack.poisoning import attack_poisoning
from benchmarks.attack.property_inference import attack_property
from common.attack_report import HONEST_RUNS, SCHEMA, gates_of

CANARIES, WORKERS = 2000, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every gate is passed, else 1 after the ones that aren't."""
    given = _parser().parse_args(arguments)
    console = Console(stderr=True)
    report = run(seed=given.seed, console=console)
    given.out.write_text(json.dumps(without_nan(report), indent=1, allow_nan=False) + "\n")
    for gate in report["gates"]:
        word = "passed" if gate["passed"] else "FAILED"
        console.print(f"{word:7} {gate['name']}: {gate['value']:.3f} (limit {gate['limit']:g})")
    console.print(f"{report['seconds']:.0f} s. Written to {given.out}.", soft_wrap=True)
    return 0 if all(gate["passed"] for gate in report["gates"]) else 1


def run(*, seed: int, console: Console) -> dict[str, Any]:
    """The whole report."""
    os.environ["OMP_NUM_THREADS"] = "1"
    started = time.monotonic()
    plan, canaries = default_plan(), make_canaries(CANARIES)
    report: dict[str, Any] = {"schema": SCHEMA, "seed": seed, "plan": plan.in_words(), "canaries": CANARIES}
    with tempfile.TemporaryDirectory() as name, _progress(console) as bar:
        # In the background, since the audit takes as long as everything else together.
        with ProcessPoolExecutor(WORKERS - 1) as pool:
            audits = pool.submit(audit_all, canaries, Path(name) / "audit", seed)
            report |= _attacks(plan, canaries, Path(name), seed=seed, bar=bar)
            task = bar.add_task("Audit of the round code", total=1)
            report["audit"] = audits.result()
            bar.advance(task)
    gates = gates_of(report)
    report["gates"] = [asdict(gate) | {"passed": gate.passed} for gate in gates]
    report["seconds"] = round(time.monotonic() - started, 1)
    return report


def without_nan(value: Any) -> Any:
    """The same with None for numbers that JSON can't carry: a model that was destroyed has no AUC."""
    if isinstance(value, dict):
        return {name: without_nan(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def audit_all(canaries: Canaries, folder: Path, seed: int) -> dict[str, Any]:
    """Twenty honest runs and one for each seeded fault."""
    noise, faults = claimed_noise(), all_faults()
    wanted = [HONEST] * HONEST_RUNS + [*faults]
    rows = [_audit_row(one) for one in run_audits(canaries, wanted, folder, noise=noise, seed=seed)]
    return {
        "claimed": CLAIM,
        "delta": DELTA,
        "rounds": ROUNDS,
        "sampling_rate": RATE,
        "noise_multiplier": noise,
        "unit": "one student",
        "honest": rows[:HONEST_RUNS],
        "faults": [row | {"what": fault.what} for row, fault in zip(rows[HONEST_RUNS:], faults, strict=True)],
    }


def _audit_row(one: AuditRun) -> dict[str, Any]:
    row = asdict(one)
    bounds = (one.sums, one.changes)
    row["highest_bound"] = max(max(each.one_run, each.gaussian) for each in bounds)
    return row | {"found": one.found}


def _attacks(plan: DefaultPlan, canaries: Canaries, folder: Path, *, seed: int, bar: Progress) -> dict[str, Any]:
    steps: dict[str, Callable[[], Any]] = {
        "inversion": lambda: attack_inversion(plan, seed),
        "membership": lambda: attack_membership(plan, canaries, folder / "membership", seed=seed),
        "classmates": lambda: attack_classmates(plan, _classmates(plan, seed), folder / "classmates", seed=seed),
        "property": lambda: attack_property(plan, seed),
        "inconsistency": lambda: attack_inconsistency(plan, seed),
        "poisoning": lambda: attack_poisoning(plan, seed),
        "coordinator": partial(attack_masking, plan.campaign),
        "flower_secagg": lambda: attack_flower(seed),
    }
    task = bar.add_task("Attacks", total=len(steps))
    found = {}
    for name, step in steps.items():
        bar.update(task, description=f"Attack: {name}")
        found[name] = step()
        bar.advance(task)
    return found


def _classmates(plan: DefaultPlan, seed: int) -> Classmates:
    """Twice the training students of the schools whose noise is relied on: half of them are in."""
    members = round(plan.mechanism.honest_schools * STUDENTS * TRAIN_SHARE)
    return make_classmates(2 * members, hidden=HIDDEN, seed=seed)


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description:26}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        yield bar


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.attack")
    parser.add_argument("--out", type=Path, default=Path("report.json"))
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
