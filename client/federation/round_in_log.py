"""What the public log has to hold of a published round: a plan, a list of vectors, an outcome, in this order."""

from client.federation.whole_log import WholeLog
from common.log_entries import Committed, Opened, Planned, Proposed
from common.opened_round import OpenedRound, vectors_digest
from common.plan import CampaignPlan

# What differs in one word, and a sentence; None if nothing does.
Fault = tuple[str, str] | None


def fault_in_log(opened: OpenedRound, campaign: CampaignPlan, number: int, *, log: WholeLog) -> Fault:
    """The first thing in which a round's published outcome and the log differ.

    Whoever signed the log's head has signed every plan and outcome in it, so a second one is a fault of its own.
    """
    plans = log.of_round(Planned, campaign.digest, number)
    lists = log.of_round(Committed, campaign.digest, number)
    outcomes = log.of_round(Opened, campaign.digest, number)
    for found, word in ((plans, "plans"), (outcomes, "outcomes")):
        if len(found) != 1:
            return "log entry", f"The log holds {len(found)} {word} of this round instead of one."
    if len(lists) > 1 or (opened.state == "opened" and not lists):
        return "log entry", f"The log holds {len(lists)} lists of vectors of this round instead of one."
    (plan_place, plan), (place, outcome) = plans[0], outcomes[0]
    if plan.plan != opened.plan.digest:
        return "plan", "The round's plan isn't the one that the log holds."
    if opened.state == "opened" and lists[0][1].vectors != vectors_digest(opened.survivors):
        return "vectors", "The vectors in the sum aren't the ones that the log holds."
    if outcome.outcome != opened.digest:
        return "sum", "The round's sum isn't the one that the log holds."
    places = [plan_place, *(at for at, _ in lists), place]
    if places != sorted(places):
        return "log entry", "The log holds this round's plan, vectors and outcome in another order."
    return _plan_rests(opened, campaign, plan_place, log=log)


def _plan_rests(opened: OpenedRound, campaign: CampaignPlan, place: int, *, log: WholeLog) -> Fault:
    """The plan names the log as it was before it, and that held what the round follows from."""
    plan, number = opened.plan, opened.plan.round
    if plan.log_size > place or log.state.root_at(plan.log_size) != plan.log_root:
        return "plan", "The round's plan rests on another log."
    if number == 1:
        before = log.place_of(Proposed(campaign=campaign.digest, name=campaign.campaign))
    else:
        before = next((at for at, _ in log.of_round(Opened, campaign.digest, number - 1)), None)
    if before is None or before >= plan.log_size:
        return "plan", "The round's plan was made before the log held what it follows from."
    return None
