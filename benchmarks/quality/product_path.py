"""A campaign through the product's own functions, in memory: drafted plan, clipped sums, integer noise, one step.

Not the whole product: no database, no messages and no masks, which cancel to the bit (tests/journeys show that the
same sums come out of Flower and masks). A history here is a training student's; drawing is the product's.
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from client.training.contribution import update_sum
from client.training.windows_plan import Windows
from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import sha256_hex
from common.federated_step import advance, dimensions, first_weights, wire_model
from common.models.encoding import EncodedHistory, newest, windows
from common.models.logistic_start import TRAINING_SHARE, logistic_start
from common.models.simulated_students import SimulatedItem
from common.opened_round import OpenedRound
from common.optimizer import Weights
from common.plan import CampaignPlan, Member, PrivacyTerms, RoundPlan
from common.privacy.fixed_point import add_shares, encode
from common.privacy.mechanism import noised_integers
from common.privacy.randomness import Randomness
from common.privacy.sampling import KEY_BYTES, batch_cap, poisson_sample
from common.shared_model import trained_arrays
from common.skills import SkillMap
from server.plan import CampaignDraft, Consortium, draft_campaign, foundation_of
from server.plan_models import DEFAULTS, logistic_terms

Schools = Mapping[str, Sequence[EncodedHistory]]
Dial = Literal["central", "shares"]
Progress = Callable[[float], None]

# A reference without privacy is drafted at some price; its steps count on next to no noise, and none is added.
_ANY_EPSILON, _NEXT_TO_NO_NOISE = 50.0, 0.05
_ZEROS = "0" * 64
_START_SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """arrays: the shared model. epsilon: of this campaign and the one it builds on; None without noise."""

    arrays: Arrays = field(repr=False)
    epsilon: float | None
    delta: float
    rounds: int
    seconds: float
    parameters_shared: int
    plan: CampaignPlan = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seeded(Randomness):
    """Randomness that a seed decides: for benchmarks only."""

    seed: int

    def draw(self, purpose: str, count: int) -> bytes:
        """`count` bytes for this purpose."""
        return hashlib.shake_256(f"{self.seed}/{purpose}".encode()).digest(count)


@dataclass(frozen=True, slots=True)
class Budget:
    """epsilon: None for the same sums and steps without noise. dial: who adds how much of it; "central" is one
    draw's noise in the sum, "shares" the default that schools accept. rounds: None for the kind's default.
    seed: of draws and noise.
    """

    epsilon: float | None
    dial: Dial = "central"
    rounds: int | None = None
    seed: int = 0


def train_logistic(
    schools: Schools,
    skill_map: SkillMap,
    *,
    budget: Budget,
    families: Sequence[str] = (),
    items: Sequence[SimulatedItem] = (),
    progress: Progress | None = None,
) -> Trained:
    """The logistic campaign. schools: training students. families: ids whose difficulty is shared.

    items: what the schools have in common, for the simulated students that the start is made from.
    """
    terms = logistic_terms(tuple(families), skill_map)
    start = logistic_start(terms, DEFAULTS["logistic"].clip_norm, seed=_START_SEED, items=items)
    draft = CampaignDraft(
        "quality",
        budget.epsilon or _ANY_EPSILON,
        budget.rounds,
        kind="logistic",
        families=tuple(families),
        measured=False,
    )
    return _train(_World(schools, skill_map, draft, start), budget, progress)


def train_dkt(
    schools: Schools,
    skill_map: SkillMap,
    *,
    budget: Budget,
    start: Arrays,
    after: Trained | None = None,
    progress: Progress | None = None,
) -> Trained:
    """The network's campaign from `start`. after: the logistic campaign that it builds on, whose cost the budget's
    epsilon covers too.
    """
    foundation = None
    if after is not None and budget.epsilon is not None:
        foundation = foundation_of(after.plan, model_digest=sha256_hex(to_bytes(after.arrays)))
    draft = CampaignDraft(
        "quality",
        budget.epsilon or _ANY_EPSILON,
        budget.rounds,
        hidden=int(start["W_hh"].shape[0]),
        foundation=foundation,
        measured=False,
    )
    return _train(_World(schools, skill_map, draft, to_bytes(start)), budget, progress)


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    schools: Schools = field(repr=False)
    skill_map: SkillMap
    draft: CampaignDraft
    start: bytes = field(repr=False)


def _train(world: _World, budget: Budget, progress: Progress | None) -> Trained:
    began = time.perf_counter()
    plan = _plan(world, dial=budget.dial, noisy=budget.epsilon is not None)
    pools = {school: _as_read(plan, histories) for school, histories in world.schools.items()}
    weights, noise = first_weights(plan, world.start), _Noise(budget.epsilon is not None, Seeded(budget.seed))
    for number in range(1, plan.rounds + 1):
        model = from_bytes(wire_model(plan, weights, world.start))
        weights = advance(plan, weights, _opened_round(plan, number, model, pools=pools, noise=noise))
        if progress is not None:
            progress(number / plan.rounds)
    return _trained(plan, weights, world.start, private=noise.wanted, seconds=time.perf_counter() - began)


def _trained(plan: CampaignPlan, weights: Weights, start: bytes, *, private: bool, seconds: float) -> Trained:
    arrays = from_bytes(wire_model(plan, weights, start))
    spent = plan.foundation.epsilon if plan.foundation else plan.epsilon
    return Trained(
        arrays=trained_arrays(plan.model, arrays) if plan.model.kind == "logistic" else arrays,
        epsilon=spent if private else None,
        delta=plan.privacy.delta,
        rounds=plan.rounds,
        seconds=seconds,
        parameters_shared=dimensions(plan),
        plan=plan,
    )


def _plan(world: _World, *, dial: Dial, noisy: bool) -> CampaignPlan:
    """The drafted plan. The public number of students is such that the given ones are the training share."""
    members = tuple(
        Member(school=name, identity_key=_ZEROS, students=math.ceil(len(histories) / TRAINING_SHARE))
        for name, histories in sorted(world.schools.items())
    )
    consortium = Consortium("Benchmark", _ZEROS, members)
    plan = draft_campaign(
        world.draft,
        consortium,
        skill_map=world.skill_map,
        start_digest=sha256_hex(world.start),
        bundle_digest=_ZEROS,
    )
    if not noisy:
        changes = {"noise_multiplier": _NEXT_TO_NO_NOISE, "honest_schools": len(members), "modulus_bits": 32}
        return _with_privacy(plan, changes)
    if dial == "shares":
        return plan
    # All shares together are one central draw: no school can be missing then, and none here is.
    return _with_privacy(plan, {"honest_schools": len(members), "modulus_bits": 32})


def _with_privacy(plan: CampaignPlan, changes: Mapping[str, float]) -> CampaignPlan:
    privacy = PrivacyTerms.model_validate(plan.privacy.model_dump() | dict(changes))
    return plan.model_copy(update={"privacy": privacy})


def _as_read(plan: CampaignPlan, histories: Sequence[EncodedHistory]) -> dict[str, Windows]:
    """What a round reads of each student, by id."""
    terms = plan.privacy
    if plan.model.kind == "logistic":
        return {history.student: (newest(history, terms.max_interactions),) for history in histories}
    length, last = terms.window_interactions, terms.max_interactions
    return {history.student: windows(history, length, last) for history in histories}


@dataclass(frozen=True, slots=True)
class _Noise:
    """wanted: no share adds any if it is False."""

    wanted: bool
    randomness: Randomness


def _opened_round(
    plan: CampaignPlan, number: int, model: Arrays, *, pools: Mapping[str, Mapping[str, Windows]], noise: _Noise
) -> OpenedRound:
    bits = plan.mechanism("train").modulus_bits
    shares = [
        encode(
            _share(
                plan,
                member,
                model,
                pool=pools[member.school],
                purpose=f"{member.school}/{number}",
                noise=noise,
            ),
            bits,
        )
        for member in plan.members
    ]
    total = encode(add_shares(shares, dimensions(plan), bits), bits)
    names = tuple(member.school for member in plan.members)
    return OpenedRound(_round_plan(plan, number, names), "opened", tuple((name, _ZEROS) for name in names), total)


def _share(
    plan: CampaignPlan,
    member: Member,
    model: Arrays,
    *,
    pool: Mapping[str, Windows],
    purpose: str,
    noise: _Noise,
) -> NDArray[np.int64]:
    """(d,) a school's integers: drawn, clipped, scaled, noised."""
    terms = plan.mechanism("train")
    cap = batch_cap(terms.sampling_rate, member.students, terms.batch_cap_sd)
    key = noise.randomness.draw(f"draw/{purpose}", KEY_BYTES)
    drawn = [pool[student] for student in poisson_sample(sorted(pool), terms.sampling_rate, key, cap=cap)]
    clipped = update_sum(plan.model, model, drawn, clip_norm=terms.clip_norm)
    if not noise.wanted:
        return np.rint(clipped.values * terms.scale).astype(np.int64)
    return noised_integers(
        clipped,
        terms,
        own_honest_schools=terms.honest_schools,
        randomness=noise.randomness,
        purpose=purpose,
    )


def _round_plan(plan: CampaignPlan, number: int, cohort: tuple[str, ...]) -> RoundPlan:
    return RoundPlan(
        campaign_digest=plan.digest,
        round=number,
        kind="train",
        model_digest=_ZEROS,
        cohort=cohort,
        epsilon_after=0.0,
        previous_digest=_ZEROS,
        outcome_digest=_ZEROS,
        log_size=0,
        log_root=_ZEROS,
    )
