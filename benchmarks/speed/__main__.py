"""`python -m benchmarks.speed --out report.json`: the private step, BKT by EM and inference, beside what is usual.

One thread. Steps are taken in turn and compared repeat by repeat in processor seconds; medians. Ours goes from
histories to a float64 vector, plan and padding included; the others' batches are prepared beforehand. No side
pays for an optimiser step or noise. Memory is the rise of each step in a fresh process.
"""

import argparse
import json
from pathlib import Path

import torch

from benchmarks.speed.memory import VARIANTS, peak_bytes
from benchmarks.speed.report import report, size_entry, table
from benchmarks.speed.serving import measure_stack
from benchmarks.speed.sizes import SIZES
from benchmarks.speed.tracing import measure_bkt, measure_inference, read_histories
from benchmarks.speed.training_steps import measure

_LOG = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "assist2009_dev.tsv.gz"


def main() -> None:
    """Prints what is under way, then a table; writes the report."""
    given = _arguments()
    torch.set_num_threads(1)
    sizes = []
    for index in given.sizes:
        size = SIZES[index]
        print(f"training step {index + 1} of {len(SIZES)}: {size}", flush=True)
        measured = measure(size, given.repeats, given.seed)
        memory = {variant: peak_bytes(variant, index, given.seed) for variant in VARIANTS}
        sizes.append(size_entry(size, measured, memory))
        print("\n".join(table(sizes[-1:])), flush=True)  # a whole run takes half an hour on a busy machine
    print("BKT and inference", flush=True)
    histories, rows, source = read_histories(given.data, given.seed)
    bkt = {"data": source, **measure_bkt(histories, rows, given.repeats)}
    inference = measure_inference(rows, 64, given.seed)
    inference["stack"] = measure_stack(given.seed)
    print("\n".join(table(sizes)))
    print(f"BKT by EM: {bkt['em_seconds']:.2f} s, a loop over sequences {bkt['loop_vs_em']:.0f} times as long")
    print(f"one student, every skill, the network alone: {inference['numpy_milliseconds']:.3f} ms")
    for one in inference["stack"]:
        print(f"the whole stack after {one['answers']} answers: {one['stack_milliseconds']:.3f} ms")
    result = report(given.seed, given.repeats, sizes=sizes, bkt=bkt, inference=inference)
    given.out.write_text(json.dumps(result, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed and memory beside what is usual, as ratios")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", type=int, nargs="*", default=range(len(SIZES)), help="0 to 3; all if not given")
    parser.add_argument("--data", type=Path, default=_LOG, help="answer log for BKT; invented answers without it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
