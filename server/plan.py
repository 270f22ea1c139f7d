"""Drafting a campaign: from a budget and a roster to every constant that schools will approve; and round plans."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from common.arrays import size_of
from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings
from common.models.dkt_shapes import shared_shapes
from common.plan import CampaignPlan, Member, ModelTerms, OptimiserTerms, PrivacyTerms, RoundPlan
from common.privacy.accounting import epsilon_of
from common.skills import SkillMap
from server.plan_masking import Masking, MaskingWishes, choose_masking
from server.plan_noise import NoiseWishes, choose_noise, privacy_terms

# SHA-256 of nothing: the root of a log without entries (RFC 6962, section 2.1).
EMPTY_LOG_ROOT = sha256_hex(b"")
LARGEST_LEARNING_RATE, BEARABLE_NOISE = 1.4, 0.0095


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What an operator chooses; the defaults' evidence is in docs/decisions/0005 and 0012.

    epsilon: of all rounds together, the one that measures included. delta: None for min(1e-5, students^-1.1), the
    largest that schools accept. learning_rate: None for what the noise of this consortium bears. measured:
    whether a last round compares the candidate with its start by a noisy sum. The rest: server.plan_masking.
    """

    campaign: str
    rounds: int
    epsilon: float
    sampling_rate: float = 0.5
    delta: float | None = None
    clip_norm: float = 1.0
    hidden: int = 24
    learning_rate: float | None = None
    momentum: float = 0.7
    final_fraction: float = 0.1
    minimum_cohort: int | None = None
    round_deadline_seconds: float = 600.0
    max_interactions: int = 400
    window_interactions: int = 100
    secure_aggregation: bool | None = None
    corrupt: int | None = None
    max_dropped: int | None = None
    honest_schools: int | None = None
    measured: bool = True

    @property
    def masking(self) -> MaskingWishes:
        """What of it is about masks."""
        return MaskingWishes(
            secure_aggregation=self.secure_aggregation,
            minimum_cohort=self.minimum_cohort,
            corrupt=self.corrupt,
            max_dropped=self.max_dropped,
            honest_schools=self.honest_schools,
        )


@dataclass(frozen=True, slots=True)
class Consortium:
    """Who proposes and who is asked."""

    name: str
    coordinator_key: str
    members: tuple[Member, ...]


def draft_campaign(
    draft: CampaignDraft, consortium: Consortium, *, skill_map: SkillMap, start_digest: str, bundle_digest: str
) -> CampaignPlan:
    """The plan whose rounds, the measuring one included, keep every student within (epsilon, delta).

    FixSettings with a sentence when the figures can't be met, aren't safe, or there are too few schools.
    """
    if draft.minimum_cohort is not None:
        _check_cohort(draft.minimum_cohort, consortium.members)
    masking = choose_masking(len(consortium.members), draft.masking)
    _check_cohort(masking.minimum_cohort, consortium.members)
    model = {
        "kind": "dkt",
        "hidden": draft.hidden,
        "skill_map_version": skill_map.version,
        "skill_names": skill_map.names,
        "start_digest": start_digest,
    }
    try:
        terms = _terms(draft, consortium, masking, rows=skill_map.rows)
        return _priced({**terms, "model": ModelTerms.model_validate(model), "bundle_digest": bundle_digest})
    except ValidationError as error:
        first = error.errors()[0]
        sentence = f"The plan's {'.'.join(map(str, first['loc']))} can't be used: {first['msg']}."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence) from error


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """Where a round stands: what came before it, and the public log's head when it was planned."""

    round: int
    previous_digest: str
    outcome_digest: str
    log_size: int = 0
    log_root: str = EMPTY_LOG_ROOT


def next_round(
    campaign: CampaignPlan, place: RoundPlace, *, model_digest: str, cohort: Sequence[str]
) -> RoundPlan:
    """The plan of one round, with the epsilon that the campaign has cost after it."""
    return RoundPlan(
        campaign_digest=campaign.digest,
        round=place.round,
        kind=campaign.kind_of(place.round),
        model_digest=model_digest,
        cohort=tuple(sorted(cohort)),
        epsilon_after=epsilon_of(campaign.events(place.round), campaign.privacy.delta),
        previous_digest=place.previous_digest,
        outcome_digest=place.outcome_digest,
        log_size=place.log_size,
        log_root=place.log_root,
    )


def bearable_learning_rate(privacy: PrivacyTerms, members: Sequence[Member]) -> float:
    """The more noise in one coordinate of an update, the smaller the steps: min(1.4, (.0095 / noise)^2).

    Source: docs/decisions/0005. All of it is public before the campaign.
    """
    students = sum(member.students for member in members)
    shares = math.sqrt(len(members) / privacy.honest_schools)
    noise = privacy.noise_multiplier * shares / (privacy.sampling_rate * students)
    return min(LARGEST_LEARNING_RATE, (BEARABLE_NOISE / noise) ** 2)


def _terms(draft: CampaignDraft, consortium: Consortium, masking: Masking, *, rows: int) -> dict[str, Any]:
    """Everything but the model and the prices."""
    wishes = NoiseWishes(
        rounds=draft.rounds,
        epsilon=draft.epsilon,
        delta=draft.delta,
        sampling_rate=draft.sampling_rate,
        clip_norm=draft.clip_norm,
        honest_schools=masking.honest_schools,
        dimensions=size_of(shared_shapes(rows, draft.hidden)),
        measured=draft.measured,
    )
    noise = choose_noise(wishes, consortium.members)
    privacy = privacy_terms(
        noise.mechanism,
        max_interactions=draft.max_interactions,
        window_interactions=draft.window_interactions,
    )
    return {
        "consortium": consortium.name,
        "campaign": draft.campaign,
        "purpose": "federated_training",
        "coordinator_key": consortium.coordinator_key,
        "package_version": version("homeroom"),
        "members": tuple(sorted(consortium.members, key=lambda member: member.school)),
        "privacy": privacy,
        "secagg": masking.secagg,
        "metrics": noise.metrics,
        "optimiser": _optimiser(draft, privacy, consortium.members),
        "rounds": draft.rounds,
        "minimum_cohort": masking.minimum_cohort,
        "round_deadline_seconds": draft.round_deadline_seconds,
    }


def _priced(terms: dict[str, Any]) -> CampaignPlan:
    """The plan with what all its rounds cost, together with honest schools and alone."""
    unpriced = CampaignPlan(**terms, epsilon=1.0, epsilon_alone=1.0)
    events, delta = unpriced.events(unpriced.total_rounds), unpriced.privacy.delta
    alone = [event.alone(unpriced.privacy.honest_schools) for event in events]
    return CampaignPlan(**terms, epsilon=epsilon_of(events, delta), epsilon_alone=epsilon_of(alone, delta))


def _optimiser(draft: CampaignDraft, privacy: PrivacyTerms, members: Sequence[Member]) -> OptimiserTerms:
    rate = draft.learning_rate
    if rate is None:
        rate = bearable_learning_rate(privacy, members)
    return OptimiserTerms(learning_rate=rate, momentum=draft.momentum, final_fraction=draft.final_fraction)


def _check_cohort(minimum_cohort: int, members: Sequence[Member]) -> None:
    if len(members) < minimum_cohort:
        sentence = (
            f"The plan needs at least {minimum_cohort} schools, and {len(members)} are enrolled. "
            "Invite more, or lower the minimum cohort."
        )
        raise FixSettings(ErrorCode.TOO_FEW_SCHOOLS, sentence)
