"""The ladder measured on this school's own students: with a release, or alone."""

from client.records.store import Store
from client.training.dataset import LocalSets, local_sets
from client.training.evaluation import climb_here
from client.training.local_fit import FAMILY_PRIOR, NOISY_PRIOR
from client.training.logistic_fit import LogisticPrior
from client.training.rung_report import RungReport
from client.training.rungs import Offered
from client.training.simulated_prior import simulated_prior
from common.arrays import Arrays
from common.models.ladder import BKT, LOGISTIC, Rung
from common.models.release import POOLED_QUANTILE, ModelRelease
from common.skills import SkillMap


def measure_here(
    store: Store,
    split_key: bytes,
    release: ModelRelease,
    *,
    start: Arrays | None = None,
    serving: Rung | None = None,
) -> RungReport:
    """What serves from now on at this school, and why. start: the network before the campaign, if it was kept.

    serving: the rung that serves now. Reads the answers of students who consent to practice. Nothing of the
    result leaves the school.
    """
    return _measure(_sets(store, split_key, release.skill_map), offered_by(release), start, serving=serving)


def measure_alone(
    store: Store, split_key: bytes, skill_map: SkillMap, *, serving: Rung | None = None
) -> RungReport:
    """The rungs that a school has without anybody else: its own BKT and its own logistic model."""
    offered = Offered(simulated_prior(skill_map.rows), NOISY_PRIOR)
    return _measure(_sets(store, split_key, skill_map), offered, None, serving=serving)


def offered_by(release: ModelRelease) -> Offered:
    """What a school climbs with after this release; the logistic prior is simulated if it holds none.

    Where too little can be judged here, the release's logistic model serves if the consortium has measured the
    release: new and small schools gain most from it.
    """
    shared, quantile = release.logistic, release.card.evaluation.get(POOLED_QUANTILE)
    if shared is None:
        return Offered(simulated_prior(release.skill_map.rows), NOISY_PRIOR, release.dkt, quantile=quantile)
    families = {family: row for row, family in enumerate(release.families)}
    default = LOGISTIC if release.card.evaluation else BKT
    strengths = FAMILY_PRIOR if families else NOISY_PRIOR
    return Offered(LogisticPrior(shared, families), strengths, release.dkt, default, quantile)


def _sets(store: Store, split_key: bytes, skill_map: SkillMap) -> LocalSets:
    with store.read() as connection:
        return local_sets(connection, split_key, skill_map)


def _measure(sets: LocalSets, offered: Offered, start: Arrays | None, *, serving: Rung | None) -> RungReport:
    return climb_here(sets.train, sets.validation, sets.test, offered=offered, start=start, serving=serving)
