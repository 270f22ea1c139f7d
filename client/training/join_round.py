"""Journey 2: one signed request in, one signed reply out; in between, a charge on disk and noise.

Order matters. A plan is verified and judged before a student is looked at; students are filtered before anything
is computed; the ledger is charged, and flushed, before noise is drawn; the reply is on disk before it is sent.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from client.records.refusals import StoredRefusal, record_refusal
from client.records.replies import StoredReply, reply_of, save_reply
from client.records.store import Store
from client.training.dataset import training_pool, training_windows
from client.training.engine import CACHE_BYTES, clipped_sum
from common.arrays import from_bytes
from common.clock import Clock
from common.errors import Corrupt, Refused, RetryLater
from common.exchange import RoundReply, RoundRequest, open_request, seal_reply
from common.logs import EventLog
from common.models.encoding import EncodedHistory
from common.privacy.clipping import ClippedSum
from common.privacy.ledger import Charge, Ledger, RoundState
from common.privacy.ledger_costs import EVERYBODY
from common.privacy.mechanism import noised_share
from common.privacy.randomness import Randomness
from common.privacy.sampling import KEY_BYTES, batch_cap, overdraw_bound, poisson_sample
from common.refusals import Refusal, RefusalCode
from common.signing import Identity
from common.skills import SkillMap

# Half of what the accountant sets aside of delta has to cover every overdraw of a campaign, as the planner has it.
OVERDRAW_SHARE_OF_DELTA = 5e-5

_log = EventLog("training")


@dataclass(frozen=True, slots=True)
class TrainingSchool:
    """A school as a round needs it. decide: the school's policy on a verified request.

    split_key: of the local train, validation and test sets. cache_bytes alters speed only.
    """

    name: str
    coordinator_key: str
    identity: Identity = field(repr=False)
    store: Store = field(repr=False)
    ledger: Ledger = field(repr=False)
    decide: Callable[[RoundRequest], Refusal | None] = field(repr=False)
    randomness: Randomness = field(repr=False)
    clock: Clock = field(repr=False)
    split_key: bytes = field(repr=False)
    cache_bytes: int = CACHE_BYTES


def join_round(message: bytes, school: TrainingSchool) -> bytes:
    """The signed reply to a round's request: a noised share, or a refusal's code.

    The same plan again gives the same bytes at no charge. A refusal costs nothing. After a crash between charge
    and reply the round is charged again: recorded epsilon is at least released epsilon at every instant.
    """
    started = time.monotonic()
    request = _open(message, school)
    if isinstance(request, Refusal):
        return _say_no(request, None, school)
    ctx = request.plan.digest
    with school.store.read() as connection:
        earlier = reply_of(connection, ctx)
    if earlier is not None:
        _log.info("round-answered-again", campaign=request.campaign.campaign, round=request.plan.round)
        return earlier.reply
    update = school.decide(request) or _noised_update(request, school)
    if isinstance(update, Refusal):
        return _say_no(update, request, school)
    reply = seal_reply(school.identity, RoundReply(school.name, ctx, update=update))
    _keep(reply, request, school)
    _log.info(
        "round-joined",
        campaign=request.campaign.campaign,
        round=request.plan.round,
        bytes=len(reply),
        seconds=round(time.monotonic() - started, 3),
    )
    return reply


def _open(message: bytes, school: TrainingSchool) -> RoundRequest | Refusal:
    """P7: only the coordinator that this school enrolled with is listened to."""
    try:
        request = open_request(message, coordinator_key=school.coordinator_key)
    except Refused as error:
        return Refusal(RefusalCode.BAD_PLAN_SIGNATURE, error.sentence)
    except Corrupt as error:
        return Refusal(RefusalCode.BAD_MESSAGE, error.sentence)
    if request.campaign.coordinator_key != school.coordinator_key:
        return Refusal(RefusalCode.BAD_PLAN_SIGNATURE, "The plan names another coordinator than its signature.")
    return request


def _noised_update(request: RoundRequest, school: TrainingSchool) -> bytes | Refusal:
    """Draw, clipped sum, check, charge, noise. What is named raw_* tells of students and stays here."""
    terms, campaign = request.campaign.privacy, request.plan.campaign_digest
    raw_students = _draw(request, school)
    if isinstance(raw_students, Refusal):
        return raw_students
    raw_sum = clipped_sum(from_bytes(request.model), raw_students, terms.clip_norm, cache_bytes=school.cache_bytes)
    fault = check_sum(raw_sum, students=len(raw_students), rho=terms.rho)
    if fault is not None:
        return fault
    charged = _charge(request, school)
    if isinstance(charged, Refusal):
        return charged
    _log.info("round-charged", campaign=campaign, round=request.plan.round, epsilon_after=charged)
    return noised_share(raw_sum, terms.mechanism, randomness=school.randomness, purpose=request.plan.digest)


def _draw(request: RoundRequest, school: TrainingSchool) -> list[tuple[EncodedHistory, ...]] | Refusal:
    """The drawn students' windows; possibly none, and then only noise is sent."""
    campaign, terms = request.campaign, request.campaign.privacy
    member = campaign.member(school.name)
    if member is None:
        return Refusal(RefusalCode.NOT_IN_ROSTER, "The plan doesn't name this school.")
    cap = batch_cap(terms.sampling_rate, member.students, terms.batch_cap_sd)
    key = school.randomness.draw(f"draw/{request.plan.campaign_digest}/{request.plan.round}", KEY_BYTES)
    skill_map = SkillMap(campaign.model.skill_map_version, campaign.model.skill_names)
    with school.store.read() as connection:
        pool = training_pool(connection, school.split_key)
        if (
            campaign.rounds * overdraw_bound(terms.sampling_rate, len(pool), cap)
            > OVERDRAW_SHARE_OF_DELTA * terms.delta
        ):
            return _not_today("More students would be drawn than the school's public number allows for.")
        drawn = poisson_sample(pool, terms.sampling_rate, key, cap=cap)
        return training_windows(connection, drawn, skill_map=skill_map, terms=terms)


