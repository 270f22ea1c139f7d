"""The worlds do what they are said to do."""

import numpy as np
import pytest

from benchmarks.practice.compare import FAMILIES, make_world
from benchmarks.practice.worlds import BEFORE, FACETS, SKILLS, BktWorld, LevelWorld, Memory

_STUDENTS = 400


@pytest.mark.parametrize("family", FAMILIES)
def test_practice_teaches_those_who_practise_and_nobody_else(family: str) -> None:
    """Thirty items on one skill raise the share who hold it; a student who is done keeps everything as it is."""
    world = make_world(family, np.random.default_rng(1), _STUDENTS)
    first = int(np.flatnonzero(BEFORE < 0)[0])
    skill, facet = np.full(_STUDENTS, first), np.zeros(_STUDENTS, np.int64)
    active, before = np.arange(_STUDENTS) % 2 == 0, world.held()
    rng = np.random.default_rng(2)
    for n in range(30):
        right = rng.random(_STUDENTS) < world.chance(skill, facet + n % FACETS)
        world.practise(skill, right, active)
    after = world.held()
    assert (after[~active] == before[~active]).all()
    assert after[active, first].mean() > before[active, first].mean() + 0.1


@pytest.mark.parametrize("family", FAMILIES)
def test_a_missing_prerequisite_slows_learning(family: str) -> None:
    """Students without the skill before gain less of the next one in five items."""
    world = make_world(family, np.random.default_rng(3), 4_000)
    second = int(np.flatnonzero(BEFORE >= 0)[0])
    skill = np.full(4_000, second)
    ready, before = world.held()[:, BEFORE[second]], world.held()[:, second]
    for _ in range(5):
        world.practise(skill, np.zeros(4_000, np.bool_), np.ones(4_000, np.bool_))
    gained = world.held()[:, second] & ~before
    assert gained[ready & ~before].mean() > 1.5 * gained[~ready & ~before].mean()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_month_of_rest_takes_and_never_gives(family: str) -> None:
    """Forgetting only."""
    world = make_world(family, np.random.default_rng(4), _STUDENTS)
    skill = np.zeros(_STUDENTS, np.int64)
    for _ in range(20):
        world.practise(skill, np.ones(_STUDENTS, np.bool_), np.ones(_STUDENTS, np.bool_))
    before = world.held()
    world.rest(30)
    assert not (world.held() & ~before).any()
    assert world.held()[:, 0].sum() < before[:, 0].sum()


def test_what_was_practised_on_more_days_stays_longer() -> None:
    """(1 + d) ** -b with b = log2(1 / .88) after the first day, halved by each further day."""
    memory, one = Memory.fresh(1, 0.12), np.zeros(1, np.int64)
    memory.touch(one, np.ones(1, np.bool_))
    assert memory.kept(1.0)[0, 0] == pytest.approx(0.88)
    memory.touch(one, np.ones(1, np.bool_))
    memory.touch(one, np.ones(1, np.bool_))
    assert memory.kept(1.0)[0, 0] == pytest.approx(0.88**0.5)
    assert memory.kept(2.0)[0, 0] == pytest.approx((4 / 2) ** (0.5 * np.log2(0.88)))


def test_students_differ_and_worlds_repeat() -> None:
    """Hidden ability and speed; the same seed gives the same world."""
    one, same = (BktWorld(np.random.default_rng(7), _STUDENTS) for _ in range(2))
    assert (one.held() == same.held()).all()
    assert one.held().sum(1).std() > 2.5 > np.sqrt(SKILLS / 4)
    assert (
        LevelWorld(np.random.default_rng(7), 50).chance(np.zeros(50, np.int64), np.zeros(50, np.int64)).std()
        > 0.05
    )
