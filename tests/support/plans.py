"""Valid plans for tests, with keyword arguments for whatever a test wants to be wrong."""

from typing import Any

from common.model_terms import DktTerms, LogisticTerms, MomentumTerms, NewtonTerms
from common.plan import CampaignPlan, Member, PrivacyTerms, RoundPlan

ZEROS = "0" * 64
NEWTON = NewtonTerms(bias_spread=1.0, slope_spread=0.5, skill_spread=1.0, family_spread=0.7)


def privacy_terms(**changes: Any) -> PrivacyTerms:
    """Terms as the demo plans them, unless changed."""
    terms: dict[str, Any] = {
        "clip_norm": 1.0,
        "noise_multiplier": 1.5,
        "sampling_rate": 0.25,
        "delta": 1e-5,
        "honest_schools": 1,
        "share_std_units": 16.0,
        "modulus_bits": 24,
        "rho": 0.001,
        "batch_cap_sd": 8.0,
        "max_interactions": 400,
        "window_interactions": 200,
    }
    return PrivacyTerms(**(terms | changes))


def logistic_model(**changes: Any) -> LogisticTerms:
    """A logistic model of two skills and two item families, unless changed."""
    terms: dict[str, Any] = {
        "kind": "logistic",
        "skill_map_version": "1",
        "skill_names": ("add", "multiply"),
        "families": ("halves", "thirds"),
        "bias_scale": 0.3,
        "slope_scale": 0.1,
        "skill_scale": 0.5,
        "start_digest": "c" * 64,
    }
    return LogisticTerms(**(terms | changes))


def campaign_plan(**changes: Any) -> CampaignPlan:
    """A campaign of three schools and three rounds, unless changed."""
    plan: dict[str, Any] = {
        "consortium": "Valley schools",
        "campaign": "autumn",
        "purpose": "federated_training",
        "coordinator_key": "a" * 64,
        "bundle_digest": "b" * 64,
        "package_version": "0.1.0",
        "members": tuple(
            Member(school=name, identity_key=letter * 64, students=100)
            for name, letter in (("east", "1"), ("north", "2"), ("west", "3"))
        ),
        "model": DktTerms(
            kind="dkt",
            hidden=8,
            skill_map_version="1",
            skill_names=("add", "multiply"),
            start_digest="c" * 64,
        ),
        "privacy": privacy_terms(),
        "secagg": None,
        "metrics": None,
        "optimiser": MomentumTerms(learning_rate=0.5, momentum=0.9, final_fraction=0.1),
        "rounds": 3,
        "minimum_cohort": 3,
        "round_deadline_seconds": 30.0,
        "epsilon": 2.0,
        "epsilon_alone": 2.0,
    }
    return CampaignPlan(**(plan | changes))


def round_plan(campaign: CampaignPlan, **changes: Any) -> RoundPlan:
    """The first round of a campaign, unless changed."""
    plan: dict[str, Any] = {
        "campaign_digest": campaign.digest,
        "round": 1,
        "kind": "train",
        "model_digest": campaign.model.start_digest,
        "cohort": tuple(sorted(member.school for member in campaign.members)),
        "epsilon_after": 1.0,
        "previous_digest": ZEROS,
        "outcome_digest": ZEROS,
        "log_size": 0,
        "log_root": ZEROS,
    }
    return RoundPlan(**(plan | changes))
