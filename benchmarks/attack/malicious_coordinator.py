"""Ten attacks of a malicious coordinator on masking, as docs/secagg.md lists them: each is refused by name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from benchmarks.attack.masked_campaign import BITS, MaskedCampaign, masked_campaign
from client.federation.log_follower import LogView
from client.federation.log_rules import stranger_among
from common.errors import ErrorCode, Refused
from common.exchange import RoundRequest, open_request, seal_request
from common.plan import CampaignPlan, Member
from common.privacy.randomness import SystemRandomness
from common.privacy.secagg import holder, relay
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Masked, Survivors
from common.privacy.secagg.replay import replay
from common.privacy.secagg.terms import Attempt
from common.privacy.secagg.transcript import Transcript, transcript_of
from common.refusals import RefusalCode
from common.signing import new_identity
from server.plan import RoundPlace, next_round

SCHOOLS = 5
# What is tried, and the check that it has to run into.
Attack = tuple[str, Callable[[], None], SecaggFault]
# An honest uniform residue is called biased once in a million.
UNIFORM_FROM = 1e-6


def attack_masking(plan: CampaignPlan) -> list[dict[str, Any]]:
    """One row per thing tried, by the attack's number: whether it failed, and by which named check."""
    rows = [_stranger(plan), _foreign_signature(plan), _other_plan(), *(_row(*attack) for attack in _attacks())]
    return sorted(rows, key=lambda row: int(row["number"]))


def _row(name: str, tried: Callable[[], None], expected: SecaggFault) -> dict[str, Any]:
    fault = ""
    try:
        tried()
    except SecaggRefused as refusal:
        fault = str(refusal.fault)
    return _result(name, refused=fault == expected, fault=fault, expected=expected)


def _result(name: str, *, refused: bool, fault: str, expected: str) -> dict[str, Any]:
    number, _, attack = name.partition(" ")
    return {
        "number": int(number),
        "attack": attack,
        "refused": refused,
        "fault": fault,
        "expected": str(expected),
    }


def _attacks() -> list[Attack]:
    return [
        ("2 a threshold under which two sums could open", _low_threshold, SecaggFault.UNSAFE_TERMS),
        ("3 a mask key swapped for the coordinator's own", _swapped_key, SecaggFault.BAD_DEAL_SIGNATURE),
        ("3 a box key swapped for the coordinator's own", _swapped_box_key, SecaggFault.BAD_JOIN),
        ("3 a sealed box altered on its way", _altered_box, SecaggFault.BAD_DEAL_SIGNATURE),
        ("4 a small cohort", _small_cohort, SecaggFault.COHORT_TOO_SMALL),
        ("6 two plans for one round", _two_plans, SecaggFault.TWO_PLANS_FOR_A_ROUND),
        ("6 an old round's plan again", _old_plan, SecaggFault.ROUND_REPLAYED),
        ("6 survivors signed by somebody else", _foreign_survivors, SecaggFault.SURVIVORS_UNSIGNED),
        ("7 a school alive to some and dropped to others", _split_view, SecaggFault.EVIDENCE_WRONG),
        ("7 the same in a campaign's last round", _split_last_round, SecaggFault.TWO_SURVIVOR_SETS),
        ("8 a second unmasking with another set", _second_unmask, SecaggFault.TWO_SURVIVOR_SETS),
        ("9 many schools called dropped", _many_dropped, SecaggFault.TOO_MANY_DROPPED),
        ("9 a school's vector replaced", _replaced_vector, SecaggFault.BAD_SURVIVORS),
        ("9 a school's own vector left out", _left_out, SecaggFault.BAD_SURVIVORS),
        ("10 another sum than the one that opened", _other_sum, SecaggFault.REPLAY_DIFFERS),
        ("10 a forged opened secret", _forged_secret, SecaggFault.REPLAY_DIFFERS),
    ]


def _stranger(plan: CampaignPlan) -> dict[str, Any]:
    """The school's policy refuses a member that the public log doesn't know: P9."""
    roster = {member.school: member.identity_key for member in plan.members}
    stranger = Member(school="stranger", identity_key=new_identity().public_key, students=100)
    padded = plan.model_copy(update={"members": (*plan.members, stranger)})
    log = LogView(0, roster, frozenset(), own_ledger_rows=0, own_ledger_head="")
    refusal, honest = stranger_among(padded, log), stranger_among(plan, log)
    return _result(
        "1 a stranger among the members",
        refused=refusal is not None and refusal.code is RefusalCode.NOT_IN_ROSTER and honest is None,
        fault=str(refusal.code) if refusal else "",
        expected=RefusalCode.NOT_IN_ROSTER,
    )


