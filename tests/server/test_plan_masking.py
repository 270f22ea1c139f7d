"""Whatever an operator wishes, a drafted plan's masks are safe, and its noise relies on what they promise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import FixSettings
from common.privacy.secagg.terms import SecaggTerms, honest_floor
from server.plan_masking import Masking, MaskingWishes, choose_masking

# n -> corrupt, threshold, max_dropped, honest_schools: SECAGG's table, less the margin.
DEFAULTS = {
    3: (0, 2, 1, 1),
    4: (1, 3, 1, 1),
    5: (1, 4, 1, 3),
    10: (3, 8, 1, 6),
    20: (6, 16, 2, 12),
    50: (16, 40, 5, 27),
    100: (33, 80, 10, 53),
    200: (66, 160, 20, 106),
}


def _kernel_terms(schools: int, masking: Masking) -> SecaggTerms:
    assert masking.secagg is not None
    keys = tuple(f"{n + 1:064x}" for n in range(schools))
    secagg = masking.secagg
    return SecaggTerms(
        bytes(32),
        keys,
        "0" * 64,
        secagg.corrupt,
        secagg.threshold,
        masking.minimum_cohort,
        secagg.max_dropped,
    )


@pytest.mark.parametrize("schools", DEFAULTS)
def test_the_defaults_are_those_of_the_design(schools: int) -> None:
    """With a cohort of everybody."""
    masking = choose_masking(schools, MaskingWishes())
    assert masking.secagg is not None
    corrupt, threshold, max_dropped, honest_schools = DEFAULTS[schools]
    assert (masking.secagg.corrupt, masking.secagg.threshold) == (corrupt, threshold)
    assert (masking.secagg.max_dropped, masking.honest_schools) == (max_dropped, honest_schools)
    assert (masking.minimum_cohort, masking.secagg.min_margin) == (schools, 1)


@given(
    schools=st.integers(1, 220),
    wishes=st.builds(
        MaskingWishes,
        secure_aggregation=st.sampled_from([None, True, False]),
        minimum_cohort=st.none() | st.integers(-1, 230),
        corrupt=st.none() | st.integers(-1, 80),
        max_dropped=st.none() | st.integers(-1, 30),
        honest_schools=st.none() | st.integers(-1, 150),
    ),
)
def test_what_is_drafted_is_safe(schools: int, wishes: MaskingWishes) -> None:
    """Either a sentence, or terms in which the kernel finds no fault and an h that every opened sum keeps."""
    try:
        masking = choose_masking(schools, wishes)
    except FixSettings:
        return
    if masking.secagg is None:
        assert masking.honest_schools == 1
        return
    terms = _kernel_terms(schools, masking)
    assert terms.fault() is None
    if masking.honest_schools == 1:
        return
    assert schools >= 5
    assert masking.honest_schools <= terms.honest_floor()
    assert masking.honest_schools <= 2 * schools // 3
    smallest_sum = masking.minimum_cohort - masking.secagg.max_dropped
    assert smallest_sum >= masking.honest_schools + masking.secagg.min_margin


@given(schools=st.integers(3, 200))
def test_the_defaults_never_need_a_sentence(schools: int) -> None:
    """From three schools on there is a safe plan, and a school may be missing."""
    masking = choose_masking(schools, MaskingWishes())
    assert masking.secagg is not None
    assert masking.secagg.max_dropped >= 1
    assert _kernel_terms(schools, masking).fault() is None


def test_a_consortium_of_two_goes_unmasked() -> None:
    """Masks between two hide nothing from either."""
    assert choose_masking(2, MaskingWishes(minimum_cohort=2)) == Masking(None, 2, 1)
    with pytest.raises(FixSettings, match="takes 3 schools, and 2 are enrolled"):
        choose_masking(2, MaskingWishes(secure_aggregation=True))


def test_an_operator_may_switch_masks_off() -> None:
    """Then every school adds all the noise, however many there are."""
    assert choose_masking(20, MaskingWishes(secure_aggregation=False)) == Masking(None, 3, 1)


def test_a_smaller_cohort_leaves_less_room() -> None:
    """Nine of ten: the floor falls to what the formula says."""
    masking = choose_masking(10, MaskingWishes(minimum_cohort=9))
    assert masking.secagg is not None
    floor = honest_floor(10, 3, masking.secagg.threshold, minimum_cohort=9, max_dropped=1)
    assert masking.honest_schools == min(6, floor, 7)


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"honest_schools": 7}, "honest_schools is at most 6"),
        ({"honest_schools": 0}, "honest_schools is at most 6"),
        ({"minimum_cohort": 5}, "can't reach the threshold"),
        ({"max_dropped": 5}, "can't reach the threshold"),
        ({"corrupt": 9}, "holds only 1 honest schools"),
        ({"corrupt": -1}, "can't be below 0"),
        ({"secure_aggregation": False, "honest_schools": 2}, "honest_schools is 1"),
        ({"secure_aggregation": False, "corrupt": 1}, "nothing to set"),
    ],
)
def test_unsafe_wishes_are_refused_in_words(wishes: dict[str, Any], sentence: str) -> None:
    """Of ten schools."""
    with pytest.raises(FixSettings, match=sentence):
        choose_masking(10, MaskingWishes(**wishes))
