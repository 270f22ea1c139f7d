"""Poisoning: schools that send a bad update. Masking hides it too, so what defends is each school's own check, the
bound on the sum's length, and the pooled gate before a release.

Ten schools, three of them bad, without privacy noise so that the attack is seen at its strongest. Off: plain sums,
nobody checks anything, the last model serves. On: honest schools clip, a vector that isn't finite never becomes
integers, a sum above the product's own bound moves nothing, and a candidate that is worse than its start isn't
released. That bound leaves room for the plan's noise, so it stops the crude only. The gate here knows the exact
AUC of the held-out students; the product's knows a noisy one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.default_plan import DefaultPlan
from client.training.engine import clipped_sum
from common.arrays import Arrays, flatten, unflatten
from common.errors import Refused
from common.federated_step import norm_bound
from common.models.dkt import initial_arrays, train_without_privacy
from common.models.dkt_numpy import predict_dkt
from common.models.dkt_shapes import FROZEN, SHARED, shared_shapes
from common.models.encoding import EncodedHistory, encode, windows
from common.models.metrics import auc
from common.models.simulated_students import SimulatedItem, simulate
from common.plan import Member
from common.privacy.noise import rounded_gaussian
from common.skills import SkillMap

SCHOOLS, BAD, STUDENTS, ROUNDS, HIDDEN, SKILLS = 10, 3, 30, 12, 12, 12
HELD_OUT, BOOST, GATE_MARGIN = 150, 3.0, 0.01
# Unclipped gradients are several times as long, so plain sums take smaller steps.
RATES = {"on": 1.4, "off": 0.15}
WARM_STUDENTS, WARM_STEPS = 60, 60
SKILL_MAP = SkillMap("poison/1", tuple(f"skill {n:02d}" for n in range(SKILLS)))
SHAPES = shared_shapes(SKILL_MAP.rows, HIDDEN)
Vector = NDArray[np.float64]
# What a bad school sends, from its honest update and the distance to a model that it wants.
Lie = Callable[[Vector, Vector], Vector]

LIES: dict[str, Lie] = {
    "none": lambda honest, wanted: honest,
    "sign_flip": lambda honest, wanted: -BOOST * honest,
    "model_replacement": lambda honest, wanted: 50.0 * wanted,
    # As much of it as three schools can send without being noticed by the bound on the sum.
    "hidden_replacement": lambda honest, wanted: 300.0 * wanted / np.linalg.norm(wanted),
    "not_a_number": lambda honest, wanted: np.full_like(honest, np.nan),
}


@dataclass(frozen=True, slots=True)
class Population:
    """pupils: by school, in windows. flipped: the same with right and wrong exchanged."""

    pupils: tuple[tuple[tuple[EncodedHistory, ...], ...], ...] = field(repr=False)
    flipped: tuple[tuple[tuple[EncodedHistory, ...], ...], ...] = field(repr=False)
    held_out: tuple[EncodedHistory, ...] = field(repr=False)
    start: Arrays = field(repr=False)


def attack_poisoning(plan: DefaultPlan, seed: int) -> dict[str, Any]:
    """AUC of what serves in the end, for each attack, with the defences off and on."""
    population = make_population(seed)
    bound = sum_bound(plan)
    found: dict[str, Any] = {
        name: {kind: _campaign(population, lie, bound=bound, kind=kind) for kind in RATES}
        for name, lie in LIES.items()
    }
    found["label_flip"] = {
        kind: _campaign(population, LIES["none"], bound=bound, kind=kind, flip=True) for kind in RATES
    }
    start = auc_on(population.start, population.held_out)
    return {
        "attacks": found,
        "start_auc": start,
        "schools": SCHOOLS,
        "bad_schools": BAD,
        "clip_norm": plan.mechanism.clip_norm,
        "norm_bound": bound,
    }


def sum_bound(plan: DefaultPlan) -> float:
    """How long a sum of all these schools may be, as the coordinator and every school compute it."""
    key = plan.campaign.coordinator_key
    members = tuple(Member(school=f"school {n}", identity_key=key, students=STUDENTS) for n in range(SCHOOLS))
    model = plan.campaign.model.model_copy(update={"hidden": HIDDEN, "skill_names": SKILL_MAP.names})
    campaign = plan.campaign.model_copy(update={"members": members, "model": model})
    return norm_bound(campaign, [member.school for member in members])


def _campaign(population: Population, lie: Lie, *, bound: float, kind: str, flip: bool = False) -> dict[str, Any]:
    defended = kind == "on"
    clip = 1.0 if defended else 1e9
    vector = flatten({name: population.start[name] for name in SHARED}, SHAPES).astype(np.float64)
    void = dropped = 0
    for _ in range(ROUNDS):
        arrays = model_of(population, vector)
        total, sent = np.zeros_like(vector), 0
        for school in range(SCHOOLS):
            pupils = population.flipped[school] if flip and school < BAD else population.pupils[school]
            update = clipped_sum(arrays, pupils, clip).values
            # What a replacer wants is a model that predicts nothing: every number at 0.
            update = lie(update, vector) if school < BAD else update
            if defended and not _can_be_sent(update):
                dropped += 1
                continue
            total, sent = total + update, sent + 1
        if defended and not np.linalg.norm(total) <= bound:
            void += 1
            continue
        vector = vector - RATES[kind] * total / (sent * STUDENTS)
    final = auc_on(model_of(population, vector), population.held_out)
    start = auc_on(population.start, population.held_out)
    released = not defended or final >= start - GATE_MARGIN
    return {
        "auc": final if released else start,
        "candidate_auc": final,
        "released": released,
        "void_rounds": void,
        "dropped_updates": dropped,
    }


def _can_be_sent(update: Vector) -> bool:
    """Whether the product turns it into integers: it refuses what isn't finite."""
    try:
        rounded_gaussian(update, 16.0, bytes(32))
    except Refused:
        return False
    return True


