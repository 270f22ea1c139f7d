"""Logistic and DKT campaigns with privacy, by the product's own path, and what each school makes of their models.

A logistic campaign spends the whole budget, and each school distils a network from what it released, at no cost.
Beside it the way in two steps: a logistic campaign and a network trained on top, both within the budget, if the
product says that a network can pay for itself.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from benchmarks.quality import dkt_rung, logistic_rung
from benchmarks.quality.entries import Entry, Model, Regime, Spent, entry
from benchmarks.quality.product_path import Budget, Trained, train_dkt, train_logistic
from benchmarks.quality.protocol import Consortium
from benchmarks.quality.tasks import Say, Spread, Timed, spread, submit
from client.training.local_fit import FAMILY_PRIOR, NOISY_PRIOR
from client.training.logistic_fit import LogisticPrior
from client.training.personalise import PersonalModel
from common.arrays import Arrays
from common.models.distilled_start import distilled_start
from common.models.encoding import EncodedHistory
from common.models.simulated_students import SimulatedItem
from common.skills import SkillMap
from server.plan_models import why_no_dkt

Dial = Literal["central", "shares"]
DIALS: tuple[Dial, ...] = ("central", "shares")
# Of the budget, for the logistic model that the network builds on (MODELS section 3).
LOGISTIC_SHARE = 3 / 8


@dataclass(frozen=True, slots=True, eq=False)
class Campaigns:
    """logistic: spends the whole budget. free: distilled from it. first, dkt: spend the budget together.

    All but the first are None if a network can't pay for itself.
    """

    logistic: Trained = field(repr=False)
    free: Arrays | None = field(repr=False, default=None)
    first: Trained | None = field(repr=False, default=None)
    dkt: Trained | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Wishes:
    """families: items whose difficulty is shared; items: what is public of them, for simulated students.

    hidden: width of the network that noise trains; free_hidden: of the one that costs nothing.
    """

    epsilon: float
    hidden: int
    free_hidden: int
    seed: int
    families: tuple[str, ...] = ()
    items: tuple[SimulatedItem, ...] = ()


def private_entries(consortium: Consortium, pool: Executor, wishes: Wishes, *, say: Say) -> list[Entry]:
    """Both dials: as one central draw for all schools, and as the schools' shares at the product's default."""
    schools = {school.name: school.parts[0].train for school in consortium.members}
    running = {
        dial: submit(pool, run_campaigns, schools, consortium.skill_map, wishes=wishes, dial=dial)
        for dial in DIALS
    }
    begun = []
    for dial, future in running.items():
        done = future.result()
        say(f"campaigns at epsilon {wishes.epsilon:g} done, noise: {dial}")
        begun.append((dial, done, _start_stages(consortium, pool, done.value, wishes=wishes)))
    return [one for dial, done, stages in begun for one in _entries(dial, wishes.epsilon, done, stages=stages)]


def run_campaigns(
    schools: Mapping[str, Sequence[EncodedHistory]], skill_map: SkillMap, *, wishes: Wishes, dial: Dial
) -> Campaigns:
    """In one process, after each other."""
    whole = Budget(wishes.epsilon, dial, seed=wishes.seed)
    part = Budget(LOGISTIC_SHARE * wishes.epsilon, dial, seed=wishes.seed + 1)
    train = partial(train_logistic, schools, skill_map, families=wishes.families, items=wishes.items)
    logistic = train(budget=whole)
    if why_no_dkt(wishes.epsilon, logistic.plan.members):
        return Campaigns(logistic)
    first = train(budget=part)
    distil = partial(distilled_start, families=wishes.families, skill_map=skill_map, seed=wishes.seed)
    start = distil(first.arrays, hidden=wishes.hidden)
    last = replace(whole, seed=wishes.seed + 2)
    network = train_dkt(schools, skill_map, budget=last, start=start, after=first)
    return Campaigns(logistic, distil(logistic.arrays, hidden=wishes.free_hidden), first, network)


@dataclass(frozen=True, slots=True, eq=False)
class _Spreads:
    """Each school's stages, on their way: the shared model as it is, and with the school's own fits."""

    model: Model
    trained: Trained = field(repr=False)
    zero: Spread
    own: Spread


def _start_stages(consortium: Consortium, pool: Executor, done: Campaigns, *, wishes: Wishes) -> list[_Spreads]:
    families = {family: row for row, family in enumerate(wishes.families)}
    named: tuple[tuple[Model, Trained | None], ...] = (("lr", done.logistic), ("lr_first", done.first))
    strengths = FAMILY_PRIOR if families else NOISY_PRIOR
    schools, stages = consortium.schools, []
    for model, trained in named:
        if trained is not None:
            prior = LogisticPrior(trained.arrays, families)
            zero = spread(pool, logistic_rung.zero_shot, schools, prior=prior)
            own = spread(pool, logistic_rung.personal, schools, prior=prior, strengths=strengths)
            stages.append(_Spreads(model, trained, zero, own))
    networks: tuple[tuple[Model, Trained | None, Arrays | None], ...] = (
        ("dkt", done.dkt, None if done.dkt is None else done.dkt.arrays),
        ("dkt_free", done.logistic, done.free),
    )
    for model, trained, arrays in networks:
        if trained is not None and arrays is not None:
            network = PersonalModel(arrays, {})
            zero = spread(pool, dkt_rung.zero_shot, schools, model=network)
            own = spread(pool, dkt_rung.personal, schools, model=network, seed=wishes.seed)
            stages.append(_Spreads(model, trained, zero, own))
    return stages


def _entries(dial: Dial, budget: float, done: Timed[Campaigns], *, stages: Sequence[_Spreads]) -> list[Entry]:
    """The campaigns' CPU seconds count for each model that came out of them."""
    found = []
    for one in stages:
        trained = one.trained
        spent = Spent(dial, budget, trained.epsilon, trained.delta, trained.rounds, trained.parameters_shared)
        regimes: tuple[tuple[Regime, Spread], ...] = (("federated", one.zero), ("federated_personal", one.own))
        for regime, running in regimes:
            found.append(entry(one.model, regime, running.gather(), before=done.seconds, spent=spent))
    return found
