"""A school's word on a candidate: its own computation gives the same bits, and every sum it was part of replays.

The rounds are computed once more from the start, so that the word doesn't rest on what was believed on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from client.training.masked_round import read_record
from client.training.masking_store import MaskingStore
from client.training.published import Published
from client.training.recomputed_model import catch_up, unreachable
from client.training.replica import first_model, own_check
from client.training.saying_no import masking_refusal, note_refusal
from client.training.training_school import TrainingSchool
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode, Refused, RetryLater
from common.federated_step import opened_total
from common.masking import attempt_of, secagg_terms
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.privacy.randomness import Randomness
from common.privacy.secagg.commitments import chunk_count
from common.privacy.secagg.messages import unpack_deals
from common.privacy.secagg.replay import replay
from common.privacy.secagg.transcript import Transcript
from common.refusals import Refusal, RefusalCode
from common.trips import TripRequest

# With more members each school replays one chunk of each round, drawn secretly: together they see all of it.
WHOLE_REPLAY_UP_TO = 30
MATCHED, DIFFERS = b"\x01", b"\x00"
_DRAW_BYTES = 16


@dataclass(frozen=True, slots=True)
class Witness:
    """What a replay needs: the record, the deals that this school kept, and a secret choice of what to look at."""

    published: Published = field(repr=False)
    masking: MaskingStore = field(repr=False)
    randomness: Randomness = field(repr=False)


def confirm(request: TripRequest, school: TrainingSchool) -> Mapping[str, bytes] | Refusal:
    """Whether it matched; what differs is kept here by name. A refusal if what is published can't be read."""
    try:
        difference = _compare(request, school)
    except RetryLater as error:
        return unreachable(error)
    if difference is not None:
        note_refusal(difference, school, campaign=request.campaign.campaign, number=0)
    return {"matched": MATCHED if difference is None else DIFFERS}


def _compare(request: TripRequest, school: TrainingSchool) -> Refusal | None:
    campaign, replica = request.campaign, school.replica
    known = first_model(replica, campaign)
    if isinstance(known, Refusal):
        return known
    caught = catch_up(known, replica.published, campaign.total_rounds, own=own_check(replica, campaign))
    if isinstance(caught, Refusal):
        return caught
    after, rounds = caught
    if request.parts.get("candidate", b"").hex() != sha256_hex(after.model):
        return Refusal(
            RefusalCode.NOT_REPLAYED, "The candidate isn't the model that this school computes from the sums."
        )
    return _replay_all(campaign, rounds, school) if campaign.secure_aggregation else None


def _replay_all(campaign: CampaignPlan, rounds: list[OpenedRound], school: TrainingSchool) -> Refusal | None:
    record = read_record(campaign, school)
    if isinstance(record, Refusal):
        return record
    answered = {one.round for one in record.answers} if record else set()
    mine = (one for one in rounds if one.state == "opened" and one.plan.round in answered)
    witness = Witness(school.replica.published, school.masking, school.randomness)
    refusals = (replay_round(opened, campaign, witness) for opened in mine)
    return next((refusal for refusal in refusals if refusal is not None), None)


def replay_round(opened: OpenedRound, campaign: CampaignPlan, witness: Witness) -> Refusal | None:
    """One round's sum from the masked vectors and opened secrets, against the deals that this school received."""
    number, attempt = opened.plan.round, attempt_of(campaign, opened.plan)
    count = chunk_count(attempt.dimensions)
    chunk = _chunk(campaign, number, count, randomness=witness.randomness)
    asked = tuple(range(count)) if chunk is None else (chunk,)
    try:
        transcript = Transcript.from_bytes(witness.published.transcript(campaign.digest, number, chunk))
        if transcript.shown != asked:
            raise Corrupt(ErrorCode.BAD_MESSAGE, "The published round doesn't show what was asked for.")
        deals = unpack_deals(witness.masking.deals(campaign.digest, number) or b"")
        total = opened_total(campaign, opened)
        replay(secagg_terms(campaign), attempt, transcript, deals=deals, total=total)
    except (Refused, Corrupt) as error:
        reason = masking_refusal(error, campaign).local_reason
        sentence = f"The published sum of round {number} isn't the sum of the masked vectors. {error.sentence}"
        return Refusal(RefusalCode.NOT_REPLAYED, sentence, local_reason=reason)
    return None


def _chunk(campaign: CampaignPlan, number: int, count: int, *, randomness: Randomness) -> int | None:
    """Which part of a round this school replays; None for all of it."""
    if len(campaign.members) <= WHOLE_REPLAY_UP_TO:
        return None
    drawn = randomness.draw(f"chunk/{campaign.digest}/{number}", _DRAW_BYTES)
    return int.from_bytes(drawn, "big") % count