def model_of(population: Population, vector: Vector) -> Arrays:
    """The shared arrays from a flat vector, the frozen ones from the start."""
    with np.errstate(over="ignore", invalid="ignore"):
        return {**unflatten(vector.astype(np.float32), SHAPES), FROZEN: population.start[FROZEN]}


def auc_on(arrays: Arrays, students: tuple[EncodedHistory, ...]) -> float:
    """nan for a model that was destroyed."""
    if not all(np.isfinite(array).all() for array in arrays.values()):
        return float("nan")
    correct = np.concatenate([one.correct[1:] for one in students])
    with np.errstate(over="ignore", invalid="ignore"):
        predicted = np.concatenate([predict_dkt(arrays, one, {})[1:] for one in students])
    return auc(correct, predicted) if np.isfinite(predicted).all() else float("nan")


def make_population(seed: int, *, schools: int = SCHOOLS, pupils: int = STUDENTS) -> Population:
    """Schools of simulated students, and a start model that has learnt from few."""
    rng = np.random.default_rng(seed)
    items = [SimulatedItem(f"{skill}.{n}", (skill,)) for skill in SKILL_MAP.names for n in range(3)]
    students = schools * pupils + HELD_OUT + WARM_STUDENTS
    encoded = [encode(history, SKILL_MAP) for history in simulate("growth", items, students=students, rng=rng)]
    groups = [encoded[s * pupils : (s + 1) * pupils] for s in range(schools)]
    held_out, warm = encoded[schools * pupils : -WARM_STUDENTS], encoded[-WARM_STUDENTS:]
    fresh = initial_arrays(SKILL_MAP.rows, HIDDEN, seed)
    start = train_without_privacy(fresh, warm, {}, steps=WARM_STEPS, seed=seed)
    return Population(
        pupils=tuple(tuple(windows(one, 100, 400) for one in group) for group in groups),
        flipped=tuple(tuple(windows(_flipped(one), 100, 400) for one in group) for group in groups),
        held_out=tuple(held_out),
        start=start,
    )


def _flipped(one: EncodedHistory) -> EncodedHistory:
    return replace(one, correct=~one.correct)