def _foreign_signature(plan: CampaignPlan) -> dict[str, Any]:
    """A sound request that another key than the enrolled coordinator's signed: P7, before anything is read."""
    enrolled, stranger = new_identity(), new_identity()
    campaign = plan.model_copy(update={"coordinator_key": enrolled.public_key})
    place = RoundPlace(1, campaign.digest, campaign.digest)
    cohort = [member.school for member in campaign.members]
    request = RoundRequest(campaign, next_round(campaign, place, model_digest="0" * 64, cohort=cohort), b"")
    fault = ""
    try:
        open_request(seal_request(stranger, request), coordinator_key=enrolled.public_key)
    except Refused as refusal:
        fault = str(refusal.code)
    honest = open_request(seal_request(enrolled, request), coordinator_key=enrolled.public_key)
    return _result(
        "6 a plan signed by somebody else",
        refused=fault == ErrorCode.BAD_SIGNATURE and honest.plan == request.plan,
        fault=fault,
        expected=ErrorCode.BAD_SIGNATURE,
    )


def _low_threshold() -> None:
    campaign = masked_campaign(SCHOOLS)
    holder.start(replace(campaign.terms, threshold=2), 0, SystemRandomness())


def _swapped_key() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    deals = [campaign.deals[1][dealer, 0] for dealer in attempt.cohort]
    own = masked_campaign(SCHOOLS).deals[1][0, 0].key
    campaign.mask(attempt, 0, deals=[*deals[:4], replace(deals[4], key=own)])


def _swapped_box_key() -> None:
    campaign = masked_campaign(SCHOOLS)
    joins = [
        holder.join(state, campaign.terms, who)
        for state, who in zip(campaign.states, campaign.identities, strict=True)
    ]
    own = masked_campaign(SCHOOLS)
    played = replace(joins[4], box=holder.join(own.states[4], own.terms, own.identities[4]).box)
    fresh = holder.start(campaign.terms, 0, SystemRandomness())
    mine = holder.join(fresh, campaign.terms, campaign.identities[0])
    for last in (joins[4], played):  # the honest ones are taken
        holder.freeze_and_deal(
            fresh,
            campaign.terms,
            [mine, *joins[1:4], last],
            identity=campaign.identities[0],
            randomness=SystemRandomness(),
        )


def _altered_box() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    deals = [campaign.deals[1][dealer, 0] for dealer in attempt.cohort]
    flipped = bytes([deals[4].box[0] ^ 1]) + deals[4].box[1:]
    campaign.mask(attempt, 0, deals=[*deals[:4], replace(deals[4], box=flipped)])


def _small_cohort() -> None:
    campaign = masked_campaign(SCHOOLS)
    campaign.mask(campaign.attempt(1, cohort=(0, 1)), 0)


def _other_plan() -> dict[str, Any]:
    """No check refuses this one: the plan is in every mask, so what opens is uniform over the ring."""
    campaign = masked_campaign(SCHOOLS, dimensions=20_000)
    true, other = campaign.attempt(1, plan="true"), campaign.attempt(1, plan="other")
    values = [np.full(campaign.dimensions, member, np.int64) for member in range(SCHOOLS)]
    total = campaign.forced_sum([other, *[true] * (SCHOOLS - 1)], values)
    top_bytes = (total >> (BITS - 8)) & 0xFF
    p_value = float(chisquare(np.bincount(top_bytes, minlength=256)).pvalue)
    row = _result(
        "5 another model, clip or scale for one school",
        refused=p_value > UNIFORM_FROM and not np.array_equal(total, np.sum(values, axis=0)),
        fault="masks never cancel",
        expected="masks never cancel",
    )
    return row | {"p_value_uniform": p_value}


def _two_plans() -> None:
    campaign = masked_campaign(SCHOOLS)
    campaign.mask(campaign.attempt(1, plan="one"), 0)
    campaign.mask(campaign.attempt(1, plan="another"), 0)


