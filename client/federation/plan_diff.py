"""What a new plan changes against an earlier one, in words, whatever weakens privacy first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from common.arrays import size_of
from common.plan import CampaignPlan
from common.shared_model import trained_shapes


class Weight(StrEnum):
    """How much a difference matters to a student's privacy, in words."""

    WEAKER = "less privacy"
    PRIVACY = "about privacy"
    STRONGER = "more privacy"
    OTHER = "not about privacy"


_ORDER = tuple(Weight)


@dataclass(frozen=True, slots=True)
class Difference:
    """field: what differs; before, after: in words, "none" for what wasn't or isn't there."""

    field: str
    before: str
    after: str
    weight: Weight

    @property
    def sentence(self) -> str:
        """For the command line and for whoever reads rather than looks."""
        return f"{self.field}: {self.after}, was {self.before} ({self.weight})."


def differences(earlier: CampaignPlan | None, new: CampaignPlan) -> tuple[Difference, ...]:
    """Everything that differs but the campaign's name; the first plan differs from nothing."""
    if earlier is None:
        return ()
    found = [*_members(earlier, new), *_terms(earlier, new)]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.weight)))


@dataclass(frozen=True, slots=True)
class _Term:
    """A value of a plan. larger_is: what more of it means; None where a change can't be called more or less."""

    field: str
    value: Callable[[CampaignPlan], Any]
    larger_is: Weight | None = None
    unit: str = ""
    weight: Weight = Weight.PRIVACY


