"""Peak extra memory of a training step, each variant in a fresh process of its own.

python -m benchmarks.speed.memory VARIANT SIZE SEED     (prints bytes; what `peak_bytes` runs)
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.speed.own_step import summed_gradient
from benchmarks.speed.sizes import SIZES, Size, invented, tensors_of
from benchmarks.speed.usual_step import usual_step
from client.training.engine import clipped_sum
from common.models.dkt import initial_arrays

VARIANTS = ("torch", "own", "dp")
_TINY = Size(2, 5, 4, 4)
_STEPS = 3


def peak_bytes(variant: str, size_index: int, seed: int) -> int:
    """How far resident memory rises above what the prepared process holds, over a few steps."""
    command = [sys.executable, "-m", "benchmarks.speed.memory", variant, str(size_index), str(seed)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def step_of(variant: str, size: Size, seed: int) -> Callable[[], object]:
    """One of VARIANTS: `nn.LSTM` without privacy, our engine without, our engine with."""
    students = invented(size, seed)
    if variant == "torch":
        return usual_step(size, tensors_of(size, students))
    arrays = initial_arrays(size.skills, size.hidden, seed)
    if variant == "own":
        return lambda: summed_gradient(arrays, students)
    return lambda: clipped_sum(arrays, students, 1.0)


def _rise(variant: str, size: Size, seed: int) -> int:
    step_of(variant, _TINY, seed)()  # loads what is loaded at first use
    step = step_of(variant, size, seed)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts from here
    before = _status_bytes("VmRSS")
    for _ in range(_STEPS):
        step()
    return _status_bytes("VmHWM") - before


def _status_bytes(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))


def main() -> None:
    """Prints the rise in bytes."""
    variant, size_index, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    print(_rise(variant, SIZES[size_index], seed))


if __name__ == "__main__":
    main()
