"""Which model a drafted campaign trains, and how its sums move it: the logistic one, or the network."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from common.model_terms import DktTerms, LogisticTerms, ModelTerms, MomentumTerms, NewtonTerms, OptimiserTerms
from common.plan import Member, PrivacyTerms
from common.skills import SkillMap

ModelKind = Literal["logistic", "dkt"]

LARGEST_LEARNING_RATE, BEARABLE_NOISE = 1.4, 0.0095
# A network learns next to nothing from fewer students or a smaller budget (docs/decisions/0018).
LEAST_STUDENTS_FOR_DKT, LEAST_EPSILON_FOR_DKT = 600, 1.0


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """What a draft takes that doesn't say otherwise. Evidence: docs/decisions/0005 and 0018.

    A logistic model reads long histories whole: its columns count what came before, and cost little.
    """

    rounds: int
    sampling_rate: float
    clip_norm: float
    max_interactions: int


DEFAULTS: dict[ModelKind, KindDefaults] = {
    "logistic": KindDefaults(rounds=10, sampling_rate=1.0, clip_norm=0.5, max_interactions=2000),
    "dkt": KindDefaults(rounds=30, sampling_rate=0.5, clip_norm=1.0, max_interactions=400),
}


@dataclass(frozen=True, slots=True)
class ModelWishes:
    """kind, and what belongs to one kind only. families: ids whose difficulty is shared (logistic). The rest: dkt.

    learning_rate: None for what the noise of this consortium bears.
    """

    kind: ModelKind = "dkt"
    families: tuple[str, ...] = ()
    hidden: int = 24
    learning_rate: float | None = None
    momentum: float = 0.7
    final_fraction: float = 0.1


def model_terms(wishes: ModelWishes, skill_map: SkillMap, start_digest: str = "0" * 64) -> ModelTerms:
    """The plan's model. Its start may depend on the terms: then they are made twice, first without a digest."""
    if wishes.kind == "dkt":
        return DktTerms(
            kind="dkt",
            hidden=wishes.hidden,
            skill_map_version=skill_map.version,
            skill_names=skill_map.names,
            start_digest=start_digest,
        )
    return logistic_terms(wishes.families, skill_map, start_digest)


def logistic_terms(families: tuple[str, ...], skill_map: SkillMap, start_digest: str = "0" * 64) -> LogisticTerms:
    """A logistic model with the scales of docs/decisions/0018."""
    return LogisticTerms(
        kind="logistic",
        skill_map_version=skill_map.version,
        skill_names=skill_map.names,
        families=families,
        bias_scale=0.3,
        slope_scale=0.1,
        skill_scale=0.5,
        start_digest=start_digest,
    )


def optimiser_terms(wishes: ModelWishes, privacy: PrivacyTerms, members: Sequence[Member]) -> OptimiserTerms:
    """How sums move the model."""
    if wishes.kind == "logistic":
        return NewtonTerms(bias_spread=1.0, slope_spread=0.5, skill_spread=1.0, family_spread=0.7)
    rate = wishes.learning_rate
    if rate is None:
        rate = bearable_learning_rate(privacy, members)
    return MomentumTerms(learning_rate=rate, momentum=wishes.momentum, final_fraction=wishes.final_fraction)


def bearable_learning_rate(privacy: PrivacyTerms, members: Sequence[Member]) -> float:
    """The more noise in one coordinate of an update, the smaller the steps: min(1.4, (.0095 / noise)^2).

    Source: docs/decisions/0005. All of it is public before the campaign.
    """
    students = sum(member.students for member in members)
    shares = math.sqrt(len(members) / privacy.honest_schools)
    noise = privacy.noise_multiplier * shares / (privacy.sampling_rate * students)
    return min(LARGEST_LEARNING_RATE, (BEARABLE_NOISE / noise) ** 2)


def why_no_dkt(epsilon: float, members: Sequence[Member]) -> str:
    """A sentence if a network on top of the logistic model can't pay for its privacy; empty if it may."""
    students = sum(member.students for member in members)
    if students < LEAST_STUDENTS_FOR_DKT:
        return (
            f"The schools have {students} students together; below {LEAST_STUDENTS_FOR_DKT} a network isn't worth "
            "its privacy, so the logistic model is all that is trained."
        )
    if epsilon <= LEAST_EPSILON_FOR_DKT:
        return (
            f"At epsilon {epsilon:g} a network isn't worth its privacy (it takes more than "
            f"{LEAST_EPSILON_FOR_DKT:g}), so the logistic model is all that is trained."
        )
    return ""
