"""What is measured at each school, apart from the measuring itself, which loads torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from client.commands.opened import opened_store
from client.records.releases import active_release
from client.settings import SchoolFolder
from common.models.metrics import auc
from deploy.demo.people import DemoSchool
from deploy.demo.report import SchoolFigures

# The shared logistic model, the shared network, and both together as a school begins with them.
SHARED = ("auc_logistic", "auc_model", "auc_shared")
RUNGS = ("auc_start", *SHARED, "auc_local", "auc_served")
Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One school's figures, and its held-out answers with each model's chances, for pooling."""

    figures: SchoolFigures
    correct: NDArray[np.bool_]
    chances: dict[str, Chances]


def has_release(school: DemoSchool, digest: str) -> bool:
    """Whether the school has installed this release."""
    with opened_store(SchoolFolder(school.folder)) as store, store.read() as connection:
        active = active_release(connection)
    return active is not None and active.digest == digest


def pool(measured: Sequence[Measured]) -> dict[str, float]:
    """AUC over the held-out answers of all schools together."""
    correct = np.concatenate([one.correct for one in measured])
    return {rung: auc(correct, np.concatenate([one.chances[rung] for one in measured])) for rung in RUNGS}
