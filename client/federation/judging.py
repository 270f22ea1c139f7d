"""A school's judgement put together: follow the log, redo the sums, read the state, and let the policy decide.

Cheap rules come first: nothing is fetched for a campaign that nobody approved.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from client.federation.foundation_rules import known_foundation
from client.federation.policy import decide, decide_campaign
from client.federation.school_state import Moment, SchoolState, SeenLog, Standing, read_state
from client.records.store import Store
from client.settings import PolicySettings
from client.training.masking_store import MaskingStore
from client.training.recomputed_model import check_follows, unreachable
from client.training.replica import Replica, keep_up
from common.canonical import sha256_hex
from common.clock import Clock
from common.errors import Corrupt, RetryLater
from common.exchange import RoundRequest
from common.permission import Permission
from common.plan import CampaignPlan
from common.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Judge:
    """log: the public log as far as it can be followed now; None if it was never read."""

    store: Store = field(repr=False)
    replica: Replica = field(repr=False)
    masking: MaskingStore = field(repr=False)
    policy: PolicySettings
    standing: Standing
    clock: Clock
    log: Callable[[], SeenLog | None] = field(repr=False)


def judge_campaign(campaign: CampaignPlan, judge: Judge) -> Refusal | None:
    """Whether this school goes along with a campaign: asked before each trip."""
    return decide_campaign(campaign, _state(campaign, judge, judge.log()), judge.policy)


def judge_round(request: RoundRequest, judge: Judge) -> Refusal | Permission:
    """Whether this school takes part in a round, with which cohorts and how much noise."""
    campaign, number = request.campaign, request.plan.round
    log = judge.log()
    state = _state(campaign, judge, log)
    no = decide_campaign(campaign, state, judge.policy)
    if no is not None:
        return no
    if not state.last_round < number <= campaign.total_rounds:
        return decide(request, state, judge.policy)  # refused for its order, whatever its model
    digest = _recomputed(request, judge)
    if isinstance(digest, Refusal):
        return digest
    return decide(request, _state(campaign, judge, log, recomputed=digest), judge.policy)


def _recomputed(request: RoundRequest, judge: Judge) -> str | Refusal:
    """Digest of the model that has to come with this round, if plan and model are the ones that follow."""
    try:
        known = keep_up(judge.replica, request.campaign, request.plan.round - 1, offered_start=request.model)
    except RetryLater as error:
        return unreachable(error)
    if isinstance(known, Refusal):
        return known
    return check_follows(known, request.plan, request.model) or sha256_hex(known.model)


def _state(
    campaign: CampaignPlan, judge: Judge, log: SeenLog | None, *, recomputed: str | None = None
) -> SchoolState:
    moment = Moment(
        foundation=known_foundation(campaign, judge.store, judge.replica),
        now=judge.clock.now(),
        rows=judge.replica.ledger.rows(),
        log=log,
        recomputed_digest=recomputed,
        masked_round=_masked_round(campaign, judge.masking),
    )
    with judge.store.read() as connection:
        return read_state(connection, campaign, standing=judge.standing, moment=moment)


def _masked_round(campaign: CampaignPlan, masking: MaskingStore) -> int:
    """The newest round that was answered with masks; the masking's own checks name a damaged record."""
    try:
        record = masking.read(campaign.digest)
    except Corrupt:
        return 0
    return record.last_round if record else 0
