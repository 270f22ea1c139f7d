"""The report of a run as JSON ("homeroom.quality/1") and as a table that fits 100 columns."""

import hashlib
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.quality.entries import Entry
from benchmarks.quality.groups import GROUPS, METRICS, Answered, figures
from benchmarks.quality.options import Options
from benchmarks.quality.outputs import chances
from benchmarks.quality.protocol import Consortium
from common.clock import SystemClock
from common.models.log_file import LogFile

SCHEMA = "homeroom.quality/1"
PACKAGES = ("numpy", "scipy", "torch")

Json = dict[str, Any]


def heading(options: Options) -> Json:
    """Where the figures come from."""
    return {
        "schema": SCHEMA,
        "command": options.command,
        "seed": options.seed,
        "epsilons": list(options.epsilons),
        "date": SystemClock().now().date().isoformat(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"cores": len(os.sched_getaffinity(0)), "architecture": platform.machine()},
    }


def data_of(log: LogFile, path: Path | None) -> Json:
    """Counts and, for a file, its name and SHA-256; no row."""
    histories = log.histories
    attempts = [attempt for history in histories for attempt in history]
    return {
        "name": "simulated" if path is None else path.name,
        "sha256": None if path is None else hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows": log.interactions,
        "students": len(histories),
        "items": len({attempt.item for attempt in attempts}),
        "skills": len({skill for attempt in attempts for skill in attempt.skills}),
        "schools": len(log.schools),
        "share_correct": sum(attempt.correct for attempt in attempts) / max(len(attempts), 1),
        "several_skills": sum(len(attempt.skills) > 1 for attempt in attempts) / max(len(attempts), 1),
        "with_times": any(attempt.at_seconds is not None for attempt in attempts),
    }


def split_of(consortium: Consortium, truth: Sequence[Answered]) -> Json:
    """Who was where."""
    parts = [school.parts[0] for school in consortium.members]
    return {
        "federated": consortium.federated,
        "new_schools": [school.name for school in consortium.new],
        "counts": {
            "members": len(consortium.members),
            "train": sum(len(part.train) for part in parts),
            "validation": sum(len(part.validation) for part in parts),
            "test": sum(len(part.test) for part in parts),
            "new_students": sum(len(school.judged) for school in consortium.new),
            "left_out": consortium.left_out,
        },
        "schools": [
            {"school": one.name, "new": one.new, "training_rows": one.rows, "scored_students": one.students}
            for one in truth
        ],
    }


def result(entry: Entry, truth: Sequence[Answered]) -> Json:
    """One row of `results`."""
    by_school = chances(entry.outputs)
    spent = entry.spent
    row: Json = {
        "entry": entry.name,
        "model": entry.model,
        "regime": entry.regime,
        "private": spent.private,
        "noise": spent.noise,
        "budget": spent.budget,
        "epsilon_spent": spent.epsilon,
        "delta": spent.delta,
        "rounds": spent.rounds,
        "seconds_train": round(entry.seconds_train, 2),
        "seconds_predict": round(entry.seconds_predict, 2),
        "parameters_shared": spent.parameters,
        "n": sum(len(one.correct) for one in truth if not one.new),
    }
    for name, metric in METRICS:
        row[name] = figures(metric, truth, by_school, high_is_good=name == "auc")
    return row


def table(report: Mapping[str, Any]) -> str:
    """The results, at most 100 columns wide; "personal" is federated_personal."""
    head = f"{'rung':9}{'regime':10}{'noise':10}" + "".join(f"{group:>9}" for group in _SHORT.values())
    lines = [head + f"{'loss':>7}{'ECE':>6}", "-" * 96]
    for row in report["results"]:
        cells = "".join(_cell(row["auc"][group]) for group in GROUPS)
        loss, error = row["log_loss"]["pooled"], row["ece"]["pooled"]
        lines.append(
            f"{row['model']:9}{_SHORT_REGIMES[row['regime']]:10}{_noise(row):10}{cells}{loss:7.3f}{error:6.3f}"
        )
    return "\n".join(lines)


_SHORT_REGIMES = {
    "local": "local",
    "central": "central",
    "federated": "federated",
    "federated_personal": "personal",
}
_SHORT = {
    "pooled": "pooled",
    "mean": "mean",
    "small": "small",
    "worst_tenth": "worst",
    "new": "new",
    "new_mean": "new mean",
}


def _noise(row: Mapping[str, Any]) -> str:
    """ "none", "centr-3", "share-8"."""
    budget = row["budget"]
    return str(row["noise"]) if budget is None else f"{row['noise']}-{budget:g}"


def _cell(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{value:9.4f}"
