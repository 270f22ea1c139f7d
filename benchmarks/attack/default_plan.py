"""The plan that an operator gets by default, for five schools of the demo's size: the defences switched on."""

from dataclasses import dataclass

from benchmarks.attack.world import Terms
from client.content.simulated_course import course_skill_map
from common.plan import CampaignPlan, Member
from common.privacy.terms import MechanismTerms
from server.plan import CampaignDraft, Consortium, draft_campaign

SCHOOLS, STUDENTS, ROUNDS, HIDDEN = 5, 280, 30, 24


@dataclass(frozen=True, slots=True)
class DefaultPlan:
    """What attacks read of it."""

    campaign: CampaignPlan

    @property
    def mechanism(self) -> MechanismTerms:
        """Of a training round."""
        return self.campaign.privacy.mechanism

    def in_words(self) -> dict[str, float | int | bool]:
        """For the report."""
        privacy = self.campaign.privacy
        return {
            "epsilon": self.campaign.epsilon,
            "epsilon_alone": self.campaign.epsilon_alone,
            "delta": privacy.delta,
            "noise_multiplier": privacy.noise_multiplier,
            "sampling_rate": privacy.sampling_rate,
            "rounds": self.campaign.rounds,
            "honest_schools": privacy.honest_schools,
            "schools": len(self.campaign.members),
            "secure_aggregation": self.campaign.secure_aggregation,
        }


def default_plan(schools: int = SCHOOLS) -> DefaultPlan:
    """As `plan draft` makes it."""
    keys = [f"{number:064x}" for number in range(1, schools + 2)]
    members = tuple(Member(school=f"school {n}", identity_key=keys[n], students=STUDENTS) for n in range(schools))
    skill_map = course_skill_map()
    consortium = Consortium("Attacked", keys[schools], members)
    draft = CampaignDraft("default", 3.0, ROUNDS, hidden=HIDDEN)
    zeros = "0" * 64
    return DefaultPlan(
        draft_campaign(draft, consortium, skill_map=skill_map, start_digest=zeros, bundle_digest=zeros)
    )


def attack_terms(plan: DefaultPlan, rounds: int, *, window_interactions: int) -> Terms:
    """The plan's terms for one attacked school."""
    mechanism = plan.mechanism
    return Terms(
        mechanism.noise_multiplier,
        mechanism.sampling_rate,
        rounds,
        delta=mechanism.delta,
        clip_norm=mechanism.clip_norm,
        window_interactions=window_interactions,
    )
