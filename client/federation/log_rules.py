"""Rules that read the consortium's public log: P9 who is enrolled, P12 one history and an up-to-date ledger."""

from client.federation.school_state import SchoolState, SeenLog
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode


def check_log(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P12: what this school has read of the log is one history, and its ledger isn't behind it."""
    log = state.log
    if log is None:
        return _inconsistent("This school hasn't read the consortium's public log yet.")
    if not log.consistent:
        return _inconsistent(log.sentence)
    known, rows = log.own_ledger_rows, state.rows
    if known <= len(rows) and (known == 0 or rows[known - 1].hash == log.own_ledger_head):
        return None
    return Refusal(
        RefusalCode.LEDGER_BEHIND,
        f"The public log knows {known} rows of this school's privacy ledger. The ledger here holds {len(rows)} or "
        "others, as after a restored backup: restore the newest ledger before training goes on.",
    )


def check_enrolled(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P9: every member is in the log under exactly the key that the plan gives, and isn't revoked."""
    if state.log is None:
        return _inconsistent("This school hasn't read the consortium's public log yet.")
    return stranger_among(campaign, state.log)


def stranger_among(campaign: CampaignPlan, log: SeenLog) -> Refusal | None:
    """The first member that the log doesn't know under the key which the plan gives, or knows as revoked."""
    for member in campaign.members:
        if log.roster.get(member.school) != member.identity_key:
            return _not_in_roster(f"The public log doesn't know {member.school} with the key that the plan gives.")
        if not {member.school, member.identity_key}.isdisjoint(log.revoked):
            return _not_in_roster(f"The plan counts {member.school}, which was revoked.")
    return None


def check_log_head(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P12: the log that the round rests on is the one that this school has read, up to there at least."""
    log, plan = state.log, request.plan
    if log is None or log.size < plan.log_size:
        return _inconsistent(f"The round rests on {plan.log_size} entries of a log that this school can't read.")
    if log.root_at(plan.log_size) != plan.log_root:
        return _inconsistent("The round rests on another log than the one that this school has read.")
    return None


def _inconsistent(sentence: str) -> Refusal:
    return Refusal(RefusalCode.LOG_INCONSISTENT, sentence)


def _not_in_roster(sentence: str) -> Refusal:
    return Refusal(RefusalCode.NOT_IN_ROSTER, sentence)
