"""Drafting a campaign: from a budget and a roster to every constant that schools will approve; and round plans."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

from pydantic import ValidationError

from common.arrays import size_of
from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings
from common.models.dkt_shapes import shared_shapes
from common.plan import CampaignPlan, Member, ModelTerms, OptimiserTerms, PrivacyTerms, RoundPlan
from common.privacy.accounting import epsilon_of, noise_multiplier_for
from common.privacy.fixed_point import smallest_modulus_bits
from common.privacy.sampling import batch_cap, overdraw_bound
from common.privacy.terms import MechanismTerms
from common.skills import SkillMap

# No secure aggregation yet: every school carries the full noise and relies on nobody (docs/decisions/0002).
HONEST_SCHOOLS = 1
# Twice the least that the rounding theorem needs: fine enough for the sum, coarse enough for few bits.
SHARE_STD_UNITS = 16.0
# The training engine's relative float error, with room to spare.
RHO = 0.001
LARGEST_DELTA = 1e-5
# SHA-256 of nothing: the root of a log without entries (RFC 6962, section 2.1).
EMPTY_LOG_ROOT = sha256_hex(b"")
LARGEST_LEARNING_RATE, BEARABLE_NOISE = 1.4, 0.0095
# Half of what the accountant sets aside of delta for everything that isn't the Gaussian.
_OVERDRAW_SHARE_OF_DELTA = 5e-5
_BATCH_CAPS_SD = (8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0)


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What an operator chooses; the defaults' evidence is in docs/decisions/0005.

    delta: None for min(1e-5, students^-1.1), the largest that schools accept. learning_rate: None for what the
    noise of this consortium bears.
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
    minimum_cohort: int = 3
    round_deadline_seconds: float = 600.0
    max_interactions: int = 400
    window_interactions: int = 100


@dataclass(frozen=True, slots=True)
class Consortium:
    """Who proposes and who is asked."""

    name: str
    coordinator_key: str
    members: tuple[Member, ...]


def draft_campaign(
    draft: CampaignDraft, consortium: Consortium, *, skill_map: SkillMap, start_digest: str, bundle_digest: str
) -> CampaignPlan:
    """The plan whose `rounds` rounds keep every student within (epsilon, delta).

    FixSettings with a sentence when the figures can't be met or there are too few schools.
    """
    _check_cohort(draft, consortium.members)
    model = {
        "kind": "dkt",
        "hidden": draft.hidden,
        "skill_map_version": skill_map.version,
        "skill_names": skill_map.names,
        "start_digest": start_digest,
    }
    try:
        privacy = _privacy_terms(draft, consortium.members, rows=skill_map.rows)
        return _campaign_plan(draft, consortium, privacy=privacy, model=model, bundle_digest=bundle_digest)
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


def largest_delta(students: int) -> float:
    """min(1e-5, N^-1.1), N being the consortium's public number of students."""
    return min(LARGEST_DELTA, math.pow(students, -1.1))


def bearable_learning_rate(privacy: PrivacyTerms, members: Sequence[Member]) -> float:
    """The more noise in one coordinate of an update, the smaller the steps: min(1.4, (.0095 / noise)^2).

    Source: docs/decisions/0005. All of it is public before the campaign.
    """
    students = sum(member.students for member in members)
    shares = math.sqrt(len(members) / privacy.honest_schools)
    noise = privacy.noise_multiplier * shares / (privacy.sampling_rate * students)
    return min(LARGEST_LEARNING_RATE, (BEARABLE_NOISE / noise) ** 2)


def _campaign_plan(
    draft: CampaignDraft,
    consortium: Consortium,
    *,
    privacy: PrivacyTerms,
    model: dict[str, object],
    bundle_digest: str,
) -> CampaignPlan:
    terms = privacy.mechanism
    rate = draft.learning_rate
    if rate is None:
        rate = bearable_learning_rate(privacy, consortium.members)
    return CampaignPlan(
        consortium=consortium.name,
        campaign=draft.campaign,
        purpose="federated_training",
        coordinator_key=consortium.coordinator_key,
        bundle_digest=bundle_digest,
        package_version=version("homeroom"),
        members=tuple(sorted(consortium.members, key=lambda member: member.school)),
        model=ModelTerms.model_validate(model),
        privacy=privacy,
        secagg=None,
        metrics=None,
        optimiser=OptimiserTerms(learning_rate=rate, momentum=draft.momentum, final_fraction=draft.final_fraction),
        rounds=draft.rounds,
        minimum_cohort=draft.minimum_cohort,
        round_deadline_seconds=draft.round_deadline_seconds,
        epsilon=epsilon_of([terms.event(draft.rounds)], privacy.delta),
        epsilon_alone=epsilon_of([terms.event_alone(draft.rounds)], privacy.delta),
    )


def _check_cohort(draft: CampaignDraft, members: tuple[Member, ...]) -> None:
    if len(members) < draft.minimum_cohort:
        sentence = (
            f"The plan needs at least {draft.minimum_cohort} schools, and {len(members)} are enrolled. "
            "Invite more, or lower the minimum cohort."
        )
        raise FixSettings(ErrorCode.TOO_FEW_SCHOOLS, sentence)


def _privacy_terms(draft: CampaignDraft, members: tuple[Member, ...], *, rows: int) -> PrivacyTerms:
    largest = largest_delta(sum(member.students for member in members))
    delta = largest if draft.delta is None else draft.delta
    if not 0 < delta <= largest:
        sentence = f"delta {delta} is above {largest:.3g}, the largest that schools of this size accept."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)
    terms = MechanismTerms(
        clip_norm=draft.clip_norm,
        noise_multiplier=noise_multiplier_for(
            draft.epsilon, delta, sampling_rate=draft.sampling_rate, rounds=draft.rounds
        ),
        sampling_rate=draft.sampling_rate,
        delta=delta,
        honest_schools=HONEST_SCHOOLS,
        share_std_units=SHARE_STD_UNITS,
        modulus_bits=32,
        rho=RHO,
        batch_cap_sd=_batch_cap_sd(draft, members, delta=delta),
    )
    return PrivacyTerms.model_validate(
        asdict(terms)
        | {
            "modulus_bits": _modulus_bits(draft, members, terms=terms, rows=rows),
            "max_interactions": draft.max_interactions,
            "window_interactions": draft.window_interactions,
        }
    )


def _batch_cap_sd(draft: CampaignDraft, members: tuple[Member, ...], *, delta: float) -> float:
    """The smallest cap whose overdraws, over all rounds, cost no more of delta than is set aside for them."""
    for sd in _BATCH_CAPS_SD:
        worst = max(
            overdraw_bound(draft.sampling_rate, m.students, batch_cap(draft.sampling_rate, m.students, sd))
            for m in members
        )
        if draft.rounds * worst <= _OVERDRAW_SHARE_OF_DELTA * delta:
            return sd
    sentence = (
        f"Sampling {draft.sampling_rate} of such small schools overdraws too often; raise the sampling rate."
    )
    raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)


def _modulus_bits(draft: CampaignDraft, members: tuple[Member, ...], *, terms: MechanismTerms, rows: int) -> int:
    caps = sum(batch_cap(terms.sampling_rate, m.students, terms.batch_cap_sd) for m in members)
    size = size_of(shared_shapes(rows, draft.hidden))
    return smallest_modulus_bits(terms, students_cap=caps, schools=len(members), dimensions=size)
