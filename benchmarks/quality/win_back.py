"""How much of federation's gain survives privacy, on a simulated consortium over the built-in packs.

`python -m benchmarks.quality.win_back --schools 20 --students 200 --epsilon 3 --seeds 3 --out report.json`
Item families are equally hard at every school, by an offset that nobody knows beforehand. Compared, as the mean
over schools of AUC on held-out students: what a school fits alone, and the consortium's model with a local fit,
without noise and with it, with and without families in it. Simulated students: nothing follows for real ones.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.quality.product_path import Budget, Dial, Trained, train_logistic
from client.content.bank import built_in_bank
from client.training.local_fit import (
    EXACT_PRIOR,
    FAMILY_PRIOR,
    NOISY_PRIOR,
    LocalFit,
    fit_alone,
    fit_here,
    predict_logits,
)
from client.training.logistic_fit import LogisticPrior, Strengths
from client.training.scored_answers import scored_answers
from client.training.simulated_prior import simulated_prior
from common.models.encoding import EncodedHistory, encode
from common.models.metrics import auc
from common.models.simulated_students import SimulatedItem, simulate_population
from common.skills import SkillMap

HIDDEN_SPREAD = 0.7  # of a family's offset around what its pack says, in logits
_TEST, _VALIDATION = 5, 10  # every 5th student tests; of the others every 10th validates

DIALS: tuple[Dial, ...] = ("central", "shares")

Histories = tuple[EncodedHistory, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """One school's students."""

    train: Histories = field(repr=False)
    validation: Histories = field(repr=False)
    test: Histories = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A consortium. items: what every school knows of the content; difficulty there is the pack's own guess."""

    skill_map: SkillMap
    items: tuple[SimulatedItem, ...] = field(repr=False)
    schools: Mapping[str, Sets] = field(repr=False)

    @property
    def train(self) -> dict[str, Histories]:
        """Training students by school."""
        return {name: sets.train for name, sets in self.schools.items()}


def make_world(schools: int, students: int, seed: int) -> World:
    """The same content everywhere, other students at each school."""
    bank, rng = built_in_bank(), np.random.default_rng(seed)
    items = tuple(SimulatedItem(*known) for known in bank.simulated_items())
    true = [
        SimulatedItem(item.item, item.skills, item.difficulty + float(rng.normal(0, HIDDEN_SPREAD)))
        for item in items
    ]
    skill_map = SkillMap("built-in", tuple(skill.id for skill in bank.skills()))
    return World(
        skill_map,
        items,
        {f"school {n}": _school(true, skill_map, students, seed=(seed, n)) for n in range(schools)},
    )


def measure(world: World, epsilon: float, seed: int) -> dict[str, float]:
    """Mean AUC over schools by regime."""
    ids, rows = [item.item for item in world.items], world.skill_map.rows
    exact = _run(world, ids, Budget(None))
    found = {
        "local": _mean(world, lambda sets: fit_alone(rows, train=sets.train, validation=sets.validation)),
        "simulated prior, local": _shared(world, simulated_prior(rows), NOISY_PRIOR),
        "no noise, local": _personal(world, exact, ids, private=False),
    }
    for name, families in (("skills only", []), ("families", ids)):
        for dial in DIALS:
            trained = _run(world, families, Budget(epsilon, dial, seed=seed))
            regime = f"epsilon {epsilon:g}, {name}, {dial}, local"
            found[regime] = _personal(world, trained, families, private=True)
    return found


def survived(found: Mapping[str, float]) -> dict[str, float]:
    """Share of the gain without noise that each private regime keeps."""
    gain = found["no noise, local"] - found["local"]
    return {name: (value - found["local"]) / gain for name, value in found.items() if name.startswith("epsilon")}


def main() -> None:
    """Prints a table and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("schools", 20), ("students", 200), ("seeds", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--epsilon", type=float, default=3.0)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    runs = [
        measure(make_world(chosen.schools, chosen.students, seed), chosen.epsilon, seed)
        for seed in range(chosen.seeds)
    ]
    means = {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}
    left = survived(means)
    for name, value in means.items():
        print(f"{name:44s} {value:.4f}" + (f"  {left[name]:6.1%} of the gain" if name in left else ""))
    if chosen.out:
        command = {key: str(value) for key, value in vars(chosen).items()}
        chosen.out.write_text(json.dumps({"command": command, "runs": runs, "survived": left}, indent=2) + "\n")


def _school(items: Sequence[SimulatedItem], skill_map: SkillMap, students: int, *, seed: tuple[int, int]) -> Sets:
    population = simulate_population(
        "growth",
        items,
        students=students,
        rng=np.random.default_rng(seed),
        skill_rng=np.random.default_rng(seed[0]),
    )
    everybody = tuple(encode(history, skill_map) for history in population.histories)
    rest = [one for n, one in enumerate(everybody) if n % _TEST]
    return Sets(
        train=tuple(one for n, one in enumerate(rest) if n % _VALIDATION),
        validation=tuple(rest[::_VALIDATION]),
        test=everybody[::_TEST],
    )


def _run(world: World, families: Sequence[str], budget: Budget) -> Trained:
    return train_logistic(world.train, world.skill_map, budget=budget, families=families, items=world.items)


def _personal(world: World, trained: Trained, families: Sequence[str], *, private: bool) -> float:
    columns = {family: column for column, family in enumerate(families)}
    strengths = (FAMILY_PRIOR if families else NOISY_PRIOR) if private else EXACT_PRIOR
    return _shared(world, LogisticPrior(trained.arrays, columns), strengths)


def _shared(world: World, prior: LogisticPrior, strengths: Strengths) -> float:
    return _mean(world, lambda sets: fit_here(prior, strengths, train=sets.train, validation=sets.validation))


def _mean(world: World, fit: Callable[[Sets], LocalFit]) -> float:
    aucs = []
    for sets in world.schools.values():
        logits = predict_logits(fit(sets).model, sets.test)
        aucs.append(auc(scored_answers(sets.test).correct, logits))
    return float(np.mean(aucs))


if __name__ == "__main__":
    main()