def _secagg(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: None if plan.secagg is None else getattr(plan.secagg, name)


def _metrics(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: None if plan.metrics is None else getattr(plan.metrics, name)


def _privacy(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: getattr(plan.privacy, name)


def _plan(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: getattr(plan, name)


def _model(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: getattr(plan.model, name, None)


def _optimiser(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: getattr(plan.optimiser, name, None)


def _foundation(name: str) -> Callable[[CampaignPlan], Any]:
    return lambda plan: None if plan.foundation is None else getattr(plan.foundation, name)


def _size(plan: CampaignPlan) -> int:
    return size_of(trained_shapes(plan.model))


def _families(plan: CampaignPlan) -> str | None:
    families = getattr(plan.model, "families", ())
    return ", ".join(families) or None


def _earlier_families(plan: CampaignPlan) -> str | None:
    return None if plan.foundation is None else ", ".join(plan.foundation.families) or None


def _earlier_rounds(plan: CampaignPlan) -> str | None:
    if plan.foundation is None:
        return None
    return "; ".join(
        f"{one.rounds} rounds with noise {one.noise_multiplier:.4g}, {one.honest_schools} honest schools"
        for one in plan.foundation.spent
    )


_TERMS = (
    _Term("Epsilon of all rounds", _plan("epsilon"), Weight.WEAKER),
    _Term("Epsilon if all other schools work against you", _plan("epsilon_alone"), Weight.WEAKER),
    _Term("Epsilon with the campaign that this one builds on", _foundation("epsilon"), Weight.WEAKER),
    _Term("The same if all other schools work against you", _foundation("epsilon_alone"), Weight.WEAKER),
    _Term("Delta", _privacy("delta"), Weight.WEAKER),
    _Term("Noise, in clip lengths", _privacy("noise_multiplier"), Weight.STRONGER),
    _Term("Honest schools that the noise relies on", _privacy("honest_schools"), Weight.WEAKER),
    _Term("Masking of the sums", _plan("secure_aggregation"), Weight.STRONGER),
    _Term("Schools that may help a dishonest coordinator", _secagg("corrupt"), Weight.STRONGER),
    _Term("Shares that open a secret", _secagg("threshold"), Weight.STRONGER),
    _Term("Schools that may be missing in a round", _secagg("max_dropped"), Weight.WEAKER),
    _Term("Schools beyond the honest ones in a sum", _secagg("min_margin"), Weight.STRONGER),
    _Term("Least schools in a round", _plan("minimum_cohort"), Weight.STRONGER),
    _Term("Chance that a student is drawn", _privacy("sampling_rate"), Weight.WEAKER),
    _Term("Length that a student's part is clipped to", _privacy("clip_norm")),
    _Term("Rounds", _plan("rounds")),
    _Term("Round that measures, noise", _metrics("noise_multiplier"), Weight.STRONGER),
    _Term("Round that measures, score bins", _metrics("bins")),
    _Term("Round that measures, bits of a number", _metrics("modulus_bits"), weight=Weight.OTHER),
    _Term("Answers read of a student, at most", _privacy("max_interactions")),
    _Term("Answers in a window", _privacy("window_interactions")),
    _Term("Noise of one school, in steps", _privacy("share_std_units"), Weight.STRONGER),
    _Term("Room for errors of computing", _privacy("rho"), Weight.STRONGER),
    _Term("Room in a draw, standard deviations", _privacy("batch_cap_sd")),
    _Term("Bits of a number in a sum", _privacy("modulus_bits"), weight=Weight.OTHER),
    _Term("Privacy unit", _privacy("unit")),
    _Term("Purpose", _plan("purpose")),
    _Term("Consortium", _plan("consortium")),
    _Term("Coordinator's key", _plan("coordinator_key")),
    _Term("Program", _plan("package_version")),
    _Term("Bundle of settings", _plan("bundle_digest")),
    _Term("Kind of model", _model("kind"), weight=Weight.OTHER),
    _Term("Numbers in the model", _size, weight=Weight.OTHER),
    _Term("Hidden units of the model", _model("hidden"), weight=Weight.OTHER),
    _Term("Version of the skills", _model("skill_map_version"), weight=Weight.OTHER),
    _Term("Skills", lambda plan: ", ".join(plan.model.skill_names), weight=Weight.OTHER),
    _Term("Item families whose difficulty is shared", _families),
    _Term("Factor on the column that all answers share", _model("bias_scale")),
    _Term("Factor on a student's past", _model("slope_scale")),
    _Term("Factor on skills", _model("skill_scale")),
    _Term("Campaign that this one builds on", _foundation("campaign"), weight=Weight.OTHER),
    _Term("Model of that campaign", _foundation("model_digest"), weight=Weight.OTHER),
    _Term("Families of that model", _earlier_families, weight=Weight.OTHER),
    _Term("Rounds of that campaign", _earlier_rounds),
    _Term("Start model", _model("start_digest"), weight=Weight.OTHER),
    _Term("Learning rate", _optimiser("learning_rate"), weight=Weight.OTHER),
    _Term("Momentum", _optimiser("momentum"), weight=Weight.OTHER),
    _Term("Last learning rate, of the first", _optimiser("final_fraction"), weight=Weight.OTHER),
    _Term("How sums move the model", _optimiser("kind"), weight=Weight.OTHER),
    _Term("How far the start may be off: all answers", _optimiser("bias_spread"), weight=Weight.OTHER),
    _Term("How far the start may be off: a student's past", _optimiser("slope_spread"), weight=Weight.OTHER),
    _Term("How far the start may be off: skills", _optimiser("skill_spread"), weight=Weight.OTHER),
    _Term("How far the start may be off: families", _optimiser("family_spread"), weight=Weight.OTHER),
    _Term("Time for a round", _plan("round_deadline_seconds"), unit=" seconds", weight=Weight.OTHER),
    _Term("Format of the plan", _plan("version"), weight=Weight.OTHER),
)


def _terms(earlier: CampaignPlan, new: CampaignPlan) -> Iterator[Difference]:
    for term in _TERMS:
        before, after = term.value(earlier), term.value(new)
        if before != after:
            yield Difference(term.field, _say(before, term), _say(after, term), _weight(term, before, after))


def _weight(term: _Term, before: Any, after: Any) -> Weight:
    if term.larger_is is None or before is None or after is None:
        return term.weight
    opposite = {Weight.WEAKER: Weight.STRONGER, Weight.STRONGER: Weight.WEAKER}
    return term.larger_is if after > before else opposite[term.larger_is]


def _say(value: Any, term: _Term) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.4g}{term.unit}"
    text = str(value)
    # A digest or a key: its beginning, as everywhere on the page.
    return text[:16] if len(text) == 64 and " " not in text else f"{text}{term.unit}"


def _members(earlier: CampaignPlan, new: CampaignPlan) -> Iterator[Difference]:
    before = {member.school: member for member in earlier.members}
    after = {member.school: member for member in new.members}
    for school in sorted(after.keys() - before.keys()):
        yield Difference(f"School {school}", "not in the plan", "joined", Weight.PRIVACY)
    for school in sorted(before.keys() - after.keys()):
        yield Difference(f"School {school}", "in the plan", "left", Weight.PRIVACY)
    for school in sorted(before.keys() & after.keys()):
        old, now = before[school], after[school]
        if old.identity_key != now.identity_key:
            keys = (old.identity_key[:16], now.identity_key[:16])
            yield Difference(f"Key of {school}", *keys, Weight.PRIVACY)
        if old.students != now.students:
            yield Difference(f"Students of {school}", str(old.students), str(now.students), Weight.PRIVACY)
