"""Verification: a whole campaign redone from the public record alone, each step named, nothing believed.

The log is read again from its first entry. Each round's outcome is looked up in it, the model is computed from the
start, this school's own vector is searched, and masked sums of rounds that it took part in are replayed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from client.federation.log_state import LogState
from client.federation.public_record import PublicRecord
from client.training.masking_store import Answered
from client.training.recomputed_model import Recomputed, begin, follow_round, own_vector_fault
from client.training.replay_round import Witness, replay_round
from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import Corrupt, Refused, RetryLater
from common.log_entries import Opened, Planned, Proposed, Released, read_entry
from common.models.release import read_release
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.refusals import Refusal
from common.signed_head import open_head


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. fault: what is wrong with it, in a sentence; empty if nothing is."""

    what: str
    said: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ReadLog:
    """The log from its first entry. entries: as they came."""

    state: LogState = field(repr=False)
    entries: tuple[bytes, ...] = field(repr=False)

    def has(self, entry: Proposed | Planned | Opened | Released) -> bool:
        """Whether exactly this is in it."""
        return any(read_entry(data) == entry for data in self.entries)


@dataclass(frozen=True, slots=True)
class Verifier:
    """answered: what this school itself answered in a round. witness: for replays of masked rounds."""

    school: str
    record: PublicRecord = field(repr=False)
    answered: Callable[[CampaignPlan, int], Answered | None] = field(repr=False)
    witness: Witness = field(repr=False)


def read_whole_log(record: PublicRecord, known: LogState, coordinator_key: str) -> tuple[ReadLog, Check]:
    """Every entry again, and whether they are what the head was signed for and what was read before."""
    fresh, entries = LogState(known.school), []
    try:
        head = open_head(record.signed_head(), coordinator_key=coordinator_key)
        while fresh.size < head.size and (more := record.entries(fresh.size, head.size)):
            for data in more:
                fresh = fresh.with_entry(data)
                entries.append(data)
    except (Corrupt, Refused) as error:
        return ReadLog(fresh, tuple(entries)), Check("log", f"{fresh.size} entries", error.sentence)
    fault = ""
    if fresh.size != head.size or fresh.root_at(head.size) != head.root:
        fault = f"The log's {head.size} entries aren't the ones that its head was signed for."
    elif fresh.leaves[: known.size] != known.leaves:
        place = next((n for n, leaf in enumerate(known.leaves) if fresh.leaves[n : n + 1] != (leaf,)), 0)
        fault = f"Entry {place} of the log isn't the one that this school read before."
    return ReadLog(fresh, tuple(entries)), Check("log", f"{fresh.size} entries, root {head.root[:16]}", fault)


def verify_campaign(campaign: CampaignPlan, log: ReadLog, verifier: Verifier) -> Iterator[Check]:
    """Plan, start, every published round; stops at the first fault, since everything later rests on it."""
    record = verifier.record
    proposed = log.has(Proposed(campaign=campaign.digest, name=campaign.campaign))
    yield Check("plan", campaign.digest[:16], "" if proposed else "The log doesn't hold this campaign's plan.")
    known = begin(campaign, record.start(campaign.digest))
    yield Check("start", campaign.model.start_digest[:16], _fault(known))
    while proposed and not isinstance(known, Refusal) and known.round < campaign.total_rounds:
        data = _published(record, campaign, known.round + 1)
        if data is None:
            return
        step = _round(data, known, log, verifier=verifier)
        yield step.check
        if step.after is None:
            return
        known = step.after


def verify_release(data: bytes, digest: str, *, log: ReadLog, known_model: bytes, coordinator_key: str) -> Check:
    """A release's file against its signature, the log, and the model that was computed here."""
    said = f"release {digest[:16]}"
    try:
        release = read_release(data, coordinator_key)
    except (Corrupt, Refused) as error:
        return Check("signature", said, error.sentence)
    own = from_bytes(known_model)
    same = set(own) == set(release.arrays) and to_bytes({name: release.arrays[name] for name in own}) == to_bytes(
        own
    )
    if not same:
        return Check("model", said, "The release holds another model than the published sums give.")
    entry = Released(campaign=release.card.campaign_digest, release=digest, model=sha256_hex(known_model))
    return Check("release", said, "" if log.has(entry) else "The log doesn't hold this release.")


@dataclass(frozen=True, slots=True)
class _Step:
    check: Check
    after: Recomputed | None = None


def _round(data: bytes, known: Recomputed, log: ReadLog, *, verifier: Verifier) -> _Step:
    number = known.round + 1
    try:
        opened = OpenedRound.from_bytes(data)
    except Corrupt as error:
        return _Step(Check("sum", f"round {number}", error.sentence))
    said = f"round {number}: {opened.state}, {len(opened.survivors)} schools"
    for fault_of in (_log_fault, _plan_fault):
        fault, what = fault_of(opened, log)
        if fault:
            return _Step(Check(what, said, fault))
    after = follow_round(known, opened, _own_check(verifier, known.campaign))
    if isinstance(after, Refusal):
        return _Step(Check("model", said, after.sentence))
    refusal, replayed = _replayed(opened, known.campaign, verifier)
    if refusal:
        return _Step(Check("sum", said, refusal))
    return _Step(Check("round", f"{said}{replayed}, model {sha256_hex(after.model)[:16]}"), after)


def _log_fault(opened: OpenedRound, log: ReadLog) -> tuple[str, str]:
    plan = opened.plan
    entry = Opened(campaign=plan.campaign_digest, round=plan.round, outcome=opened.digest)
    return ("" if log.has(entry) else "The log holds another outcome of this round, or none."), "log entry"


def _plan_fault(opened: OpenedRound, log: ReadLog) -> tuple[str, str]:
    plan = opened.plan
    entry = Planned(campaign=plan.campaign_digest, round=plan.round, plan=plan.digest)
    if not log.has(entry):
        return "The log holds another plan of this round, or none.", "plan"
    rests = plan.log_size <= log.state.size and log.state.root_at(plan.log_size) == plan.log_root
    return ("" if rests else "The round's plan rests on another log."), "plan"


def _own_check(verifier: Verifier, campaign: CampaignPlan) -> Callable[[OpenedRound], str]:
    def fault(opened: OpenedRound) -> str:
        return own_vector_fault(opened, verifier.school, verifier.answered(campaign, opened.plan.round))

    return fault


def _replayed(opened: OpenedRound, campaign: CampaignPlan, verifier: Verifier) -> tuple[str, str]:
    """A fault, and what was replayed in words."""
    if not campaign.secure_aggregation or opened.state != "opened":
        return "", ""
    if verifier.witness.masking.deals(campaign.digest, opened.plan.round) is None:
        return "", ", not replayed (this school wasn't in it)"
    refusal = replay_round(opened, campaign, verifier.witness)
    return (refusal.sentence if refusal else ""), ", replayed"


def _published(record: PublicRecord, campaign: CampaignPlan, number: int) -> bytes | None:
    try:
        return record.opened_round(campaign.digest, number)
    except RetryLater:
        return None  # not over yet


def _fault(known: Recomputed | Refusal) -> str:
    return known.sentence if isinstance(known, Refusal) else ""
