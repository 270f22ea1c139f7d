"""Steps timed in turn, so that a busy moment falls on all of them, and ratios of each turn."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Times = Mapping[str, list[float]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Median, lowest and highest ratio of a repeat."""

    median: float
    lowest: float
    highest: float


def interleaved(steps: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Processor seconds of each step in each repeat; the first turn isn't counted, the order moves on by one."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    names = list(steps)
    for repeat in range(repeats + 1):
        first = repeat % len(names)
        for name in names[first:] + names[:first]:
            seconds = processor_seconds(steps[name])
            if repeat:
                times[name].append(seconds)
    return times


def processor_seconds(step: Callable[[], object]) -> float:
    """What this process used: on a shared machine, waiting for one's turn is nobody's cost."""
    start = time.process_time()
    step()
    return time.process_time() - start


def ratio(times: Times, over: str, under: str) -> Ratio:
    """Of each repeat's two times."""
    ratios = sorted(a / b for a, b in zip(times[over], times[under], strict=True))
    return Ratio(statistics.median(ratios), ratios[0], ratios[-1])


def median_seconds(times: Times) -> dict[str, float]:
    """Recorded beside the ratios, never compared."""
    return {name: statistics.median(values) for name, values in times.items()}
