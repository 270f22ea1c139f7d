"""A consortium of invented schools that practise the built-in packs: the same content, different students.

A skill is equally hard at every school, as if they taught the same course; decision 0010 says what other
populations give. Sizes lie evenly on a logarithmic scale, as real schools' do.
"""

from collections.abc import Sequence

import numpy as np

from client.content.bank import built_in_bank
from common.interactions import History
from common.models.log_file import LogFile
from common.models.simulated_students import Family, SimulatedItem, simulate_population

SCHOOLS, SMALLEST, LARGEST = 25, 20, 240
MEDIAN_ANSWERS = 40.0
FAMILY: Family = "growth"  # nearest to what logs of real practice look like


def simulated_log(
    seed: int, *, schools: int = SCHOOLS, smallest: int = SMALLEST, largest: int = LARGEST
) -> LogFile:
    """Schools by name, in no order of size."""
    items = pack_items()
    sizes = np.geomspace(smallest, largest, schools).round().astype(int).tolist()
    named = {f"school{n:02d}": _school(items, size, n, seed=seed) for n, size in enumerate(sizes)}
    return LogFile(named, [], sum(len(history) for members in named.values() for history in members))


def pack_items() -> list[SimulatedItem]:
    """What is public of the built-in packs: families, their skills and how hard their authors hold them to be."""
    return [SimulatedItem(*one) for one in built_in_bank().simulated_items()]


def _school(items: Sequence[SimulatedItem], students: int, number: int, *, seed: int) -> list[History]:
    population = simulate_population(
        FAMILY,
        items,
        students=students,
        rng=np.random.default_rng([seed, number]),
        skill_rng=np.random.default_rng(seed),
        median_interactions=MEDIAN_ANSWERS,
    )
    return population.histories
