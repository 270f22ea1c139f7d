"""The private training step beside the usual non-private one: ratios of interleaved repeats, one thread.

    python -m benchmarks.engine_speed [--out FILE] [--repeats 9]

Ours: one clipped sum from histories to a float64 vector, integer plan and padding included. Usual: `nn.LSTM` on
one-hot input, `nn.Linear` over all skills, mean log loss, backward and an SGD step, its batch prepared beforehand.
Both see the same full-length histories. Absolute times depend on the machine; only the ratio is compared.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from client.training.engine import clipped_sum
from client.training.windows_plan import Windows
from common.models.dkt import initial_arrays
from common.models.encoding import EncodedHistory


@dataclass(frozen=True, slots=True)
class Size:
    """students: one window each. steps: predictions in a window. skills: model rows. hidden: H."""

    students: int
    steps: int
    skills: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds of a step, and the median, lowest and highest ratio of a repeat (ours / usual)."""

    size: Size
    ours_seconds: float
    usual_seconds: float
    ratio: float
    lowest: float
    highest: float


SIZES = (Size(64, 100, 123, 100), Size(128, 100, 110, 64), Size(256, 200, 110, 64))
_CLIP_NORM = 1.0


def measure(size: Size, repeats: int) -> Measured:
    """Runs both steps in turn; the first turn isn't counted."""
    students = invented(size)
    arrays = initial_arrays(size.skills, size.hidden, seed=0)
    usual = _usual_step(size, students)
    pairs = []
    for _ in range(repeats + 1):
        ours = _seconds(lambda: clipped_sum(arrays, students, _CLIP_NORM))
        pairs.append((ours, _seconds(usual)))
    counted = pairs[1:]
    ratios = sorted(ours / other for ours, other in counted)
    return Measured(
        size,
        statistics.median(ours for ours, _ in counted),
        statistics.median(other for _, other in counted),
        statistics.median(ratios),
        ratios[0],
        ratios[-1],
    )


def invented(size: Size) -> list[Windows]:
    """Students with `steps` + 1 random attempts at items of one random skill each."""
    rng = np.random.default_rng(0)
    return [[_window(size, rng)] for _ in range(size.students)]


def _window(size: Size, rng: np.random.Generator) -> EncodedHistory:
    length = size.steps + 1
    skill_rows = np.full((length, 4), -1, np.int32)
    skill_rows[:, 0] = rng.integers(0, size.skills, length)
    return EncodedHistory(
        student="invented",
        items=("item",) * length,
        skill_rows=skill_rows,
        correct=rng.random(length) < 0.6,
        weight=np.ones(length, np.float32),
        at_seconds=np.full(length, np.nan),
    )


def _usual_step(size: Size, students: Sequence[Windows]) -> Callable[[], None]:
    lstm = torch.nn.LSTM(2 * size.skills, size.hidden, batch_first=True)
    linear = torch.nn.Linear(size.hidden, size.skills)
    optimiser = torch.optim.SGD([*lstm.parameters(), *linear.parameters()], lr=0.1)
    skill = torch.from_numpy(np.stack([s[0].skill_rows[:, 0] for s in students]).astype(np.int64))
    correct = torch.from_numpy(np.stack([s[0].correct for s in students]).astype(np.float32))
    token = skill[:, :-1] + size.skills * correct[:, :-1].long()

    def step() -> None:
        states, _ = lstm(torch.nn.functional.one_hot(token, 2 * size.skills).float())
        logits = linear(states).gather(2, skill[:, 1:, None]).squeeze(2)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, correct[:, 1:])
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()

    return step


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def main() -> None:
    """Prints a table; with --out also writes JSON."""
    parser = argparse.ArgumentParser(description="The private training step beside the usual one")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--repeats", type=int, default=9)
    given = parser.parse_args()
    torch.set_num_threads(1)
    rows = [measure(size, given.repeats) for size in SIZES]
    print("| students, steps, skills, hidden | ours ms | usual ms | ratio | lowest | highest |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        size = ", ".join(map(str, asdict(row.size).values()))
        times = f"{1e3 * row.ours_seconds:.1f} | {1e3 * row.usual_seconds:.1f}"
        print(f"| {size} | {times} | {row.ratio:.2f} | {row.lowest:.2f} | {row.highest:.2f} |")
    if given.out:
        versions = {"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version()}
        given.out.write_text(json.dumps({"versions": versions, "rows": [asdict(row) for row in rows]}, indent=1))


if __name__ == "__main__":
    main()
