"""Ten attacks of a malicious coordinator on masking, as docs/secagg.md lists them: each is refused by name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import chisquare

from benchmarks.attack.masked_campaign import BITS, masked_campaign
from client.federation.log_follower import LogView
from client.federation.log_rules import stranger_among
from common.plan import CampaignPlan, Member
from common.privacy.randomness import SystemRandomness
from common.privacy.secagg import holder, relay
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Unmask
from common.privacy.secagg.replay import replay
from common.privacy.secagg.transcript import transcript_of
from common.refusals import RefusalCode
from common.signing import new_identity

SCHOOLS = 5
# What is tried, and the check that it has to run into.
Attack = tuple[str, Callable[[], None], SecaggFault]
# An honest uniform residue is called biased once in a million.
UNIFORM_FROM = 1e-6


def attack_masking(plan: CampaignPlan) -> list[dict[str, Any]]:
    """One row per attack: what was tried, whether it failed, and by which named check."""
    rows = [_stranger(plan), *(_row(*attack) for attack in _attacks())]
    rows.insert(4, _other_plan())
    return rows


def _row(name: str, tried: Callable[[], None], expected: SecaggFault) -> dict[str, Any]:
    try:
        tried()
    except SecaggRefused as refusal:
        fault = str(refusal.fault)
        return {"attack": name, "refused": refusal.fault is expected, "fault": fault, "expected": str(expected)}
    return {"attack": name, "refused": False, "fault": "", "expected": str(expected)}


def _attacks() -> list[Attack]:
    return [
        ("2 a threshold under which two sums could open", _low_threshold, SecaggFault.UNSAFE_TERMS),
        ("3 a mask key swapped for the coordinator's own", _swapped_key, SecaggFault.BAD_DEAL_SIGNATURE),
        ("4 a small cohort", _small_cohort, SecaggFault.COHORT_TOO_SMALL),
        ("6 two plans for one round", _two_plans, SecaggFault.TWO_PLANS_FOR_A_ROUND),
        ("7 a school alive to some and dropped to others", _split_view, SecaggFault.EVIDENCE_WRONG),
        ("8 a second unmasking with another set", _second_unmask, SecaggFault.TWO_SURVIVOR_SETS),
        ("9 many schools called dropped", _many_dropped, SecaggFault.TOO_MANY_DROPPED),
        ("10 another sum than the one that opened", _other_sum, SecaggFault.REPLAY_DIFFERS),
    ]


def _stranger(plan: CampaignPlan) -> dict[str, Any]:
    """The school's policy refuses a member that the public log doesn't know: P9."""
    roster = {member.school: member.identity_key for member in plan.members}
    stranger = Member(school="stranger", identity_key=new_identity().public_key, students=100)
    padded = plan.model_copy(update={"members": (*plan.members, stranger)})
    log = LogView(0, roster, frozenset(), own_ledger_rows=0, own_ledger_head="")
    refusal, honest = stranger_among(padded, log), stranger_among(plan, log)
    return {
        "attack": "1 a stranger among the members",
        "refused": refusal is not None and refusal.code is RefusalCode.NOT_IN_ROSTER and honest is None,
        "fault": str(refusal.code) if refusal else "",
        "expected": str(RefusalCode.NOT_IN_ROSTER),
    }


def _low_threshold() -> None:
    campaign = masked_campaign(SCHOOLS)
    holder.start(replace(campaign.terms, threshold=2), 0, SystemRandomness())


def _swapped_key() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    deals = [campaign.deals[1][dealer, 0] for dealer in attempt.cohort]
    own = masked_campaign(SCHOOLS).deals[1][0, 0].key
    campaign.mask(attempt, 0, deals=[*deals[:4], replace(deals[4], key=own)])


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
    return {
        "attack": "5 another model, clip or scale for one school",
        "refused": p_value > UNIFORM_FROM and not np.array_equal(total, np.sum(values, axis=0)),
        "fault": "masks never cancel",
        "expected": "masks never cancel",
        "p_value_uniform": p_value,
    }


def _two_plans() -> None:
    campaign = masked_campaign(SCHOOLS)
    campaign.mask(campaign.attempt(1, plan="one"), 0)
    campaign.mask(campaign.attempt(1, plan="another"), 0)


def _split_view() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    masked = {member: campaign.mask(attempt, member) for member in campaign.everybody}
    survivors = campaign.survivors(attempt, masked)
    lie = campaign.other_survivors(survivors, survivors.entries[:4])
    unmasks = {m: campaign.unmask(lie if m == 0 else survivors, m) for m in campaign.everybody}
    evidence = relay.evidence_of({m: unmasks[m] for m in (1, 2, 3, 4)})
    following = campaign.attempt(2)
    deals = [campaign.deals[2][dealer, 0] for dealer in following.cohort]
    holder.check_round(campaign.states[0], campaign.terms, following, deals=deals, evidence=evidence)


def _second_unmask() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    masked = {member: campaign.mask(attempt, member) for member in campaign.everybody}
    survivors = campaign.survivors(attempt, masked)
    campaign.unmask(survivors, 0)
    campaign.unmask(campaign.other_survivors(survivors, survivors.entries[:4]), 0)


def _many_dropped() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    masked = {member: campaign.mask(attempt, member) for member in campaign.everybody}
    survivors = campaign.survivors(attempt, masked)
    campaign.unmask(campaign.other_survivors(survivors, survivors.entries[:2]), 0)


def _other_sum() -> None:
    campaign = masked_campaign(SCHOOLS)
    attempt = campaign.attempt(1)
    masked = {member: campaign.mask(attempt, member) for member in campaign.everybody}
    survivors = campaign.survivors(attempt, masked)
    unmasks: dict[int, Unmask] = {m: campaign.unmask(survivors, m) for m in campaign.everybody}
    opened = relay.open_attempt(campaign.terms, attempt, masked=masked, unmasks=unmasks, deals=campaign.deals[1])
    transcript = transcript_of(1, masked, seeds=opened.seeds, keys=opened.keys, bits=BITS)
    deals = [campaign.deals[1][dealer, 0] for dealer in attempt.cohort]
    replay(campaign.terms, attempt, transcript, deals=deals, total=opened.total)
    lie = opened.total.copy()
    lie[3] += 1
    replay(campaign.terms, attempt, transcript, deals=deals, total=lie)
