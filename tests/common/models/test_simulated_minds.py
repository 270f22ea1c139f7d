"""The three minds learn by practice, forget by rest, and need their prerequisites."""

from collections.abc import Callable

import numpy as np
import pytest

from common.models.simulated_minds import BktMind, GrowthMind, Mind, RulesMind, Traits, World

STUDENTS = 3000
SKILLS = 4
MakeMind = Callable[..., Mind]


def world(*, difficulty: float = 0.0) -> World:
    """One item per skill and one with all four; skill 1 needs skill 0. Only item 0 hides a wrong rule."""
    skills = np.full((5, 4), -1, np.int64)
    skills[:4, 0] = np.arange(4)
    skills[4] = np.arange(4)
    real = skills >= 0
    return World(
        skills=skills,
        shares=real / real.sum(1, keepdims=True),
        difficulty=np.full(5, difficulty),
        exposes=np.array([False, True, True, True, True]),
        prerequisite=np.array([-1, 0, -1, -1]),
    )


def traits(*, ability: float = 0.0, speed: float = 1.0, forgetting: float = 1.0) -> Traits:
    """Equal students."""
    return Traits(*(np.full(STUDENTS, value) for value in (ability, speed, forgetting, 0.0)))


def made(make: MakeMind, world: World, traits: Traits, *, seed: int) -> Mind:
    """A mind that draws everything from one generator."""
    rng = np.random.default_rng(seed)
    return make(world, traits, rng=rng, skill_rng=rng)


def chance(mind: Mind, item: int) -> float:
    """Mean chance of all students at one item."""
    return float(mind.chance(np.full(STUDENTS, item)).mean())


def practise(mind: Mind, item: int, times: int, seed: int = 1) -> None:
    """Everybody does one item again and again, answering as they can."""
    rng = np.random.default_rng(seed)
    everybody = np.full(STUDENTS, item)
    for _ in range(times):
        mind.practise(everybody, rng.random(STUDENTS) < mind.chance(everybody))


@pytest.mark.parametrize("make", [BktMind, GrowthMind, RulesMind])
class TestEveryMind:
    """Laws that all families share."""

    def test_practice_helps_with_what_was_practised_only(self, make: MakeMind) -> None:
        """Twelve attempts at skill 2."""
        mind = made(make, world(), traits(), seed=2)
        before, other = chance(mind, 2), chance(mind, 3)
        practise(mind, 2, 12)
        assert chance(mind, 2) > before + 0.08
        assert chance(mind, 3) == pytest.approx(other)

    def test_rest_takes_something_back_and_more_from_forgetters(self, make: MakeMind) -> None:
        """Forty days after practice."""
        left = []
        for forgetting in (1.0, 6.0):
            mind = made(make, world(), traits(forgetting=forgetting), seed=3)
            practise(mind, 2, 12)
            practised = chance(mind, 2)
            mind.rest(np.arange(STUDENTS), np.full(STUDENTS, 40.0))
            left.append(practised - chance(mind, 2))
        assert 0 < left[0] < left[1]

    def test_quick_students_learn_faster_and_able_ones_start_higher(self, make: MakeMind) -> None:
        """Speed and ability are what their names say."""
        starts, ends = {}, {}
        for name, told in {
            "slow": traits(speed=0.4),
            "quick": traits(speed=2),
            "able": traits(ability=1.5),
        }.items():
            mind = made(make, world(), told, seed=4)
            starts[name] = chance(mind, 3)
            practise(mind, 3, 6)
            ends[name] = chance(mind, 3)
        assert starts["able"] > starts["slow"] + 0.1
        assert ends["quick"] - starts["quick"] > ends["slow"] - starts["slow"]

    def test_a_missing_prerequisite_slows_learning(self, make: MakeMind) -> None:
        """Skill 1 after skill 0 has been practised long, against without it."""
        gains = []
        for first in (0, 25):
            mind = made(make, world(), traits(ability=-1.5), seed=5)
            practise(mind, 0, first)
            before = chance(mind, 1)
            practise(mind, 1, 5)
            gains.append(chance(mind, 1) - before)
        assert gains[1] > gains[0]

    def test_chances_are_probabilities_and_hard_items_have_lower_ones(self, make: MakeMind) -> None:
        """For items with one skill and with four."""
        means = []
        for difficulty in (-1.0, 0.0, 1.0):
            mind = made(make, world(difficulty=difficulty), traits(), seed=6)
            single, joint = (mind.chance(np.full(STUDENTS, item)) for item in (2, 4))
            assert ((single > 0) & (single < 1)).all()
            assert ((joint > 0) & (joint < 1)).all()
            means.append(single.mean())
        assert means == sorted(means)


def test_a_wrong_rule_works_until_an_item_exposes_it() -> None:
    """Item 0 hides the misconception, item 2 shows it: only some students differ much between like items."""
    mind = made(RulesMind, world(), traits(ability=-1.0), seed=7)
    hidden, exposed = (mind.chance(np.full(STUDENTS, item)) for item in (0, 2))
    assert (hidden > 0.85).mean() > (exposed > 0.85).mean() + 0.1
    assert (exposed < 0.1).mean() > 0.1


def test_an_item_of_four_skills_is_the_mean_for_some_and_the_weakest_for_others() -> None:
    """BKT averages; in a procedure every step has to work."""
    bkt = made(BktMind, world(), traits(), seed=8)
    rules = made(RulesMind, world(), traits(), seed=9)
    for mind, combine in ((bkt, np.mean), (rules, np.min)):
        # Item 0 hides wrong rules, so only items that expose them are compared.
        single = [mind.chance(np.full(STUDENTS, item)) for item in range(4)]
        joint = mind.chance(np.full(STUDENTS, 4))
        if combine is np.mean:
            assert joint == pytest.approx(np.mean(single, axis=0))
        else:
            assert (joint <= np.min(single[1:], axis=0) + 1e-12).all()
