"""Students like the demo's, some of them with a skill that few practise: candidates who are in or out by a coin.

Members and others are drawn alike, so nothing but the campaign itself can tell them apart.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.world import trainable_ids
from client.content.simulated_course import course_skill_map, simulated_course
from common.arrays import Arrays
from common.interactions import History, Interaction
from common.models.encoding import EncodedHistory, encode, windows
from common.models.simulated_students import Family, SimulatedItem, simulate_population
from common.models.warm_start import warm_start
from common.skills import SkillMap

# As in deploy/demo/people.py: how a school's students learn, and the median of their answers.
SORTS: tuple[tuple[Family, float], ...] = (("growth", 60), ("bkt", 45), ("growth", 70), ("rules", 50))
# Longer histories are cut to one of the plan's windows, so that a gradient is one row.
WINDOW = 100
# One candidate in RARE_EACH has a rare skill, and PRACTISE_IT candidates have the same one: half of them are in.
RARE_EACH, PRACTISE_IT, RARE_ANSWERS = 2, 10, 1 / 3


@dataclass(frozen=True, slots=True)
class Classmates:
    """candidates: sorted by id. rare: (n,) who practises a rare skill."""

    candidates: tuple[History, ...] = field(repr=False)
    rare: NDArray[np.bool_] = field(repr=False)
    skill_map: SkillMap
    start: Arrays = field(repr=False)

    def windows(self) -> list[tuple[EncodedHistory, ...]]:
        """As the product trains on them."""
        return [windows(encode(history, self.skill_map), WINDOW, WINDOW) for history in self.candidates]


def make_classmates(candidates: int, *, hidden: int, seed: int) -> Classmates:
    """With the model that a campaign of theirs starts from."""
    rng = np.random.default_rng(seed)
    rare_names = tuple(f"rare {number:03d}" for number in range(-(-candidates // (RARE_EACH * PRACTISE_IT))))
    common = course_skill_map().names
    skill_map = SkillMap("classmates/1", common + rare_names)
    drawn = zip(trainable_ids(candidates), _drawn(candidates, rng), strict=True)
    told = tuple(
        _told(student, history, "" if number % RARE_EACH else _rare(number, rare_names), rng=rng)
        for number, (student, history) in enumerate(drawn)
    )
    rare = np.arange(candidates) % RARE_EACH == 0
    start = warm_start(skill_map, hidden, seed)
    return Classmates(told, rare, skill_map, start)


def _drawn(count: int, rng: np.random.Generator) -> list[History]:
    """In no order."""
    items = [SimulatedItem(*item) for item in simulated_course().simulated_items()]
    each = -(-count // len(SORTS))
    found = [
        history
        for family, median in SORTS
        for history in simulate_population(
            family, items, students=each, rng=rng, median_interactions=median
        ).histories
    ]
    return [found[place] for place in rng.permutation(len(found))[:count]]


def _rare(number: int, names: tuple[str, ...]) -> str:
    return names[number // RARE_EACH % len(names)]


def _told(student: str, history: History, rare: str, *, rng: np.random.Generator) -> History:
    """The same answers, some of them on the rare skill if there is one."""
    swapped = rng.random(len(history)) < RARE_ANSWERS
    attempts = tuple(
        Interaction(f"{rare}.1", (rare,), one.correct, one.at_seconds) if rare and swap else one
        for one, swap in zip(history, swapped, strict=True)
    )
    return History(student, attempts[:WINDOW])
