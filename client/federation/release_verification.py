"""A campaign's releases against the log, the plan, the schools' confirmations, and the model computed here."""

from collections.abc import Callable, Iterator
from functools import partial

from client.federation.round_in_log import Fault
from client.federation.verification import handed_out
from client.federation.whole_log import Check, WholeLog
from client.training.recomputed_model import Recomputed
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode, Refused
from common.log_entries import Confirmed, Released
from common.models.release import ModelCard, read_release, release_digest
from common.models.release_content import content_fault
from common.plan import CampaignPlan


def verify_releases(
    known: Recomputed, log: WholeLog, *, fetch: Callable[[str], bytes], coordinator_key: str
) -> Iterator[Check]:
    """Every release of a campaign that the log holds, withdrawn or not. known: after the last published round.

    fetch: a release's file, by its digest.
    """
    for place, entry in log.releases(known.campaign.digest):
        said = f"release {entry.release[:16]}"
        fault = _entry_fault(known, log, place, entry=entry)
        data = None if fault else handed_out(partial(fetch, entry.release))
        if data is not None:
            fault = _file_fault(data, known, log, entry=entry, coordinator_key=coordinator_key)
        elif not fault:
            fault = "release", "The log holds this release, but the coordinator doesn't hand it out."
        yield Check(fault[0], said, fault[1]) if fault else Check("release", f"{said}, model {entry.model[:16]}")


def confirmed_by(campaign: CampaignPlan, log: WholeLog, model: str) -> frozenset[str]:
    """The members whose last word on this candidate, as the log holds it, is that it matched."""
    words = {
        one.school: one.matched
        for one in log.entries
        if isinstance(one, Confirmed) and (one.campaign, one.model) == (campaign.digest, model)
    }
    return frozenset(member.school for member in campaign.members if words.get(member.school, False))


def _entry_fault(known: Recomputed, log: WholeLog, place: int, *, entry: Released) -> Fault:
    """What the log itself says against a release."""
    campaign = known.campaign
    if known.round < campaign.total_rounds:
        return "log entry", f"The log holds a release, but no outcome of round {known.round + 1}."
    if entry.model != sha256_hex(known.model):
        return "model", "The log holds a release of another model than the published sums give."
    before = WholeLog(log.state, log.entries[:place])
    schools = confirmed_by(campaign, before, entry.model)
    if len(schools) < campaign.quorum:
        sentence = f"{len(schools)} schools had confirmed the model before its release; {campaign.quorum} have to."
        return "log entry", sentence
    return None


def _file_fault(data: bytes, known: Recomputed, log: WholeLog, *, entry: Released, coordinator_key: str) -> Fault:
    try:
        release = read_release(data, coordinator_key)
    except (Corrupt, Refused) as error:
        return ("signature" if error.code == ErrorCode.BAD_SIGNATURE else "release"), error.sentence
    if content_fault(release, known.campaign, known.model):
        return "model", "The release holds another model than the published sums give."
    if not _true_card(release.card, known.campaign, confirmed_by(known.campaign, log, entry.model)):
        return "release", "The release's card says something else than its plan and the log."
    if release_digest(data) != entry.release:
        return "release", "The release's file isn't the one that the log holds."
    return None


def _true_card(card: ModelCard, campaign: CampaignPlan, confirmed: frozenset[str]) -> bool:
    """Whether the card's words on cost, trust and confirmation are the plan's and the log's."""
    said = (card.campaign_digest, card.rounds, card.epsilon, card.epsilon_alone, card.delta, card.honest_schools)
    privacy = campaign.privacy
    planned = (
        campaign.digest,
        campaign.rounds,
        campaign.epsilon_in_all,
        campaign.epsilon_alone_in_all,
        privacy.delta,
        privacy.honest_schools,
    )
    return (
        said == planned
        and card.secure_aggregation == campaign.secure_aggregation
        and set(card.confirmed_by) <= confirmed
    )
