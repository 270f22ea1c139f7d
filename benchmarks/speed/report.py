"""The report as JSON (schema homeroom.speed/1) and as a table of ratios beside what they should be."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.speed.sizes import Size
from benchmarks.speed.training_steps import Measured
from common.clock import SystemClock

SCHEMA = "homeroom.speed/1"
# ("at most" or "at least", bound) of each ratio of a size.
GOALS = {
    "dp_vs_torch": ("<=", 0.6),
    "dp_vs_own": ("<=", 1.25),
    "opacus_vs_dp": (">=", 20.0),
    "memory_vs_torch": ("<=", 0.6),
}
_PACKAGES = ("torch", "numpy", "opacus", "pykt-toolkit", "pyBKT")


def report(seed: int, repeats: int, **parts: Any) -> dict[str, Any]:
    """parts: `sizes`, `bkt`, `inference`."""
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    command = "python -m benchmarks.speed " + " ".join(sys.argv[1:])
    head = {
        "schema": SCHEMA,
        "command": command.rstrip(),
        "date": SystemClock().now().date().isoformat(),
        "machine": {"cores": len(os.sched_getaffinity(0)), "architecture": platform.machine()},
        "seed": seed,
        "repeats": repeats,
        "threads": 1,
    }
    return {**head, "versions": versions, **parts}


def size_entry(size: Size, measured: Measured, memory: Mapping[str, int]) -> dict[str, Any]:
    """Each ratio as one number, its spread apart; absolute figures are recorded, never compared."""
    ratios: dict[str, Any] = {name: ratio.median for name, ratio in measured.ratios.items()}
    for name in ("opacus", "pykt"):
        if name in measured.skipped:
            ratios[f"{name}_vs_dp"] = {"skipped": measured.skipped[name]}
    return {
        **asdict(size),
        **ratios,
        "memory_vs_torch": memory["dp"] / memory["torch"],
        "memory_own_vs_torch": memory["own"] / memory["torch"],
        "spreads": {name: [ratio.lowest, ratio.highest] for name, ratio in measured.ratios.items()},
        "processor_seconds": measured.seconds,
        "memory_bytes": dict(memory),
        "opacus_modes_seconds": measured.opacus_modes,
    }


def table(sizes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines of at most 100 columns."""
    lines = [f"{'students, steps, skills, hidden':34}" + "".join(f"{name:>16}" for name in GOALS)]
    for entry in sizes:
        shape = ", ".join(str(entry[name]) for name in ("students", "steps", "skills", "hidden"))
        lines.append(f"{shape:34}" + "".join(f"{_cell(entry[name]):>16}" for name in GOALS))
    lines.append(f"{'should be':34}" + "".join(f"{f'{sign} {bound:g}':>16}" for sign, bound in GOALS.values()))
    return lines


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "skipped"