def check_sum(raw_sum: ClippedSum, *, students: int, rho: float) -> Refusal | None:
    """P16: a sum that isn't finite, or longer than so many clipped parts can be, never meets the noise."""
    longest = students * raw_sum.clip_norm * (1 + rho)
    if math.isfinite(raw_sum.norm) and raw_sum.norm <= longest:
        return None
    return _not_today("The school's own sum failed its check, which points to a defect of the program.")


def _charge(request: RoundRequest, school: TrainingSchool) -> float | Refusal:
    """Epsilon after this round, once the charge is on disk."""
    try:
        entry = school.ledger.charge(
            Charge(
                campaign=request.plan.campaign_digest,
                round=request.plan.round,
                ctx=request.plan.digest,
                terms=request.campaign.privacy.mechanism,
                cohorts=frozenset({EVERYBODY}),
            )
        )
    except (Corrupt, RetryLater) as error:
        return Refusal(RefusalCode.LEDGER_UNWRITABLE, error.sentence)
    return entry if isinstance(entry, Refusal) else entry.epsilon_after


def _keep(reply: bytes, request: RoundRequest, school: TrainingSchool) -> None:
    """Seals the reply to disk; only then may it be sent."""
    plan = request.plan
    stored = StoredReply(plan.digest, plan.campaign_digest, plan.round, reply, school.clock.now())
    school.store.writer.submit(lambda connection: save_reply(connection, stored)).result()
    try:
        school.ledger.mark(plan.digest, RoundState.SENT)
    except (Corrupt, RetryLater) as error:
        # The charge stands and the reply is kept: only the note that it left is missing.
        _log.warning("ledger-not-marked", code=str(error.code), round=plan.round)


def _say_no(refusal: Refusal, request: RoundRequest | None, school: TrainingSchool) -> bytes:
    """A signed refusal: the code leaves, the sentence and the reason stay in the school's own log."""
    campaign, number = (request.campaign.campaign, request.plan.round) if request else ("", 0)
    stored = StoredRefusal(campaign, number, refusal, school.clock.now())
    school.store.writer.submit(lambda connection: record_refusal(connection, stored)).result()
    _log.warning("round-refused", campaign=campaign, round=number, code=str(refusal.code))
    ctx = request.plan.digest if request else ""
    return seal_reply(school.identity, RoundReply(school.name, ctx, refusal=refusal.code))


def _not_today(reason: str) -> Refusal:
    return Refusal(RefusalCode.NOT_TAKING_PART, "This school doesn't take part today.", local_reason=reason)
