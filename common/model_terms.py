"""ModelTerms and OptimiserTerms: which model a campaign trains, from which start, and how a sum moves it.

Two kinds: the network ("dkt"), moved by momentum, and the logistic model ("logistic"), moved by averaged Newton
steps. The code that builds either is the school's own.
"""

from typing import Annotated, Literal

from pydantic import Field

from common.skills import SkillMap
from common.wire import Hex64, Wire

ItemFamily = Annotated[str, Field(min_length=1, max_length=200)]
Scale = Annotated[float, Field(gt=0, le=1)]
Spread = Annotated[float, Field(gt=0, le=10)]


class DktTerms(Wire):
    """The network: hidden units, the skills that its rows stand for, and the start by digest."""

    kind: Literal["dkt"]
    hidden: Annotated[int, Field(ge=4, le=512)]
    skill_map_version: str
    skill_names: tuple[str, ...]
    start_digest: Hex64

    @property
    def skill_map(self) -> SkillMap:
        """The skills as a map."""
        return SkillMap(self.skill_map_version, self.skill_names)


class LogisticTerms(Wire):
    """The logistic model: skills, and the item families whose difficulty all schools share, in model order.

    bias_scale, slope_scale, skill_scale: public factors on columns before a student's part is clipped. What all
    students tell of together needs little of a clip's length; a family's column has factor 1.
    """

    kind: Literal["logistic"]
    skill_map_version: str
    skill_names: tuple[str, ...]
    families: Annotated[tuple[ItemFamily, ...], Field(max_length=50_000)]
    bias_scale: Scale
    slope_scale: Scale
    skill_scale: Scale
    start_digest: Hex64

    @property
    def skill_map(self) -> SkillMap:
        """The skills as a map."""
        return SkillMap(self.skill_map_version, self.skill_names)


class MomentumTerms(Wire):
    """SGD with momentum at the coordinator; the rate falls linearly to `final_fraction` of its start."""

    kind: Literal["momentum"] = "momentum"
    learning_rate: Annotated[float, Field(gt=0, le=100)]
    momentum: Annotated[float, Field(ge=0, lt=1)]
    final_fraction: Annotated[float, Field(gt=0, le=1)]


class NewtonTerms(Wire):
    """Averaged Newton steps: each round is one more noisy measurement of where the best model lies.

    Spreads: standard deviations, in logits, of what the start is expected to be wrong by. A number that the noise
    would drown stays near the start.
    """

    kind: Literal["newton"] = "newton"
    bias_spread: Spread
    slope_spread: Spread
    skill_spread: Spread
    family_spread: Spread


ModelTerms = Annotated[DktTerms | LogisticTerms, Field(discriminator="kind")]
OptimiserTerms = Annotated[MomentumTerms | NewtonTerms, Field(discriminator="kind")]
