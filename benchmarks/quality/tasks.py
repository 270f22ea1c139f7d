"""Fits spread over processes: one task per school, or one for all; each comes back with its CPU seconds."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

import torch

from benchmarks.quality.outputs import Outputs, Parts
from benchmarks.quality.protocol import School

T = TypeVar("T")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A result, and the CPU seconds that it took in its process."""

    value: T
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """One task per school, on its way."""

    parts: Mapping[str, Future[Timed[Parts]]] = field(repr=False)

    def gather(self) -> Timed[Outputs]:
        """Waits for all schools."""
        done = {name: future.result() for name, future in self.parts.items()}
        outputs = {name: timed.value for name, timed in done.items()}
        return Timed(outputs, sum(timed.seconds for timed in done.values()))


def workers(processes: int | None = None) -> AbstractContextManager[Executor]:
    """As many processes as there are cores, or as asked for; with one, a thread of this process."""
    count = len(os.sched_getaffinity(0)) if processes is None else processes
    if count <= 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(count, mp_context=get_context("forkserver"), initializer=_one_thread)


def submit(pool: Executor, task: Callable[..., T], *arguments: Any, **named: Any) -> Future[Timed[T]]:
    """Starts a task that is a function of a module, so that another process can find it."""
    return pool.submit(timed, task, *arguments, **named)


def spread(pool: Executor, task: Callable[..., Parts], schools: Iterable[School], /, **named: Any) -> Spread:
    """Starts `task(school, ...)` for each school."""
    return Spread({school.name: submit(pool, task, school, **named) for school in schools})


def timed(task: Callable[..., T], *arguments: Any, **named: Any) -> Timed[T]:
    """Runs a task and takes its CPU time."""
    start = time.process_time()
    value = task(*arguments, **named)
    return Timed(value, time.process_time() - start)


def _one_thread() -> None:
    torch.set_num_threads(1)
