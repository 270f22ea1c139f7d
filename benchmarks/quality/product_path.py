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


def train_logistic(
    schools: Schools,
    skill_map: SkillMap,
    *,
    families: Sequence[str] = (),
    epsilon: float | None,
    dial: Dial = "central",
    rounds: int = DEFAULTS["logistic"].rounds,
    seed: int = 0,
    items: Sequence[SimulatedItem] = (),
    progress: Progress | None = None,
) -> Trained:
    """The logistic campaign. schools: training students. families: ids whose difficulty is shared.

    epsilon: None for the same sums and steps without noise. items: what the schools have in common, for the
    simulated students that the start is made from. The start's seed is always 1; `seed` is the noise's.
    """
    terms = logistic_terms(tuple(families), skill_map)
    start = logistic_start(terms, DEFAULTS["logistic"].clip_norm, 1, items)
    draft = CampaignDraft(
        "quality",
        _ANY_EPSILON if epsilon is None else epsilon,
        rounds,
        kind="logistic",
        families=tuple(families),
        measured=False,
    )
    return _train(
        _World(schools, skill_map, draft, start), epsilon=epsilon, dial=dial, seed=seed, progress=progress
    )


def train_dkt(
    schools: Schools,
    skill_map: SkillMap,
    *,
    start: Arrays,
    after: Trained | None = None,
    epsilon: float | None,
    dial: Dial = "central",
    rounds: int = DEFAULTS["dkt"].rounds,
    seed: int = 0,
    progress: Progress | None = None,
) -> Trained:
    """The network's campaign from `start`. after: the logistic campaign that it builds on.

    epsilon: of both together, without `after` of this one; None for the same sums and steps without noise.
    """
    foundation = None
    if after is not None and epsilon is not None:
        foundation = foundation_of(after.plan, model_digest=sha256_hex(to_bytes(after.arrays)))
    draft = CampaignDraft(
        "quality",
        _ANY_EPSILON if epsilon is None else epsilon,
        rounds,
        hidden=int(start["W_hh"].shape[0]),
        foundation=foundation,
        measured=False,
    )
    world = _World(schools, skill_map, draft, to_bytes(start))
    return _train(world, epsilon=epsilon, dial=dial, seed=seed, progress=progress)


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    schools: Schools = field(repr=False)
    skill_map: SkillMap
    draft: CampaignDraft
    start: bytes = field(repr=False)


def _train(world: _World, *, epsilon: float | None, dial: Dial, seed: int, progress: Progress | None) -> Trained:
    plan, began = _plan(world, dial=dial, noisy=epsilon is not None), time.perf_counter()
    pools = {school: _as_read(plan, histories) for school, histories in world.schools.items()}
    weights, randomness = first_weights(plan, world.start), Seeded(seed)
    for number in range(1, plan.rounds + 1):
        model = from_bytes(wire_model(plan, weights, world.start))
        opened = _opened_round(plan, number, model, pools, noisy=epsilon is not None, randomness=randomness)
        weights = advance(plan, weights, opened)
        if progress is not None:
            progress(number / plan.rounds)
    return _trained(plan, weights, world.start, epsilon=epsilon, seconds=time.perf_counter() - began)


def _trained(
    plan: CampaignPlan, weights: Weights, start: bytes, *, epsilon: float | None, seconds: float
) -> Trained:
    arrays = from_bytes(wire_model(plan, weights, start))
    spent = plan.foundation.epsilon if plan.foundation else plan.epsilon
    return Trained(
        arrays=trained_arrays(plan.model, arrays) if plan.model.kind == "logistic" else arrays,
        epsilon=None if epsilon is None else spent,
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


def _opened_round(
    plan: CampaignPlan,
    number: int,
    model: Arrays,
    pools: Mapping[str, Mapping[str, Windows]],
    *,
    noisy: bool,
    randomness: Randomness,
) -> OpenedRound:
    terms = plan.mechanism("train")
    shares = []
    for member in plan.members:
        pool, purpose = pools[member.school], f"{member.school}/{number}"
        cap = batch_cap(terms.sampling_rate, member.students, terms.batch_cap_sd)
        key = randomness.draw(f"draw/{purpose}", KEY_BYTES)
        drawn = [pool[student] for student in poisson_sample(sorted(pool), terms.sampling_rate, key, cap=cap)]
        clipped = update_sum(plan.model, model, drawn, terms.clip_norm)
        integers: NDArray[np.int64] = np.rint(clipped.values * terms.scale).astype(np.int64)
        if noisy:
            integers = noised_integers(
                clipped,
                terms,
                own_honest_schools=terms.honest_schools,
                randomness=randomness,
                purpose=purpose,
            )
        shares.append(encode(integers, terms.modulus_bits))
    total = encode(add_shares(shares, dimensions(plan), terms.modulus_bits), terms.modulus_bits)
    names = tuple(member.school for member in plan.members)
    round_plan = RoundPlan(
        campaign_digest=plan.digest,
        round=number,
        kind="train",
        model_digest=_ZEROS,
        cohort=names,
        epsilon_after=0.0,
        previous_digest=_ZEROS,
        outcome_digest=_ZEROS,
        log_size=0,
        log_root=_ZEROS,
    )
    return OpenedRound(round_plan, "opened", tuple((name, _ZEROS) for name in names), total)
