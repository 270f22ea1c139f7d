"""What a run of the benchmark was asked for, read from the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BY_SCHOOL, SILOS = "school", "silos:"
MOST_SILOS = 1000
LEAST_EPSILON, MOST_EPSILON = 0.1, 100.0
ONE_POT = 0  # silos


@dataclass(frozen=True, slots=True)
class Options:
    """data: an answer log; None: the simulated consortium. silos: cut by hash into so many, not by school.

    hidden, private_hidden: width of the DKT without and with privacy; noise grows with width.
    """

    data: Path | None
    out: Path | None
    by_school: bool
    silos: int | None
    epsilons: tuple[float, ...]
    seed: int
    hidden: int
    private_hidden: int
    processes: int | None
    command: str


def parse(arguments: Sequence[str]) -> Options:
    """Exits with a sentence for what makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description="How well each rung predicts, alone and across schools, without and with privacy.",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="an answer log, see common/models/log_file.py")
    source.add_argument(
        "--simulated", action="store_true", help="invented schools that practise the built-in packs"
    )
    parser.add_argument(
        "--federate-by",
        type=_silos,
        default=ONE_POT,
        metavar="school|silos:N",
        help="train across schools or N silos",
    )
    parser.add_argument(
        "--epsilon", type=_budget, nargs="+", default=[], help="also train with privacy at these budgets"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the split and of everything that is drawn")
    parser.add_argument("--hidden", type=int, default=64, help="width of the DKT")
    parser.add_argument("--private-hidden", type=int, default=24, help="width of the DKT trained with privacy")
    parser.add_argument("--processes", type=int, help="as many as there are cores if not given")
    parser.add_argument("--out", type=Path, help="where to write the report as JSON")
    given = parser.parse_args(arguments)
    return Options(
        data=given.data,
        out=given.out,
        by_school=given.simulated or given.federate_by is None,
        silos=given.federate_by or None,
        epsilons=tuple(sorted(set(given.epsilon))),
        seed=given.seed,
        hidden=given.hidden,
        private_hidden=given.private_hidden,
        processes=given.processes,
        command=_command(arguments),
    )


def _silos(federate_by: str) -> int | None:
    """argparse's type of --federate-by: None for the log's own schools."""
    if federate_by == BY_SCHOOL:
        return None
    count = federate_by.removeprefix(SILOS)
    if not (federate_by.startswith(SILOS) and count.isdecimal() and 2 <= int(count) <= MOST_SILOS):
        raise argparse.ArgumentTypeError(f"takes school or silos:N with N from 2 to {MOST_SILOS}")
    return int(count)


def _budget(text: str) -> float:
    """argparse's type of --epsilon."""
    epsilon = float(text)
    if not LEAST_EPSILON <= epsilon <= MOST_EPSILON:
        raise argparse.ArgumentTypeError(f"must be between {LEAST_EPSILON:g} and {MOST_EPSILON:g}")
    return epsilon


def _command(arguments: Sequence[str]) -> str:
    """As somebody else would type it: where the report goes is their own affair."""
    kept = list(arguments)
    if "--out" in kept:
        at = kept.index("--out")
        del kept[at : at + 2]
    return " ".join(("python -m benchmarks.quality", *kept))
