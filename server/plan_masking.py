"""How a drafted campaign is masked, and on how many honest schools its noise may rely (docs/decisions/0012)."""

from dataclasses import dataclass

from common.errors import ErrorCode, FixSettings
from common.plan import SecaggPlan
from common.privacy.secagg.terms import CTX_BYTES, MIN_MEMBERS, SecaggTerms, default_terms

# Fewer schools than this never share noise: two of three or four that collude would bare the third.
LEAST_SCHOOLS_THAT_SHARE_NOISE = 5
MINIMUM_COHORT_WITHOUT_MASKS = 3
MIN_MARGIN = 1


@dataclass(frozen=True, slots=True)
class MaskingWishes:
    """What an operator may choose; None for the default.

    secure_aggregation: by default from three schools. minimum_cohort: by default every school with masks, three
    without. corrupt: schools that may help a malicious coordinator, by default a third. max_dropped: schools that
    may be missing in one round, by default a tenth, at least one. honest_schools: how many schools' noise
    suffices, by default as many as the protocol promises.
    """

    secure_aggregation: bool | None = None
    minimum_cohort: int | None = None
    corrupt: int | None = None
    max_dropped: int | None = None
    honest_schools: int | None = None


@dataclass(frozen=True, slots=True)
class Masking:
    """What the plan says: secagg is None without masks."""

    secagg: SecaggPlan | None
    minimum_cohort: int
    honest_schools: int


def choose_masking(schools: int, wishes: MaskingWishes) -> Masking:
    """The safest terms that the wishes allow. FixSettings with a sentence for wishes that aren't safe."""
    masked = schools >= MIN_MEMBERS if wishes.secure_aggregation is None else wishes.secure_aggregation
    if not masked:
        return _without_masks(wishes)
    if schools < MIN_MEMBERS:
        raise _unsafe(f"Secure aggregation takes {MIN_MEMBERS} schools, and {schools} are enrolled.")
    minimum_cohort = schools if wishes.minimum_cohort is None else wishes.minimum_cohort
    secagg = _secagg(schools, minimum_cohort, wishes)
    most = most_honest_schools(schools, minimum_cohort, secagg)
    honest_schools = most if wishes.honest_schools is None else wishes.honest_schools
    if not 1 <= honest_schools <= most:
        sentence = (
            f"The noise of {honest_schools} schools can't be relied on: with {schools} schools, of which "
            f"{secagg.corrupt} may be corrupt and {secagg.max_dropped} missing, honest_schools is at most {most}."
        )
        raise _unsafe(sentence)
    return Masking(secagg, minimum_cohort, honest_schools)


def most_honest_schools(schools: int, minimum_cohort: int, secagg: SecaggPlan) -> int:
    """The largest honest_schools that schools accept: two thirds, the honest floor, and what leaves the margin."""
    if schools < LEAST_SCHOOLS_THAT_SHARE_NOISE:
        return 1
    floor = _terms(schools, minimum_cohort, secagg).honest_floor()
    smallest_sum = minimum_cohort - secagg.max_dropped
    return max(1, min(2 * schools // 3, floor, smallest_sum - secagg.min_margin))


def _without_masks(wishes: MaskingWishes) -> Masking:
    if wishes.honest_schools not in {None, 1}:
        raise _unsafe("Without secure aggregation every school adds all the noise: honest_schools is 1.")
    if wishes.corrupt is not None or wishes.max_dropped is not None:
        raise _unsafe("Without secure aggregation there is nothing to set about corrupt or missing schools.")
    minimum = MINIMUM_COHORT_WITHOUT_MASKS if wishes.minimum_cohort is None else wishes.minimum_cohort
    return Masking(None, minimum, honest_schools=1)


def _secagg(schools: int, minimum_cohort: int, wishes: MaskingWishes) -> SecaggPlan:
    corrupt, _, max_dropped = default_terms(schools)
    corrupt = corrupt if wishes.corrupt is None else wishes.corrupt
    smallest_safe = (schools + corrupt) // 2 + 1
    if wishes.max_dropped is None:
        max_dropped = max(0, min(max_dropped, minimum_cohort - smallest_safe))
    else:
        max_dropped = wishes.max_dropped
    # As many schools may fall silent after masking as before it, where that is safe.
    threshold = max(minimum_cohort - 2 * max_dropped, smallest_safe)
    numbers = (minimum_cohort, corrupt, threshold, max_dropped)
    if not all(0 <= number <= schools for number in numbers):
        raise _unsafe(f"A cohort, corrupt or missing schools can't be below 0 or above the {schools} enrolled.")
    secagg = SecaggPlan(corrupt=corrupt, threshold=threshold, max_dropped=max_dropped, min_margin=MIN_MARGIN)
    fault = _terms(schools, minimum_cohort, secagg).fault()
    if fault is not None:
        raise _unsafe(fault)
    return secagg


def _terms(schools: int, minimum_cohort: int, secagg: SecaggPlan) -> SecaggTerms:
    """The kernel's terms with stand-ins for keys: only how many there are matters here."""
    return SecaggTerms(
        camp=bytes(CTX_BYTES),
        keys=tuple(f"{number:064x}" for number in range(1, schools + 1)),
        coordinator_key="0" * 64,
        corrupt=secagg.corrupt,
        threshold=secagg.threshold,
        minimum_cohort=minimum_cohort,
        max_dropped=secagg.max_dropped,
    )


def _unsafe(sentence: str) -> FixSettings:
    return FixSettings(ErrorCode.BAD_PARAMETER, sentence)
