"""Redoing one masked sum from its transcript, as far as this school can: with the deals it received, or without.

The transcript has to be of exactly the schools and vectors that the round's published outcome names: the sum is
divided by the number of their students, and the noise rests on how many they are.
"""

from dataclasses import dataclass, field

from client.training.masking_store import MaskingStore
from client.training.published import Published
from client.training.saying_no import masking_refusal
from common.errors import Corrupt, ErrorCode, Refused
from common.federated_step import opened_total
from common.masking import attempt_of, secagg_terms
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.privacy.randomness import Randomness
from common.privacy.secagg.commitments import chunk_count
from common.privacy.secagg.messages import Survivors, unpack_deals
from common.privacy.secagg.replay import replay, replay_without_deals
from common.privacy.secagg.transcript import Transcript
from common.refusals import Refusal, RefusalCode

# With more members each school replays one chunk of each round, drawn secretly: together they see all of it.
WHOLE_REPLAY_UP_TO = 30
_DRAW_BYTES = 16


@dataclass(frozen=True, slots=True)
class Witness:
    """What a replay needs: the record, the deals that this school kept, and a secret choice of what to look at."""

    published: Published = field(repr=False)
    masking: MaskingStore = field(repr=False)
    randomness: Randomness = field(repr=False)


def replay_round(opened: OpenedRound, campaign: CampaignPlan, witness: Witness) -> Refusal | None:
    """One round's sum from the masked vectors and opened secrets, against the deals that this school received."""
    number, terms, attempt = opened.plan.round, secagg_terms(campaign), attempt_of(campaign, opened.plan)
    try:
        transcript = _transcript(opened, campaign, witness)
        deals = unpack_deals(witness.masking.deals(campaign.digest, number) or b"")
        answered = _answered(campaign, number, witness.masking)
        total = opened_total(campaign, opened)
        replay(terms, attempt, transcript, deals=deals, total=total, answered=answered)
    except (Refused, Corrupt) as error:
        return _differs(campaign, number, error)
    return None


def replay_as_outsider(opened: OpenedRound, campaign: CampaignPlan, witness: Witness) -> Refusal | bool:
    """What a school finds that wasn't in the round: every vector is signed; True if the sum could be redone too.

    It can't where a school dropped out, since that school's pair masks take keys that only the cohort received.
    """
    terms, attempt = secagg_terms(campaign), attempt_of(campaign, opened.plan)
    try:
        transcript = _transcript(opened, campaign, witness)
        return replay_without_deals(terms, attempt, transcript, total=opened_total(campaign, opened))
    except (Refused, Corrupt) as error:
        return _differs(campaign, opened.plan.round, error)


def _transcript(opened: OpenedRound, campaign: CampaignPlan, witness: Witness) -> Transcript:
    """The chunks that this school looks at, of the vectors that the outcome names."""
    number, count = opened.plan.round, chunk_count(attempt_of(campaign, opened.plan).dimensions)
    chunk = _chunk(campaign, number, count, randomness=witness.randomness)
    transcript = Transcript.from_bytes(witness.published.transcript(campaign.digest, number, chunk))
    if transcript.shown != (tuple(range(count)) if chunk is None else (chunk,)):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The published round doesn't show what was asked for.")
    if any(view.member >= len(campaign.members) for view in transcript.vectors):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The published round holds a vector of nobody's.")
    vectors = ((campaign.members[view.member].school, view.digest.hex()) for view in transcript.vectors)
    if tuple(sorted(vectors)) != opened.survivors:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The vectors that are shown aren't the ones that its outcome names.")
    return transcript


def _answered(campaign: CampaignPlan, number: int, masking: MaskingStore) -> bytes:
    """The name of the survivors that this school was shown, while this is its newest round; b"" otherwise."""
    record = masking.read(campaign.digest)
    if record is None or record.last_round != number or not record.survivors:
        return b""
    return Survivors.from_bytes(record.survivors).name


def _chunk(campaign: CampaignPlan, number: int, count: int, *, randomness: Randomness) -> int | None:
    """Which part of a round this school replays; None for all of it."""
    if len(campaign.members) <= WHOLE_REPLAY_UP_TO:
        return None
    drawn = randomness.draw(f"chunk/{campaign.digest}/{number}", _DRAW_BYTES)
    return int.from_bytes(drawn, "big") % count


def _differs(campaign: CampaignPlan, number: int, error: Refused | Corrupt) -> Refusal:
    reason = masking_refusal(error, campaign).local_reason
    sentence = f"The published sum of round {number} isn't the sum of the masked vectors. {error.sentence}"
    return Refusal(RefusalCode.NOT_REPLAYED, sentence, local_reason=reason)
