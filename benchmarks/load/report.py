"""The report of a run as JSON ("homeroom.load/1"), beside what it should show."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

from benchmarks.load.bare_commits import BareCommits
from benchmarks.load.pace import Pressed
from benchmarks.load.school import LoadedSchool
from common.clock import SystemClock

SCHEMA = "homeroom.load/1"
PACKAGES = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "jinja2", "numpy")
P99_MS, DURABLE_A_SECOND = 40.0, 1_000.0

Row = dict[str, Any]


def heading(command: str, seed: int, *, school: LoadedSchool) -> Row:
    """Where the figures come from."""
    return {
        "schema": SCHEMA,
        "command": command,
        "seed": seed,
        "date": SystemClock().now().date().isoformat(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"cores": len(os.sched_getaffinity(0)), "architecture": platform.machine()},
        "sessions": len(school.signed_in),
        "answers_before": round(school.answers_before, 1),
        "synchronous": "FULL",
    }


class Used(NamedTuple):
    """CPU seconds of server and generator, and requests, those between answers included."""

    server_seconds: float
    generator_seconds: float
    requests: float


def pressed_row(pressed: Pressed, used: Used, *, turn: int, bare: BareCommits) -> Row:
    """One turn; CPU is for each answer. of_bare: answers over the rows that bare group commits kept in this turn.

    load_average: of the machine at the end; server and generator are in it.
    """
    answers = len(pressed.waits)
    return {
        "turn": turn,
        "answers": answers,
        "answers_a_second": round(pressed.a_second, 1),
        "p50_ms": round(pressed.wait_ms(0.5), 2),
        "p99_ms": round(pressed.wait_ms(0.99), 2),
        "requests_an_answer": round(used.requests / answers, 2),
        "server_cpu_ms": round(1000 * used.server_seconds / answers, 2),
        "generator_cpu_ms": round(1000 * used.generator_seconds / answers, 2),
        "of_bare": round(pressed.a_second / bare.rows_a_second, 4),
        "load_average": round(os.getloadavg()[0], 2),
    }


def bare_row(bare: BareCommits, *, turn: int) -> Row:
    """One turn of bare group commits."""
    return {
        "turn": turn,
        "rows_a_second": round(bare.rows_a_second),
        "rows_a_commit": bare.rows_a_commit,
        "commit_ms": round(bare.commit_ms, 3),
    }


def goals(tables: Mapping[str, Sequence[Row]], durability: Sequence[Row]) -> list[Row]:
    """Medians over the turns beside what they should be."""
    p99 = _median(tables["paced"], "p99_ms")
    rate = _median(tables["sustained"], "answers_a_second")
    wrong = sum(row[name] for row in durability for name in ("lost", "unknown", "doubled", "miscounted"))
    return [
        _goal("p99 ms at the paced rate", p99, f"<= {P99_MS:g}", reached=p99 <= P99_MS),
        _goal("durable answers a second", rate, f">= {DURABLE_A_SECOND:g}", reached=rate >= DURABLE_A_SECOND),
        _goal("answers lost, doubled or miscounted", wrong, "0", reached=wrong == 0),
    ]


def _goal(what: str, value: float, wanted: str, *, reached: bool) -> Row:
    return {"goal": what, "measured": value, "wanted": wanted, "reached": "yes" if reached else "no"}


def _median(rows: Sequence[Row], name: str) -> float:
    return statistics.median(float(row[name]) for row in rows)
