"""Schools of simulated students, with models fitted as a school fits its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from client.content.simulated_course import course_skill_map, simulated_course
from client.insight.replayed import KeptModels
from client.records.serving import OWN, ServedBkt, ServedLadder
from client.training.bkt_rung import fit_local_bkt
from client.training.local_fit import NOISY_PRIOR, fit_here
from client.training.simulated_prior import simulated_prior
from common.interactions import History
from common.models.encoding import encode
from common.models.ladder import LOGISTIC, LadderModels
from common.models.simulated_students import FAMILIES, SimulatedItem, simulate_population

SKILL_MAP = course_skill_map()
_SPREAD = 0.6  # of item difficulty within a skill, in logits


@dataclass(frozen=True, slots=True)
class Course:
    """What is practised: items with their difficulties, and a seed for how hard skills are."""

    items: tuple[SimulatedItem, ...] = field(repr=False)
    seed: int


def course(seed: int) -> Course:
    """The built-in course, its items unlike in difficulty."""
    rng = np.random.default_rng([seed, 5])
    return Course(
        tuple(
            SimulatedItem(item, skills, difficulty + float(rng.normal(0, _SPREAD)))
            for item, skills, difficulty in simulated_course().simulated_items()
        ),
        seed,
    )


def students_of(taught: Course, count: int, *, seed: int, answers: int) -> list[History]:
    """Students of all three families of minds in one course."""
    found: list[History] = []
    for number, family in enumerate(FAMILIES):
        population = simulate_population(
            family,
            taught.items,
            students=(count + number) // len(FAMILIES),
            rng=np.random.default_rng([seed, number]),
            skill_rng=np.random.default_rng([taught.seed, number]),
            median_interactions=float(answers),
        )
        found += population.histories
    return found


def fitted_models(histories: Sequence[History]) -> KeptModels:
    """BKT and the logistic model as a school without a release fits them."""
    encoded = [encode(history, SKILL_MAP) for history in histories]
    order = np.random.default_rng(0).permutation(len(encoded))
    train = [encoded[i] for i in order[len(order) // 5 :]]
    validation = [encoded[i] for i in order[: len(order) // 5]]
    logistic = fit_here(simulated_prior(SKILL_MAP.rows), NOISY_PRIOR, train=train, validation=validation)
    ladder = ServedLadder(OWN, SKILL_MAP, LOGISTIC, LadderModels(logistic.model))
    return KeptModels(ServedBkt(SKILL_MAP, fit_local_bkt(train, SKILL_MAP.rows)), ladder)
