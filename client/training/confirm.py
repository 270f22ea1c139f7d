"""A school's word on a candidate: its own computation gives the same bits, and every sum it was part of replays.

The rounds are computed once more from the start, so that the word doesn't rest on what was believed on the way.
"""

from collections.abc import Mapping

from client.training.masked_round import read_record
from client.training.recomputed_model import catch_up, unreachable
from client.training.replay_round import Witness, replay_round
from client.training.replica import first_model, own_check
from client.training.saying_no import note_refusal
from client.training.training_school import TrainingSchool
from common.canonical import sha256_hex
from common.errors import RetryLater
from common.federated_step import sum_problem
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode
from common.trips import TripRequest

MATCHED, DIFFERS = b"\x01", b"\x00"


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
    unusable = _measurement_problem(campaign, rounds)
    if unusable:
        return Refusal(RefusalCode.NOT_REPLAYED, f"Nobody can know what the candidate is worth: {unusable}")
    return _replay_all(campaign, rounds, school) if campaign.secure_aggregation else None


def _measurement_problem(campaign: CampaignPlan, rounds: list[OpenedRound]) -> str:
    """Why the measuring round's sum is unusable, by the coordinator's rule; empty if it is usable or unplanned."""
    if campaign.metrics is None:
        return ""
    last = rounds[-1]
    return "the measuring round gave no sum." if last.state == "aborted" else sum_problem(campaign, last)


def _replay_all(campaign: CampaignPlan, rounds: list[OpenedRound], school: TrainingSchool) -> Refusal | None:
    record = read_record(campaign, school)
    if isinstance(record, Refusal):
        return record
    answered = {one.round for one in record.answers} if record else set()
    mine = (one for one in rounds if one.state == "opened" and one.plan.round in answered)
    witness = Witness(school.replica.published, school.masking, school.randomness)
    refusals = (replay_round(opened, campaign, witness) for opened in mine)
    return next((refusal for refusal in refusals if refusal is not None), None)
