"""Drafting a campaign: from a budget and a roster to every constant that schools will approve; and round plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from common.arrays import size_of
from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings
from common.model_terms import ModelTerms
from common.plan import CampaignPlan, Foundation, Member, RoundPlan
from common.privacy.accounting import epsilon_of
from common.shared_model import trained_shapes
from common.skills import SkillMap
from server.plan_masking import Masking, MaskingWishes, choose_masking
from server.plan_models import DEFAULTS, ModelKind, ModelWishes, model_terms, optimiser_terms, why_no_dkt
from server.plan_noise import NoiseWishes, choose_noise, privacy_terms

# SHA-256 of nothing: the root of a log without entries (RFC 6962, section 2.1).
EMPTY_LOG_ROOT = sha256_hex(b"")


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What an operator chooses; the defaults' evidence is in docs/decisions/0005, 0012 and 0018.

    epsilon: of all rounds together, the one that measures and those of the `foundation` included. rounds,
    sampling_rate, clip_norm, max_interactions: None for what suits the kind of model. delta: None for min(1e-5,
    students^-1.1), the largest that schools accept. foundation: what a network builds on, without its prices.
    measured: whether a last round compares the candidate with its start by a noisy sum. The rest: ModelWishes and
    server.plan_masking.
    """

    campaign: str
    epsilon: float
    rounds: int | None = None
    kind: ModelKind = "dkt"
    families: tuple[str, ...] = ()
    foundation: Foundation | None = None
    sampling_rate: float | None = None
    delta: float | None = None
    clip_norm: float | None = None
    hidden: int = 24
    learning_rate: float | None = None
    momentum: float = 0.7
    final_fraction: float = 0.1
    minimum_cohort: int | None = None
    round_deadline_seconds: float = 600.0
    max_interactions: int | None = None
    window_interactions: int = 100
    secure_aggregation: bool | None = None
    corrupt: int | None = None
    max_dropped: int | None = None
    honest_schools: int | None = None
    measured: bool = True

    @property
    def wanted_rounds(self) -> int:
        """Training rounds."""
        return DEFAULTS[self.kind].rounds if self.rounds is None else self.rounds

    @property
    def wanted_sampling_rate(self) -> float:
        """Each student's chance to be drawn in a round."""
        return DEFAULTS[self.kind].sampling_rate if self.sampling_rate is None else self.sampling_rate

    @property
    def wanted_clip_norm(self) -> float:
        """Bound on one student's part."""
        return DEFAULTS[self.kind].clip_norm if self.clip_norm is None else self.clip_norm

    @property
    def model(self) -> ModelWishes:
        """What of it is about the model."""
        return ModelWishes(
            kind=self.kind,
            families=self.families,
            hidden=self.hidden,
            learning_rate=self.learning_rate,
            momentum=self.momentum,
            final_fraction=self.final_fraction,
        )

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
    if draft.foundation is not None:
        _check_worth(draft, consortium.members)
    try:
        model = model_terms(draft.model, skill_map, start_digest)
        return _priced({**_terms(draft, consortium, masking, model=model), "bundle_digest": bundle_digest})
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


def foundation_of(earlier: CampaignPlan, *, model_digest: str) -> Foundation:
    """What a network builds on: an earlier logistic campaign and its model. The prices are set with the plan."""
    families = earlier.model.families if earlier.model.kind == "logistic" else ()
    return Foundation(
        campaign=earlier.digest,
        model_digest=model_digest,
        families=families,
        spent=earlier.spent,
        epsilon=earlier.epsilon,
        epsilon_alone=earlier.epsilon_alone,
    )


def _terms(draft: CampaignDraft, consortium: Consortium, masking: Masking, *, model: ModelTerms) -> dict[str, Any]:
    """Everything but the bundle and the prices."""
    wishes = NoiseWishes(
        rounds=draft.wanted_rounds,
        epsilon=draft.epsilon,
        delta=draft.delta,
        sampling_rate=draft.wanted_sampling_rate,
        clip_norm=draft.wanted_clip_norm,
        honest_schools=masking.honest_schools,
        dimensions=size_of(trained_shapes(model)),
        measured=draft.measured,
        earlier=tuple(rounds.event for rounds in draft.foundation.spent) if draft.foundation else (),
    )
    noise = choose_noise(wishes, consortium.members)
    privacy = privacy_terms(
        noise.mechanism,
        max_interactions=draft.max_interactions or DEFAULTS[draft.kind].max_interactions,
        window_interactions=draft.window_interactions,
    )
    return {
        "consortium": consortium.name,
        "campaign": draft.campaign,
        "purpose": "federated_training",
        "coordinator_key": consortium.coordinator_key,
        "package_version": version("homeroom"),
        "members": tuple(sorted(consortium.members, key=lambda member: member.school)),
        "model": model,
        "privacy": privacy,
        "secagg": masking.secagg,
        "metrics": noise.metrics,
        "optimiser": optimiser_terms(draft.model, privacy, consortium.members),
        "rounds": draft.wanted_rounds,
        "foundation": draft.foundation,
        "minimum_cohort": masking.minimum_cohort,
        "round_deadline_seconds": draft.round_deadline_seconds,
    }


def _priced(terms: dict[str, Any]) -> CampaignPlan:
    """The plan with what all its rounds cost, together with honest schools and alone, and what it builds on."""
    unpriced = CampaignPlan(**terms, epsilon=1.0, epsilon_alone=1.0)
    events, delta = unpriced.events(unpriced.total_rounds), unpriced.privacy.delta
    alone = [event.alone(unpriced.privacy.honest_schools) for event in events]
    prices: dict[str, Any] = {
        "epsilon": epsilon_of(events, delta),
        "epsilon_alone": epsilon_of(alone, delta),
    }
    if unpriced.foundation is not None:
        together = {
            "epsilon": epsilon_of(unpriced.events_with_foundation(), delta),
            "epsilon_alone": epsilon_of(unpriced.events_alone_with_foundation(), delta),
        }
        terms = terms | {"foundation": unpriced.foundation.model_copy(update=together)}
    return CampaignPlan(**terms, **prices)


def _check_worth(draft: CampaignDraft, members: Sequence[Member]) -> None:
    problem = why_no_dkt(draft.epsilon, members)
    if problem:
        raise FixSettings(ErrorCode.BAD_PARAMETER, problem)


def _check_cohort(minimum_cohort: int, members: Sequence[Member]) -> None:
    if len(members) < minimum_cohort:
        sentence = (
            f"The plan needs at least {minimum_cohort} schools, and {len(members)} are enrolled. "
            "Invite more, or lower the minimum cohort."
        )
        raise FixSettings(ErrorCode.TOO_FEW_SCHOOLS, sentence)
