"""Model inconsistency: one school gets the true model, all others a dead one, and the sum is the victim's.

Pasquini, Francati, Ateniese, "Eluding secure aggregation in federated learning via model inconsistency", 2022. A
dead read-out gives no gradient in the interaction table. Plain sums fall to it; here a plan with another model is
another `ctx`, so masks never cancel, and a school computes the model itself before it takes part.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.curriculum import HIDDEN, SKILL_MAP, SKILLS, Pupil, model, pupil, row_norms, update_of
from benchmarks.attack.default_plan import DefaultPlan
from benchmarks.attack.masked_campaign import masked_campaign
from client.training.recomputed_model import begin, check_follows
from common.arrays import Arrays, to_bytes
from common.canonical import sha256_hex
from common.model_terms import DktTerms
from common.models.dkt_shapes import shared_shapes
from common.plan import RoundPlan
from common.privacy.audit import auc_of
from common.refusals import Refusal

SCHOOLS, PUPILS = 20, 20


def attack_inconsistency(plan: DefaultPlan, seed: int) -> dict[str, Any]:
    """Cosine of the opened interaction table with the victim's own, and AUC of the victim's set of pairs."""
    rng = np.random.default_rng(seed)
    schools = [
        [pupil(f"{s}.{n}", rng.permutation(SKILLS)[:6], rng) for n in range(PUPILS)] for s in range(SCHOOLS)
    ]
    alive, dead = model(seed), _dead(model(seed))
    clip = plan.mechanism.clip_norm
    victim = update_of(alive, schools[0], clip).values
    honest = sum(update_of(alive, pupils, clip).values for pupils in schools)
    attacked = victim + sum(update_of(dead, pupils, clip).values for pupils in schools[1:])
    masked = _masked_sum([victim, *(update_of(dead, pupils, clip).values for pupils in schools[1:])], plan)
    return {
        "off": _figures(attacked, victim, schools[0]),
        "on": _figures(masked, victim, schools[0]),
        "honest_sum": _figures(np.asarray(honest, np.float64), victim, schools[0]),
        "the_school_itself": _refusal(plan, alive, dead),
        "schools": SCHOOLS,
    }


def _dead(arrays: Arrays) -> Arrays:
    return {**arrays, "W_out": np.zeros_like(arrays["W_out"])}


def _figures(total: NDArray[np.float64], victim: NDArray[np.float64], pupils: list[Pupil]) -> dict[str, float]:
    shapes = shared_shapes(SKILL_MAP.rows, HIDDEN)
    count = int(np.prod(shapes[0][1]))
    one, other = total[:count], victim[:count]
    touched = np.any([each.touched for each in pupils], axis=0)
    return {
        "cosine": float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other))),
        "auc": auc_of(row_norms(total), touched),
    }


def _masked_sum(updates: list[NDArray[np.float64]], plan: DefaultPlan) -> NDArray[np.float64]:
    """What opens when the first school masks under the true plan and the others under one with another model.

    Every school's secrets are given to the adversary's sum, as if all had helped to open it.
    """
    campaign = masked_campaign(SCHOOLS, dimensions=updates[0].size)
    true, other = campaign.attempt(1, plan="true model"), campaign.attempt(1, plan="dead model")
    scale = plan.mechanism.scale
    values = [np.rint(update * scale).astype(np.int64) for update in updates]
    total = campaign.forced_sum([true, *[other] * (SCHOOLS - 1)], values)
    return np.asarray(total / scale, np.float64)


def _refusal(plan: DefaultPlan, alive: Arrays, dead: Arrays) -> dict[str, Any]:
    """What a school says to the dead model: it isn't the one that it computes from the approved start."""
    start, crafted = to_bytes(alive), to_bytes(dead)
    terms = DktTerms(
        kind="dkt",
        hidden=HIDDEN,
        skill_map_version=SKILL_MAP.version,
        skill_names=SKILL_MAP.names,
        start_digest=sha256_hex(start),
    )
    campaign = plan.campaign.model_copy(update={"model": terms})
    known = begin(campaign, start)
    if isinstance(known, Refusal):
        return {"refused": False, "fault": "the honest start was refused"}
    crafted_plan = RoundPlan(
        campaign_digest=campaign.digest,
        round=1,
        kind="train",
        model_digest=sha256_hex(crafted),
        cohort=tuple(member.school for member in campaign.members),
        epsilon_after=0.0,
        previous_digest=campaign.digest,
        outcome_digest=campaign.digest,
        log_size=0,
        log_root="0" * 64,
    )
    refusal = check_follows(known, crafted_plan, crafted)
    honest = check_follows(known, crafted_plan.model_copy(update={"model_digest": sha256_hex(start)}), start)
    refused = refusal is not None and honest is None
    return {"refused": refused, "fault": str(refusal.code) if refusal else ""}
