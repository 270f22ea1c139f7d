"""Replica: this school's own copy of a campaign's model, brought up to date from what is published."""

from collections.abc import Callable
from dataclasses import dataclass, field

from client.training.masking_store import Answered
from client.training.model_store import ModelStore
from client.training.published import Published
from client.training.recomputed_model import Recomputed, begin, catch_up, own_vector_fault
from common.canonical import sha256_hex
from common.errors import Corrupt, RetryLater
from common.logs import EventLog
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.privacy.ledger import Ledger, RoundState, charges_of
from common.refusals import Refusal

_log = EventLog("training")


@dataclass(frozen=True, slots=True)
class Replica:
    """published: the public record. answered: what this school itself answered in a round of a campaign."""

    school: str
    published: Published = field(repr=False)
    models: ModelStore = field(repr=False)
    ledger: Ledger = field(repr=False)
    answered: Callable[[CampaignPlan, int], Answered | None] = field(repr=False)


def keep_up(
    replica: Replica, campaign: CampaignPlan, upto: int, *, offered_start: bytes = b""
) -> Recomputed | Refusal:
    """The campaign's model after round `upto`, kept for the next time; aborted rounds are noted in the ledger.

    offered_start: may be the start model, which then needn't be fetched. RetryLater if what is published can't be
    read.
    """
    known = replica.models.read(campaign) or first_model(replica, campaign, offered_start)
    if isinstance(known, Refusal):
        return known
    caught = catch_up(known, replica.published, upto, own=own_check(replica, campaign))
    if isinstance(caught, Refusal):
        return caught
    after, read = caught
    if read or after.round == 0:
        replica.models.keep(after)
    for opened in read:
        if opened.state == "aborted":
            _mark_aborted(replica.ledger, opened)
    return after


def first_model(replica: Replica, campaign: CampaignPlan, offered: bytes = b"") -> Recomputed | Refusal:
    """The campaign before its first round."""
    is_start = sha256_hex(offered) == campaign.model.start_digest
    return begin(campaign, offered if is_start else replica.published.start(campaign.digest))


def own_check(replica: Replica, campaign: CampaignPlan) -> Callable[[OpenedRound], str]:
    """Looks for this school's own vector in a published round."""

    def fault(opened: OpenedRound) -> str:
        return own_vector_fault(opened, replica.school, replica.answered(campaign, opened.plan.round))

    return fault


def _mark_aborted(ledger: Ledger, opened: OpenedRound) -> None:
    """The charge of a round that came to nothing stands; the ledger says why nothing came of it."""
    ctx = opened.plan.digest
    if not any(row.ctx == ctx for row in charges_of(ledger.rows())):
        return
    try:
        ledger.mark(ctx, RoundState.ABORTED)
    except (Corrupt, RetryLater) as error:
        _log.warning("ledger-not-marked", code=str(error.code), round=opened.plan.round)