def _old_plan() -> None:
    campaign = masked_campaign(SCHOOLS)
    campaign.mask(campaign.attempt(2), 0)
    campaign.mask(campaign.attempt(1), 0)


def _all_masked() -> tuple[MaskedCampaign, Attempt, dict[int, Masked], Survivors]:
    """A round in which every school has sent its vector, and the honest list of survivors."""
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    masked = {member: campaign.mask(attempt, member) for member in campaign.everybody}
    return campaign, attempt, masked, campaign.survivors(attempt, masked)


def _foreign_survivors() -> None:
    campaign, _, _, survivors = _all_masked()
    campaign.unmask(replace(survivors, signature=new_identity().sign("secagg", survivors.signed)), 0)


def _split_view() -> None:
    campaign, _, _, survivors = _all_masked()
    lie = campaign.other_survivors(survivors, survivors.entries[:4])
    unmasks = {m: campaign.unmask(lie if m == 0 else survivors, m) for m in campaign.everybody}
    evidence = relay.evidence_of({m: unmasks[m] for m in (1, 2, 3, 4)})
    following = campaign.attempt(2)
    deals = [campaign.deals[2][dealer, 0] for dealer in following.cohort]
    holder.check_round(campaign.states[0], campaign.terms, following, deals=deals, evidence=evidence)


def _split_last_round() -> None:
    """No later round brings evidence, so school 0 finds the split when it redoes the published sum."""
    campaign, attempt, masked, survivors = _all_masked()
    lie = campaign.other_survivors(survivors, survivors.entries[:4])
    unmasks = {m: campaign.unmask(lie if m == 0 else survivors, m) for m in campaign.everybody}
    shown = {m: unmasks[m] for m in (1, 2, 3, 4)}
    deals = campaign.deals[1]
    opened = relay.open_attempt(campaign.terms, attempt, masked=masked, unmasks=shown, deals=deals)
    transcript = transcript_of(1, masked, seeds=opened.seeds, keys=opened.keys, bits=BITS)
    received = [deals[dealer, 0] for dealer in attempt.cohort]
    replay(campaign.terms, attempt, transcript, deals=received, total=opened.total, answered=lie.name)


def _second_unmask() -> None:
    campaign, _, _, survivors = _all_masked()
    campaign.unmask(survivors, 0)
    campaign.unmask(campaign.other_survivors(survivors, survivors.entries[:4]), 0)


def _many_dropped() -> None:
    campaign, _, _, survivors = _all_masked()
    campaign.unmask(campaign.other_survivors(survivors, survivors.entries[:2]), 0)


def _replaced_vector() -> None:
    campaign, _, _, survivors = _all_masked()
    (member, digest), *others = survivors.entries
    replaced = ((member, bytes([digest[0] ^ 1]) + digest[1:]), *others)
    campaign.unmask(campaign.other_survivors(survivors, replaced), 0)


def _left_out() -> None:
    campaign, _, _, survivors = _all_masked()
    campaign.unmask(campaign.other_survivors(survivors, survivors.entries[1:]), 0)


def _other_sum() -> None:
    campaign, attempt, transcript, deals, total = _published()
    lie = total.copy()
    lie[3] += 1
    replay(campaign.terms, attempt, transcript, deals=deals, total=lie)


def _forged_secret() -> None:
    campaign, attempt, transcript, deals, total = _published()
    (member, seed), *others = transcript.seeds
    forged = ((member, bytes([seed[0] ^ 1]) + seed[1:]), *others)
    replay(campaign.terms, attempt, replace(transcript, seeds=forged), deals=deals, total=total)


def _published() -> tuple[MaskedCampaign, Attempt, Transcript, list[Deal], NDArray[np.int64]]:
    """An honest round as school 0 sees it afterwards; it believes it."""
    campaign, attempt, masked, survivors = _all_masked()
    unmasks = {member: campaign.unmask(survivors, member) for member in campaign.everybody}
    opened = relay.open_attempt(campaign.terms, attempt, masked=masked, unmasks=unmasks, deals=campaign.deals[1])
    transcript = transcript_of(1, masked, seeds=opened.seeds, keys=opened.keys, bits=BITS)
    deals = [campaign.deals[1][dealer, 0] for dealer in attempt.cohort]
    replay(campaign.terms, attempt, transcript, deals=deals, total=opened.total)
    return campaign, attempt, transcript, deals, opened.total
