"""Campaign plans at the school: what each means in plain words, and what the administrator decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from client.federation.plan_diff import Difference, differences
from client.records.approvals import (
    CampaignDecision,
    Decided,
    campaign_decisions,
    decide_campaign,
    note_campaign,
)
from client.records.audit_trail import record_audit
from common.campaign_message import open_campaign
from common.errors import ErrorCode, FixSettings
from common.plan import CampaignPlan

_STATES = {
    Decided.WAITING: "waiting for your decision",
    Decided.APPROVED: "approved",
    Decided.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class KnownCampaign:
    """A plan as the administrator reads it. digest: of exactly these terms; by: who decided, if anybody has.

    compared_with: name of the plan that was approved last, "" if none was; changes: what this one does otherwise.
    """

    digest: str
    name: str
    decided: Decided
    by: str | None
    summary: tuple[str, ...]
    bundle_digest: str
    compared_with: str = ""
    changes: tuple[Difference, ...] = ()

    @property
    def state(self) -> str:
        """The decision in words."""
        return _STATES[self.decided]

    @property
    def waiting(self) -> bool:
        """Nobody has decided yet."""
        return self.decided is Decided.WAITING

    @property
    def approved(self) -> bool:
        """The school takes part."""
        return self.decided is Decided.APPROVED

    @property
    def refused(self) -> bool:
        """The school doesn't take part."""
        return self.decided is Decided.REFUSED


def note_offered(connection: Connection, sealed: Iterable[bytes], *, coordinator_key: str, now: datetime) -> int:
    """Keeps plans that the enrolled coordinator signed; returns how many are new.

    Refused or Corrupt for a plan that anybody else signed or that is damaged: none of the plans is kept then.
    """
    plans = [open_campaign(data, coordinator_key=coordinator_key) for data in sealed]
    return sum(note_campaign(connection, plan.digest, plan.to_bytes(), now=now) for plan in plans)


def known_campaigns(connection: Connection) -> list[KnownCampaign]:
    """Every plan that has reached this school, newest first."""
    decisions = campaign_decisions(connection)
    return [_known(decision, approved_before(decision, decisions)) for decision in decisions]


def approved_before(one: CampaignDecision, decisions: Sequence[CampaignDecision]) -> CampaignPlan | None:
    """The newest other plan that was approved, before this one was decided on."""
    approved = (other for other in decisions if other.decided is Decided.APPROVED and other.digest != one.digest)
    earlier = [other for other in approved if one.decided is Decided.WAITING or other.at < one.at]
    return CampaignPlan.from_bytes(max(earlier, key=lambda other: other.at).plan) if earlier else None


def decide(connection: Connection, digest: str, *, approved: bool, by: str, now: datetime) -> None:
    """The administrator's word on exactly these terms, in the records and in the audit trail."""
    decided = Decided.APPROVED if approved else Decided.REFUSED
    decide_campaign(connection, digest, decided=decided, by=by, now=now)
    record_audit(connection, actor=by, action=f"campaign-{decided}", subject=digest, now=now)


def approve(connection: Connection, digest: str, *, by: str, now: datetime) -> None:
    """Take part in this campaign from the next round on."""
    decide(connection, digest, approved=True, by=by, now=now)


def refuse(connection: Connection, digest: str, *, by: str, now: datetime) -> None:
    """Take no part, or no part any more."""
    decide(connection, digest, approved=False, by=by, now=now)


def full_digest(connection: Connection, beginning: str) -> str:
    """The one known digest that starts like this; FixSettings if there is none or more than one."""
    found = [one.digest for one in campaign_decisions(connection) if one.digest.startswith(beginning)]
    if len(found) != 1 or not beginning:
        how_many = "No plan has" if not found else "More than one plan has"
        raise FixSettings(ErrorCode.NOT_FOUND, f"{how_many} a digest that starts with {beginning!r}.")
    return found[0]


def approved_bundles(connection: Connection) -> frozenset[str]:
    """Digests of the Flower bundles that approved plans name: nothing else may start anything here."""
    return frozenset(one.bundle_digest for one in known_campaigns(connection) if one.approved)


def summary_of(plan: CampaignPlan) -> tuple[str, ...]:
    """Who, how many rounds, what it costs and what leaves, in sentences for the administrator."""
    terms = plan.privacy
    schools = ", ".join(member.school for member in plan.members)
    return (
        f"Who: {len(plan.members)} schools of {plan.consortium} ({schools}).",
        f"How often: {_how_often(plan)}. A round needs at least {plan.minimum_cohort} schools.",
        f"What leaves: {_what_leaves(plan)}; no answer, name or count. Each student's part is clipped before it "
        "is added.",
        f"Whom to trust: {_whom_to_trust(plan)}",
        f"What it costs each student: epsilon {plan.epsilon:.2f} at delta {terms.delta:g} over all rounds, and "
        f"epsilon {plan.epsilon_alone:.2f} if every other school worked against you.{_together(plan)}",
        f"Who takes part: students with consent to training. Each is drawn with chance {terms.sampling_rate:.0%} "
        f"a round; at most their last {terms.max_interactions} answers are read.",
        f"What for: {_what_model(plan)} of {len(plan.model.skill_names)} skills, which this school tests on its "
        "own students before it is used.",
        f"Which program: Homeroom {plan.package_version}, installed here. The coordinator sends no code.",
    )


def _what_model(plan: CampaignPlan) -> str:
    if plan.model.kind == "logistic":
        families = len(plan.model.families)
        return f"a shared logistic model with {families} item families" if families else "a shared logistic model"
    return "a shared network" if plan.foundation is None else "a shared network on top of an earlier model"


def _how_often(plan: CampaignPlan) -> str:
    measuring = "" if plan.metrics is None else ", and one that measures the model with a noised histogram"
    return f"{plan.rounds} rounds{measuring}"


def _together(plan: CampaignPlan) -> str:
    if plan.foundation is None:
        return ""
    return (
        f" With the campaign that it builds on: epsilon {plan.foundation.epsilon:.2f}, and "
        f"{plan.foundation.epsilon_alone:.2f} if every other school worked against you."
    )


def _what_leaves(plan: CampaignPlan) -> str:
    if plan.secure_aggregation:
        return "one noised sum per round, masked so that only the sum of all schools can be read"
    return "one noised sum per round, of this school alone"


def _whom_to_trust(plan: CampaignPlan) -> str:
    """The assumption under which the plan's epsilon holds."""
    honest = plan.privacy.honest_schools
    if honest == 1 or plan.secagg is None:
        return "nobody. This school adds all the noise itself."
    corrupt, missing = _at_most(plan.secagg.corrupt), _at_most(plan.secagg.max_dropped)
    return (
        f"that at least {honest} of the {len(plan.members)} schools in each sum add their noise. That holds while "
        f"{corrupt} of them help a dishonest coordinator, and {missing} are missing from a round."
    )


def _at_most(count: int) -> str:
    return f"at most {count}" if count else "none"


def _known(decision: CampaignDecision, earlier: CampaignPlan | None) -> KnownCampaign:
    plan = CampaignPlan.from_bytes(decision.plan)
    return KnownCampaign(
        digest=decision.digest,
        name=plan.campaign,
        decided=decision.decided,
        by=decision.by,
        summary=summary_of(plan),
        bundle_digest=plan.bundle_digest,
        compared_with=earlier.campaign if earlier else "",
        changes=differences(earlier, plan),
    )
