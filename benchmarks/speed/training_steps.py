"""One size's training steps in turn: ours with and without privacy, the usual one, the loop, other libraries.

Our network reads a table of gate inputs, one row for each (skill, answer): that is `nn.LSTM` on one-hot input.
The usual embedding adds a product but is faster in torch, so `torch` is that one. Opacus has to clip the network
that ours clips, so `opacus` reads one-hot; with the embedding it is `opacus_embedding`.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

from benchmarks.speed.own_step import summed_gradient
from benchmarks.speed.peers import importable
from benchmarks.speed.sizes import Size, Tensors, invented, tensors_of
from benchmarks.speed.timing import Ratio, interleaved, median_seconds, processor_seconds, ratio
from benchmarks.speed.usual_step import UsualDkt, loop_step, usual_step
from client.training.engine import clipped_sum
from common.models.dkt import initial_arrays

CLIP_NORM = 1.0

OTHERS = ("loop", "opacus", "opacus_embedding", "pykt")

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measured:
    """ratios: by name. seconds: processor seconds, medians, recorded and never compared. skipped: reasons."""

    ratios: dict[str, Ratio]
    seconds: dict[str, float]
    skipped: dict[str, str] = field(default_factory=dict)
    opacus_modes: dict[str, float] = field(default_factory=dict)


def measure(size: Size, repeats: int, seed: int) -> Measured:
    """`repeats` counted turns of every step."""
    students = invented(size, seed)
    data, arrays = tensors_of(size, students), initial_arrays(size.skills, size.hidden, seed)
    steps: dict[str, Step] = {
        "dp": lambda: clipped_sum(arrays, students, CLIP_NORM),
        "own": lambda: summed_gradient(arrays, students),
        "torch": usual_step(size, data),
        "torch_one_hot": usual_step(size, data, one_hot_input=True),
        "loop": loop_step(UsualDkt(size), data, CLIP_NORM),
    }
    skipped: dict[str, str] = {}
    modes: dict[str, float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Opacus warns at every backward pass of a hooked module
        _add_opacus(steps, size, data, skipped=skipped, modes=modes)
        _add_pykt(steps, size, data, skipped=skipped)
        times = interleaved(steps, repeats)
    ratios = {
        "dp_vs_torch": ratio(times, "dp", "torch"),
        "dp_vs_torch_one_hot": ratio(times, "dp", "torch_one_hot"),
        "dp_vs_own": ratio(times, "dp", "own"),
        "own_vs_torch": ratio(times, "own", "torch"),
    }
    others = {f"{name}_vs_dp": ratio(times, name, "dp") for name in OTHERS if name in times}
    return Measured({**ratios, **others}, median_seconds(times), skipped, modes)


def _add_opacus(
    steps: dict[str, Step], size: Size, data: Tensors, *, skipped: dict[str, str], modes: dict[str, float]
) -> None:
    """For each input the fastest of the modes that work, by one uncounted step each at this size."""
    module = importable("benchmarks.speed.opacus_steps")
    if not isinstance(module, ModuleType):
        skipped["opacus"] = module
        return
    for name, one_hot_input in (("opacus", True), ("opacus_embedding", False)):
        made: dict[str, Step] = {}
        for mode in module.MODES:
            made[mode] = module.opacus_step(mode, size, data, clip_norm=CLIP_NORM, one_hot_input=one_hot_input)
            modes[f"{name} {mode}"] = processor_seconds(made[mode])
        steps[name] = made[min(made, key=lambda mode: modes[f"{name} {mode}"])]


def _add_pykt(steps: dict[str, Step], size: Size, data: Tensors, *, skipped: dict[str, str]) -> None:
    module = importable("benchmarks.speed.pykt_step")
    if isinstance(module, ModuleType):
        steps["pykt"] = module.pykt_step(size, data)
    else:
        skipped["pykt"] = module
