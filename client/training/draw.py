"""Who takes part in a round: consenting students of the permitted cohorts, in the round's set, secretly drawn."""

import math

from sqlalchemy import Connection

from client.training.dataset import round_pool
from client.training.split import StudentSet
from client.training.training_school import TrainingSchool
from common.exchange import RoundRequest
from common.permission import Permission
from common.plan import RoundKind
from common.privacy.clipping import ClippedSum
from common.privacy.sampling import (
    KEY_BYTES,
    OVERDRAW_SHARE_OF_DELTA,
    batch_cap,
    overdraw_bound,
    poisson_sample,
)
from common.refusals import Refusal, RefusalCode

_SETS: dict[RoundKind, StudentSet] = {"train": "train", "evaluate": "test"}


def draw_students(
    connection: Connection, request: RoundRequest, permission: Permission, *, school: TrainingSchool
) -> tuple[str, ...] | Refusal:
    """Ids of the students in this round, sorted; possibly nobody, and then only noise is sent. Secret."""
    campaign, plan = request.campaign, request.plan
    terms, member = campaign.mechanism(plan.kind), campaign.member(school.name)
    if member is None:
        return Refusal(RefusalCode.NOT_IN_ROSTER, "The plan doesn't name this school.")
    cap = batch_cap(terms.sampling_rate, member.students, terms.batch_cap_sd)
    key = school.randomness.draw(f"draw/{plan.campaign_digest}/{plan.round}", KEY_BYTES)
    pool = round_pool(connection, school.split_key, _SETS[plan.kind], cohorts=permission.cohorts)
    overdraws = campaign.total_rounds * overdraw_bound(terms.sampling_rate, len(pool), cap)
    if overdraws > OVERDRAW_SHARE_OF_DELTA * terms.delta:
        return not_today("More students would be drawn than the school's public number allows for.")
    return poisson_sample(pool, terms.sampling_rate, key, cap=cap)


def check_sum(raw_sum: ClippedSum, *, students: int, rho: float) -> Refusal | None:
    """P16: a sum that isn't finite, or longer than so many clipped parts can be, never meets the noise."""
    longest = students * raw_sum.clip_norm * (1 + rho)
    if math.isfinite(raw_sum.norm) and raw_sum.norm <= longest:
        return None
    return not_today("The school's own sum failed its check, which points to a defect of the program.")


def not_today(reason: str) -> Refusal:
    """A refusal whose reason depends on students, so that it stays here."""
    return Refusal(RefusalCode.NOT_TAKING_PART, "This school doesn't take part today.", local_reason=reason)
