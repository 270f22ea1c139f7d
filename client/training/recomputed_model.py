"""The shared model as this school computes it itself: the approved start, and one step per published sum.

Whatever the coordinator sends is compared with this, bit for bit. What is kept on disk is a shortcut only: it
can be lost and is then computed again from the start.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from client.training.masking_store import Answered
from client.training.published import Published
from common.canonical import sha256_hex
from common.errors import Corrupt, FixSettings, RetryLater
from common.federated_step import advance, first_weights, opened_total, wire_model
from common.opened_round import OpenedRound
from common.optimizer import Weights
from common.plan import CampaignPlan, RoundPlan
from common.refusals import Refusal, RefusalCode

# What is wrong with a published round as far as this school's own answer to it is concerned; empty if nothing is.
CheckOwn = Callable[[OpenedRound], str]


@dataclass(frozen=True, slots=True, eq=False)
class Recomputed:
    """After `round` rounds. plan, outcome: digest of the last round's plan and OpenedRound, or the campaign's."""

    campaign: CampaignPlan
    round: int
    plan: str
    outcome: str
    weights: Weights = field(repr=False)
    start: bytes = field(repr=False)

    @property
    def model(self) -> bytes:
        """What the coordinator has to send with the next round, to the bit."""
        return wire_model(self.campaign, self.weights, self.start)


def begin(campaign: CampaignPlan, start: bytes) -> Recomputed | Refusal:
    """Before the first round; a refusal unless these bytes are the start that was approved."""
    if sha256_hex(start) != campaign.model.start_digest:
        return _differs("The campaign's start model isn't the one that was approved.")
    try:
        weights = first_weights(campaign, start)
        known = Recomputed(campaign, 0, campaign.digest, campaign.digest, weights, start)
        fits = known.model == start
    except (Corrupt, FixSettings, KeyError):
        fits = False
    return known if fits else _differs("The campaign's start model isn't a model of the approved kind.")


def follow_round(
    known: Recomputed, opened: OpenedRound, own: CheckOwn = lambda opened: ""
) -> Recomputed | Refusal:
    """One round further; a refusal that names what doesn't follow from the rounds before."""
    number = known.round + 1
    fault = _plan_fault(known, opened.plan) or _sum_fault(known.campaign, opened) or own(opened)
    if fault:
        return _differs(f"Round {number} as published isn't what this school computes: {fault}.")
    weights = advance(known.campaign, known.weights, opened)
    return replace(known, round=number, plan=opened.plan.digest, outcome=opened.digest, weights=weights)


def check_follows(known: Recomputed, plan: RoundPlan, model: bytes) -> Refusal | None:
    """P6: whether a round's plan and model are what comes after the rounds that this school computed."""
    fault = _plan_fault(known, plan)
    if fault:
        return _differs(f"The plan of round {plan.round} doesn't follow from what is published: {fault}.")
    if model != known.model:
        sentence = "The model that came with the round was refused: it isn't the one that this school computes."
        return Refusal(RefusalCode.WRONG_MODEL, sentence)
    return None


def catch_up(
    known: Recomputed, published: Published, upto: int, *, own: CheckOwn = lambda opened: ""
) -> tuple[Recomputed, list[OpenedRound]] | Refusal:
    """The model after round `upto`, from what is published, and the rounds that were read on the way.

    A refusal (`not-replayed`) if they differ from this school's own computation; RetryLater if they can't be read.
    """
    read = []
    while known.round < upto:
        number = known.round + 1
        try:
            opened = OpenedRound.from_bytes(published.opened_round(known.campaign.digest, number))
        except Corrupt:
            return _differs(f"What is published of round {number} isn't the record of a round.")
        after = follow_round(known, opened, own)
        if isinstance(after, Refusal):
            return after
        known = after
        read.append(opened)
    return known, read


def _plan_fault(known: Recomputed, plan: RoundPlan) -> str:
    """What is wrong with a plan that should come next; empty if nothing is."""
    number = known.round + 1
    expected = (
        ("campaign", plan.campaign_digest, known.campaign.digest),
        ("round's number", plan.round, number),
        ("kind", plan.kind, known.campaign.kind_of(number)),
        ("plan before it", plan.previous_digest, known.plan),
        ("outcome before it", plan.outcome_digest, known.outcome),
        ("model", plan.model_digest, sha256_hex(known.model)),
    )
    return next((f"the {what} is another" for what, given, own in expected if given != own), "")


def own_vector_fault(opened: OpenedRound, school: str, answered: Answered | None) -> str:
    """Whether a published round leaves this school's own answer as it was given."""
    if answered is not None and answered.ctx != opened.plan.digest:
        return "this school was asked with another plan"
    given = dict(opened.survivors).get(school)
    if given is None:
        return ""
    if answered is None:
        return "its sum names this school, which remembers no answer"
    return "" if given == answered.vector else "its sum holds another vector in this school's name"


def _sum_fault(campaign: CampaignPlan, opened: OpenedRound) -> str:
    if opened.state == "aborted":
        return ""
    if not set(opened.schools) <= set(opened.plan.cohort):
        return "its sum names a school that wasn't asked"
    least = campaign.minimum_cohort
    if campaign.secagg is not None:
        least = campaign.privacy.honest_schools + campaign.secagg.min_margin
    if len(opened.schools) < least:
        return f"its sum holds {len(opened.schools)} schools instead of at least {least}"
    try:
        opened_total(campaign, opened)
    except Corrupt:
        return "its sum hasn't the plan's length"
    return ""


def unreachable(error: RetryLater) -> Refusal:
    """A refusal for want of what is published; it says nothing against anybody."""
    sentence = "This school couldn't compute the model itself, so it sits this out."
    return Refusal(RefusalCode.NOT_REPLAYED, sentence, local_reason=error.sentence)


def _differs(sentence: str) -> Refusal:
    return Refusal(RefusalCode.NOT_REPLAYED, sentence)
