"""Rules about a plan's own constants: P3 delta, P4 bounds, P5 version, P6 model."""

from collections.abc import Iterator

from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.arrays import from_bytes, shapes_of
from common.canonical import sha256_hex
from common.errors import Corrupt, FixSettings
from common.exchange import RoundRequest
from common.federated_step import dimensions
from common.plan import CampaignPlan, RoundKind
from common.privacy.fixed_point import smallest_modulus_bits
from common.privacy.sampling import batch_cap
from common.refusals import Refusal, RefusalCode
from common.shared_model import wire_shapes

DELTA_EXPONENT = -1.1
# Below this the training engine's float error isn't covered by the sensitivity (docs/decisions/0002).
LEAST_RHO = 0.001


def check_version(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P5: the plan was made for the code that is installed here. The link checks the bundle's hash itself."""
    wanted = campaign.package_version
    if wanted == state.package_version:
        return None
    return Refusal(
        RefusalCode.WRONG_VERSION,
        f"The plan is for Homeroom {wanted}; this school runs {state.package_version}.",
    )


def check_delta(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P3: delta is small against one over the number of students."""
    students = sum(member.students for member in campaign.members)
    limit = min(policy.delta_max, float(students) ** DELTA_EXPONENT)
    delta = campaign.privacy.delta
    if delta <= limit:
        return None
    return Refusal(RefusalCode.DELTA_TOO_LARGE, f"The plan's delta is {delta:g}; this school allows {limit:g}.")


def check_terms(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P4: clip, noise, sampling, units, caps and the number of trusted schools stay within the local bounds."""
    fault = next(_faults(campaign, policy), None)
    if fault is None:
        return None
    return Refusal(RefusalCode.TERMS_OUT_OF_BOUNDS, f"The plan leaves this school's bounds: {fault}.")


def check_model(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P6: the model is the one that this school computed itself, bit for bit, and of the approved shape."""
    digest, plan = sha256_hex(request.model), request.plan
    if digest != plan.model_digest:
        return _wrong_model("the bytes aren't the ones that the plan names")
    if plan.round == 1 and digest != request.campaign.model.start_digest:
        return _wrong_model("the first round doesn't start from the approved model")
    if state.recomputed_digest is None and plan.round > 1:
        return _wrong_model("this school hasn't computed the model of this round itself")
    if state.recomputed_digest not in {None, digest}:
        return _wrong_model("this school computed another model from the published sums")
    try:
        shapes = shapes_of(from_bytes(request.model))
    except Corrupt:
        return _wrong_model("the bytes don't hold a model")
    if shapes != wire_shapes(request.campaign.model):
        return _wrong_model("the arrays don't have the shapes of the approved architecture")
    return None


def _faults(campaign: CampaignPlan, policy: PolicySettings) -> Iterator[str]:
    terms = campaign.privacy
    if terms.clip_norm > policy.clip_norm_max:
        yield f"clip_norm {terms.clip_norm:g} is above {policy.clip_norm_max:g}"
    if terms.sampling_rate > policy.sampling_rate_max:
        yield f"sampling_rate {terms.sampling_rate:g} is above {policy.sampling_rate_max:g}"
    if terms.share_std_units < policy.share_std_units_min:
        yield f"share_std_units {terms.share_std_units:g} is below {policy.share_std_units_min:g}"
    if terms.rho < LEAST_RHO:
        yield f"rho {terms.rho:g} is below {LEAST_RHO:g}"
    if terms.batch_cap_sd < policy.batch_cap_sd_min:
        yield f"batch_cap_sd {terms.batch_cap_sd:g} is below {policy.batch_cap_sd_min:g}"
    if campaign.rounds > policy.rounds_max:
        yield f"{campaign.rounds} rounds are more than {policy.rounds_max}"
    for kind in _kinds(campaign):
        yield from _noise_faults(campaign, kind, policy)


def _kinds(campaign: CampaignPlan) -> tuple[RoundKind, ...]:
    return ("train",) if campaign.metrics is None else ("train", "evaluate")


def _noise_faults(campaign: CampaignPlan, kind: RoundKind, policy: PolicySettings) -> Iterator[str]:
    terms = campaign.mechanism(kind)
    if terms.noise_multiplier < policy.noise_multiplier_min:
        yield f"noise_multiplier {terms.noise_multiplier:g} is below {policy.noise_multiplier_min:g}"
    caps = [batch_cap(terms.sampling_rate, m.students, terms.batch_cap_sd) for m in campaign.members]
    # Any school may add all the noise by itself: the variance of honest_schools shares instead of one.
    shares = len(campaign.members) * terms.honest_schools
    try:
        least = smallest_modulus_bits(
            terms, students_cap=sum(caps), schools=shares, dimensions=dimensions(campaign, kind)
        )
    except FixSettings as error:
        yield error.sentence.rstrip(".")
        return
    if terms.modulus_bits < least:
        yield f"a sum of {terms.modulus_bits} bits a number could overflow; {least} are needed"


def _wrong_model(what: str) -> Refusal:
    return Refusal(RefusalCode.WRONG_MODEL, f"The model that came with the round was refused: {what}.")
