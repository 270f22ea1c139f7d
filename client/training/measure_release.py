"""A release measured on this school's own students: their sets, the local fits, the gate and the figures."""

from client.records.store import Store
from client.training.dataset import local_sets
from client.training.evaluation import RungReport, compare_rungs
from common.arrays import Arrays
from common.models.release import ModelRelease


def measure_here(
    store: Store, split_key: bytes, release: ModelRelease, *, start: Arrays | None = None
) -> RungReport:
    """What serves from now on at this school, and why. start: the campaign's first model, if it was kept.

    Reads the answers of students who consent to practice. Nothing of the result leaves the school.
    """
    with store.read() as connection:
        sets = local_sets(connection, split_key, release.skill_map)
    return compare_rungs(
        sets.train,
        sets.validation,
        sets.test,
        release=release.arrays,
        start=release.arrays if start is None else start,
    )


def figures_of(report: RungReport, *, has_start: bool) -> dict[str, float]:
    """The report's numbers by name, without the start's if there was none to compare with."""
    return {name: value for name, value in report.figures().items() if has_start or name != "auc_start"}
