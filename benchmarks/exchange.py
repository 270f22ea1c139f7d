"""Seconds of one exchange with every school: our link beside a stock flower-supernode, real processes over TLS.

    python -m benchmarks.exchange [--out FILE] [--schools 3] [--exchanges 30] [--stock-exchanges 4]

The same coordinator, keys, bundle and random content for both; schools connect through the gate. The first two
exchanges of ours and the first of the stock nodes are left out of the medians.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.exchange_apps import Order
from benchmarks.exchange_gate import DOOR, free_port, gate
from benchmarks.exchange_world import Exchange, World, world

TARGET_SECONDS = 0.6
_WARM_UP, _STOCK_WARM_UP = 2, 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the exchanges that count. right: whether every answer of every school was right."""

    what: str
    exchanges: int
    median: float
    lowest: float
    highest: float
    right: bool


def summary(what: str, exchanges: Sequence[Exchange], *, warm_up: int) -> Measured:
    """Median and range without the first `warm_up` exchanges."""
    seconds = [e.seconds for e in exchanges[warm_up:]]
    right = all(set(e.outcomes.values()) == {"right"} for e in exchanges)
    return Measured(what, len(seconds), statistics.median(seconds), min(seconds), max(seconds), right)


def table(rows: Sequence[Measured]) -> str:
    """The figures as a Markdown table."""
    lines = ["| school runs | exchanges | median s | lowest | highest | answers |", "|---|---|---|---|---|---|"]
    for row in rows:
        said = "right" if row.right else "WRONG"
        figures = f"{row.median:.3f} | {row.lowest:.3f} | {row.highest:.3f}"
        lines.append(f"| {row.what} | {row.exchanges} | {figures} | {said} |")
    return "\n".join(lines)


def versions() -> dict[str, str]:
    """What was measured, and on what."""
    packages = {name: version(name) for name in ("flwr", "httpx", "uvicorn", "starlette", "cryptography")}
    cores = str(len(os.sched_getaffinity(0)))
    return {**packages, "python": platform.python_version(), "machine": platform.machine(), "cores": cores}


def _ours(made: World, order: Order, address: str) -> list[Exchange]:
    with ExitStack() as stack:
        for school in made.keys:
            stack.enter_context(made.link(school, address=address))
        return made.measure(order)


def _stock(made: World, order: Order, address: str) -> list[Exchange]:
    with ExitStack() as stack:
        for school in made.keys:
            stack.enter_context(made.stock_node(school, port=free_port(), address=address))
        return made.measure(order)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints the table, and writes the figures as JSON if asked to."""
    parser = argparse.ArgumentParser(description="Seconds of one exchange with every school.")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--schools", type=int, default=3)
    parser.add_argument("--exchanges", type=int, default=30)
    parser.add_argument("--stock-exchanges", type=int, default=4)
    parser.add_argument("--size-bytes", type=int, default=300_000)
    options = parser.parse_args(arguments)
    schools = [f"school-{number}" for number in range(options.schools)]
    with tempfile.TemporaryDirectory(prefix="homeroom-exchange-") as folder:
        with world(Path(folder), schools) as made, gate(made) as address:
            count = options.exchanges + _WARM_UP
            ours = _ours(made, Order(options.schools, count, options.size_bytes), address)
            count = options.stock_exchanges + _STOCK_WARM_UP
            stock = _stock(made, Order(options.schools, count, options.size_bytes), address)
    rows = [
        summary("our link", ours, warm_up=_WARM_UP),
        summary("stock flower-supernode", stock, warm_up=_STOCK_WARM_UP),
    ]
    print(f"{options.schools} schools, {options.size_bytes} bytes each way, {DOOR}\n{table(rows)}")
    print(" ".join(f"{name} {value}" for name, value in versions().items()))
    print(f"target: our median below {TARGET_SECONDS} s: {'met' if rows[0].median < TARGET_SECONDS else 'MISSED'}")
    if options.out is not None:
        report = {"rows": [asdict(row) for row in rows], "versions": versions(), "target_s": TARGET_SECONDS}
        options.out.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
