"""BKT by EM over a whole log beside a loop over its sequences; what one prediction at a school takes."""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from benchmarks.speed.peers import failure, importable
from benchmarks.speed.plain_bkt import em_step
from benchmarks.speed.timing import interleaved, processor_seconds, ratio
from common.models.bkt import NAMES, BktParameters, default_bkt
from common.models.bkt_fit import fit_bkt
from common.models.dkt import initial_arrays, logits, pad, tensors, train_without_privacy
from common.models.dkt_numpy import logits_dkt, skill_logits, start, step
from common.models.encoding import EncodedHistory, encode
from common.models.log_file import read_log

ITERATIONS = 25
LOOP_ITERATIONS = 2
STRENGTH = 2.0
# What the log of assist2009_dev looks like, for machines that don't have it.
STUDENTS, SKILLS, MEAN_ATTEMPTS, MEAN_RUN = 2454, 107, 71, 5


def measure_bkt(histories: Sequence[EncodedHistory], rows: int, repeats: int) -> dict[str, Any]:
    """Seconds of the whole fit; the loop and pyBKT against as many iterations of ours, set-up included."""
    whole = [processor_seconds(lambda: fit_bkt(histories, rows, iterations=ITERATIONS)) for _ in range(repeats)]
    steps: dict[str, Callable[[], object]] = {
        "em": lambda: fit_bkt(histories, rows, iterations=LOOP_ITERATIONS, strength=STRENGTH)
    }
    pybkt = importable("benchmarks.speed.pybkt_em")
    broken = pybkt if isinstance(pybkt, str) else None
    if isinstance(pybkt, ModuleType):
        broken = failure(lambda: pybkt.pybkt_fit(histories[:3], 1))
        if broken is None:
            steps["pybkt"] = lambda: pybkt.pybkt_fit(histories, LOOP_ITERATIONS)
    begin = time.process_time()
    looped = _loop(histories, rows)
    loop_seconds = time.process_time() - begin
    times = interleaved(steps, repeats if len(steps) == 1 else 1)
    ours = fit_bkt(histories, rows, iterations=LOOP_ITERATIONS, strength=STRENGTH)
    return {
        "em_seconds": statistics.median(whole),
        "iterations": ITERATIONS,
        "loop_iterations": LOOP_ITERATIONS,
        "loop_vs_em": loop_seconds / statistics.median(times["em"]),
        "largest_difference": max(float(np.abs(getattr(ours, n) - getattr(looped, n)).max()) for n in NAMES),
        "pybkt_vs_em": ratio(times, "pybkt", "em").median if "pybkt" in times else {"skipped": broken},
    }


def _loop(histories: Sequence[EncodedHistory], rows: int) -> BktParameters:
    start_values = now = default_bkt(rows)
    for _ in range(LOOP_ITERATIONS):
        now = em_step(now, histories, mean=start_values, strength=STRENGTH)
    return now


def measure_inference(rows: int, hidden: int, seed: int, *, repeats: int = 1000) -> dict[str, Any]:
    """Wall milliseconds to take in one answer and predict every skill, without torch; and how near torch is."""
    arrays = initial_arrays(rows, hidden, seed)
    state, asked = start(hidden), np.array([1, 2, -1, -1], np.int32)
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        state = step(arrays, state, asked, correct=True)
        skill_logits(arrays, state)
        times.append(1e3 * (time.perf_counter() - begin))
    return {
        "numpy_milliseconds": statistics.median(times),
        "torch_difference": _torch_difference(rows, hidden, seed),
        "steps_compared": 1000,
        "rows": rows,
        "hidden": hidden,
    }


def _torch_difference(rows: int, hidden: int, seed: int) -> float:
    """Largest difference of a logit over 1,000 steps, after a little training on invented answers."""
    practice = invented_log(60, seed=seed, skills=rows - 1)
    arrays = train_without_privacy(initial_arrays(rows, hidden, seed), practice, {}, steps=25, seed=seed)
    (history,) = invented_log(1, seed=seed + 1, skills=rows - 1, attempts=1000)
    with torch.no_grad():
        wanted = logits(tensors(arrays), pad([history], {})).numpy()[0]
    return float(np.abs(logits_dkt(arrays, history, {}) - wanted).max())


def read_histories(path: Path, seed: int) -> tuple[list[EncodedHistory], int, str]:
    """Histories, model rows, and where they come from: the log, or invented ones of its shape without it."""
    if not path.exists():
        return invented_log(STUDENTS, seed=seed, skills=SKILLS), SKILLS + 1, "invented"
    log = read_log(path)
    skill_map = log.skill_map("speed")
    return [encode(history, skill_map) for history in log.histories], skill_map.rows, path.name


def invented_log(students: int, *, seed: int, skills: int, attempts: int | None = None) -> list[EncodedHistory]:
    """Runs of one skill, lengths geometric about MEAN_ATTEMPTS unless given, answers at random."""
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(1 / MEAN_ATTEMPTS, students) if attempts is None else np.full(students, attempts)
    return [_invented_history(int(length), skills, rng) for length in lengths]


def _invented_history(length: int, skills: int, rng: np.random.Generator) -> EncodedHistory:
    run = np.cumsum(rng.random(length) < 1 / MEAN_RUN)
    skill_rows = np.full((length, 4), -1, np.int32)
    skill_rows[:, 0] = 1 + rng.integers(0, skills, length + 1)[run]
    return EncodedHistory(
        student="invented",
        items=("item",) * length,
        skill_rows=skill_rows,
        correct=rng.random(length) < 0.66,
        weight=np.ones(length, np.float32),
        at_seconds=np.full(length, np.nan),
    )
