"""Verification: a whole campaign redone from the public record alone, each step named, nothing believed.

Each round's outcome is looked up in the log, the model is computed from the start, this school's own vector is
searched, and masked sums are replayed as far as this school can.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeVar

from client.federation.public_record import PublicRecord
from client.federation.round_in_log import Fault, fault_in_log
from client.federation.whole_log import Check, WholeLog
from client.training.masking_store import Answered
from client.training.recomputed_model import (
    Recomputed,
    begin,
    check_follows,
    follow_round,
    own_vector_fault,
)
from client.training.replay_round import Witness, replay_as_outsider, replay_round
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode, RetryLater
from common.log_entries import Opened, Proposed
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verifier:
    """answered: what this school itself answered in a round. witness: for replays of masked rounds."""

    school: str
    coordinator_key: str
    record: PublicRecord = field(repr=False)
    answered: Callable[[CampaignPlan, int], Answered | None] = field(repr=False)
    witness: Witness = field(repr=False)


def verify_campaign(
    campaign: CampaignPlan, log: WholeLog, verifier: Verifier
) -> Generator[Check, None, Recomputed | None]:
    """Plan, start and every round that is over; stops at the first fault, since everything later rests on it.

    Returns what was computed, None after a fault. RetryLater if the coordinator can't be reached.
    """
    known, fault = _begin(campaign, verifier)
    plan_fault = _plan_fault(campaign, log, verifier)
    yield Check("plan", f"campaign {campaign.campaign}, {campaign.digest[:16]}", plan_fault)
    yield Check("model", f"start {campaign.model.start_digest[:16]}", fault)
    if known is None or plan_fault:
        return None
    while known.round < campaign.total_rounds and log.of_round(Opened, campaign.digest, known.round + 1):
        check, after = _round(known, log, verifier)
        yield check
        if after is None:
            return None
        known = after
    last = log.last_round(campaign.digest)
    if last > known.round + 1 or last > campaign.total_rounds:
        sentence = f"The log goes on to round {last}, but holds no outcome of round {known.round + 1}."
        yield Check("log entry", f"round {known.round + 1}", sentence)
        return None
    return known


def handed_out(fetch: Callable[[], T]) -> T | None:
    """What is published; None if the coordinator answers, but not with this."""
    try:
        return fetch()
    except RetryLater as error:
        if error.code != ErrorCode.NOT_ENROLLED:  # what a refused or unknown path is called
            raise
        return None


def _plan_fault(campaign: CampaignPlan, log: WholeLog, verifier: Verifier) -> str:
    if campaign.coordinator_key != verifier.coordinator_key:
        return "The plan names another coordinator than the one that this school enrolled with."
    if log.place_of(Proposed(campaign=campaign.digest, name=campaign.campaign)) is None:
        return "The log doesn't hold this campaign's plan."
    return ""


def _begin(campaign: CampaignPlan, verifier: Verifier) -> tuple[Recomputed | None, str]:
    start = handed_out(lambda: verifier.record.start(campaign.digest))
    if start is None:
        return None, "The coordinator doesn't hand out the campaign's start model."
    known = begin(campaign, start)
    return (None, known.sentence) if isinstance(known, Refusal) else (known, "")


def _round(known: Recomputed, log: WholeLog, verifier: Verifier) -> tuple[Check, Recomputed | None]:
    """The next round, and what follows from it."""
    number, campaign = known.round + 1, known.campaign
    data = handed_out(lambda: verifier.record.opened_round(campaign.digest, number))
    if data is None:
        sentence = "The log holds an outcome of this round, but the coordinator doesn't hand it out."
        return Check("log entry", f"round {number}", sentence), None
    try:
        opened = OpenedRound.from_bytes(data)
    except Corrupt as error:
        return Check("sum", f"round {number}", error.sentence), None
    said = f"round {number}: {opened.state}, {len(opened.survivors)} schools"
    fault = fault_in_log(opened, campaign, number, log=log) or _own_fault(opened, known, verifier)
    if fault:
        return Check(fault[0], said, fault[1]), None
    after = follow_round(known, opened)
    if isinstance(after, Refusal):
        return Check("sum", said, after.sentence), None
    replayed = _replayed(opened, campaign, verifier)
    if isinstance(replayed, Refusal):
        return Check("sum", said, replayed.sentence), None
    return Check("round", f"{said}{replayed}, model {sha256_hex(after.model)[:16]}"), after


def _own_fault(opened: OpenedRound, known: Recomputed, verifier: Verifier) -> Fault:
    """In which way the outcome's plan isn't what follows, or the outcome not what this school answered."""
    if opened.plan.model_digest != sha256_hex(known.model):
        return "model", "The round's model isn't the one that the sums before it give."
    refusal = check_follows(known, opened.plan, known.model)
    if refusal:
        return "plan", refusal.sentence
    answered = verifier.answered(known.campaign, opened.plan.round)
    own = own_vector_fault(opened, verifier.school, answered)
    if not own:
        return None
    asked_otherwise = answered is not None and answered.ctx != opened.plan.digest
    what = "plan" if asked_otherwise else "vectors"
    return what, f"The round as published isn't what this school answered: {own}."


def _replayed(opened: OpenedRound, campaign: CampaignPlan, verifier: Verifier) -> Refusal | str:
    """In words, how far the sum was redone from the masked vectors."""
    if not campaign.secure_aggregation or opened.state != "opened":
        return ""
    redone = handed_out(lambda: _replay(opened, campaign, verifier.witness))
    if redone is None:
        sentence = "The coordinator doesn't hand out the round's masked vectors."
        return Refusal(RefusalCode.NOT_REPLAYED, sentence)
    return redone


def _replay(opened: OpenedRound, campaign: CampaignPlan, witness: Witness) -> Refusal | str:
    if witness.masking.deals(campaign.digest, opened.plan.round) is not None:
        return replay_round(opened, campaign, witness) or ", replayed"
    redone = replay_as_outsider(opened, campaign, witness)
    if isinstance(redone, Refusal):
        return redone
    return ", replayed without deals" if redone else ", its vectors' signatures checked (no deals here)"
