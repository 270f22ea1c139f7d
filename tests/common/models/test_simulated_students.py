"""Simulated students: repeatable, shaped like practice, and different from kind to kind and family to family."""

import numpy as np
import pytest

from common.errors import FixSettings
from common.interactions import History
from common.models.metrics import auc
from common.models.simulated_students import FAMILIES, KINDS, Family, SimulatedItem, simulate, simulate_population

ITEMS = tuple(
    SimulatedItem(f"item {k}-{n}", (f"skill {k}",) if n else (f"skill {k}", f"skill {(k + 1) % 20}"), offset)
    for k in range(20)
    for n, offset in enumerate((0.0, -1.0, 1.0))
)


def share_right(histories: list[History]) -> float:
    """Over all attempts."""
    return float(np.mean([attempt.correct for history in histories for attempt in history]))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_seed_gives_the_same_students_and_another_seed_others(family: Family) -> None:
    """Every draw comes from the generator that is passed in."""
    runs = [simulate(family, ITEMS, students=30, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@pytest.mark.parametrize("family", FAMILIES)
def test_histories_are_shaped_like_practice(family: Family) -> None:
    """Ids differ, lengths lie within 4-120, times rise over several days, skills are those of the item."""
    histories = simulate(family, ITEMS, students=300, rng=np.random.default_rng(3))
    skills_of = {item.item: item.skills for item in ITEMS}
    assert len({history.student for history in histories}) == 300
    assert all(4 <= len(history) <= 120 for history in histories)
    for history in histories:
        times = [attempt.at_seconds for attempt in history]
        assert times == sorted(times, key=lambda at: at or 0.0)
        assert all(skills_of[attempt.item] == attempt.skills for attempt in history)
    longest = max(histories, key=len)
    assert len({int((attempt.at_seconds or 0) // 86_400) for attempt in longest}) > 3
    lengths = np.array([len(history) for history in histories])
    assert 20 < np.median(lengths) < 36
    assert abs(np.corrcoef(np.arange(300), lengths)[0, 1]) < 0.2


@pytest.mark.parametrize("family", FAMILIES)
def test_students_stay_on_a_skill_and_leave_it_after_success(family: Family) -> None:
    """Two neighbouring attempts mostly share a skill; after three right in a row less often."""
    histories = simulate(family, ITEMS, students=400, rng=np.random.default_rng(4))
    stays: dict[bool, list[bool]] = {False: [], True: []}
    for history in histories:
        attempts = history.interactions
        for t in range(3, len(attempts)):
            three_right = all(attempt.correct for attempt in attempts[t - 3 : t])
            stays[three_right].append(bool(set(attempts[t].skills) & set(attempts[t - 1].skills)))
    assert np.mean(stays[False]) > 0.75
    assert np.mean(stays[True]) < np.mean(stays[False]) - 0.1


@pytest.mark.parametrize("family", FAMILIES)
def test_kinds_differ_as_their_names_say(family: Family) -> None:
    """Experts are right more often than strugglers; guessers know more than they show."""
    population = simulate_population(family, ITEMS, students=1500, rng=np.random.default_rng(5))
    by_kind = {
        kind.name: share_right(
            [h for h, name in zip(population.histories, population.kinds, strict=True) if name == kind.name]
        )
        for kind in KINDS
    }
    assert by_kind["fast expert"] > by_kind["steady"] + 0.1
    assert by_kind["steady"] > by_kind["struggler"] + 0.1
    assert by_kind["steady"] > by_kind["guesser"] + 0.05


@pytest.mark.parametrize("family", FAMILIES)
def test_harder_items_are_failed_more_often(family: Family) -> None:
    """An offset below 0 is harder, in every family."""
    histories = simulate(family, ITEMS, students=500, rng=np.random.default_rng(6))
    right = {
        end: np.mean([a.correct for h in histories for a in h if a.item.endswith(end)]) for end in ("-1", "-2")
    }
    assert right["-1"] < right["-2"] - 0.05


@pytest.mark.parametrize("family", FAMILIES)
def test_earlier_answers_on_a_skill_foretell_later_ones(family: Family) -> None:
    """There is something to trace: the last answer on the same skill alone has an AUC above .57."""
    histories = simulate(family, ITEMS, students=400, rng=np.random.default_rng(7))
    last, now = [], []
    for history in histories:
        seen: dict[str, bool] = {}
        for attempt in history:
            skill = attempt.skills[0]
            if skill in seen:
                last.append(float(seen[skill]))
                now.append(attempt.correct)
            seen[skill] = attempt.correct
    assert auc(np.array(now), np.array(last)) > 0.57


def test_a_single_item_and_a_single_student_make_a_population() -> None:
    """The smallest of each."""
    only = (SimulatedItem("q", ("add",)),)
    (history,) = simulate("growth", only, students=1, rng=np.random.default_rng(8))
    assert {attempt.item for attempt in history} == {"q"}


def test_nobody_and_nothing_cannot_be_simulated() -> None:
    """The sentence says what is needed."""
    for students, items in ((0, ITEMS), (5, ())):
        with pytest.raises(FixSettings, match="at least one"):
            simulate("bkt", items, students=students, rng=np.random.default_rng(9))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_large_population_is_right_about_as_often_as_students_are(family: Family) -> None:
    """As many as the warm start makes: neither all right nor all wrong."""
    items = tuple(SimulatedItem(f"q{n}", (f"skill {n % 107}",)) for n in range(600))
    histories = simulate(family, items, students=2500, rng=np.random.default_rng(10))
    assert 0.35 < share_right(histories) < 0.8


def test_schools_with_the_same_content_find_the_same_skills_hard() -> None:
    """Equal skill_rng, other students: the skills' success rates go together, and with another one they don't."""
    items = [SimulatedItem(f"i{k}", (f"k{k}",)) for k in range(12)]

    def rates(students: int, skills: int) -> list[float]:
        population = simulate_population(
            "growth",
            items,
            students=600,
            rng=np.random.default_rng(students),
            skill_rng=np.random.default_rng(skills),
        )
        right: dict[str, list[bool]] = {item.item: [] for item in items}
        for history in population.histories:
            for interaction in history:
                right[interaction.item].append(interaction.correct)
        return [float(np.mean(right[item.item])) for item in items]

    here = rates(1, 1)
    assert np.corrcoef(here, rates(2, 1))[0, 1] > 0.9
    assert np.corrcoef(here, rates(2, 2))[0, 1] < 0.7
