"""The theorem of docs/secagg.md, "One opened sum": checked against every answer that a split view can collect."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.privacy.secagg.terms import SecaggTerms, default_terms, honest_floor

# n members, f corrupt, t threshold, m cohort, d dropped.
SETTINGS = [
    (3, 0, 2, 3, 1),
    (4, 1, 3, 4, 1),
    (5, 1, 4, 5, 1),
    (5, 0, 3, 5, 2),
    (6, 1, 4, 6, 1),
    (6, 1, 4, 6, 2),
    (7, 1, 5, 7, 1),
    (7, 2, 5, 7, 2),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_no_split_view_opens_fewer_honest_schools_or_both_secrets(setting: tuple[int, int, int, int, int]) -> None:
    """Each honest holder is told any survivor set that it accepts; corrupt ones give every share away.

    The smallest sum that opens holds exactly as many honest schools as the floor says: the bound is tight.
    """
    n, f, t, m, d = setting
    honest, needed = list(range(n - f)), t - f
    # A holder names at most d others dropped, never itself; corrupt schools' secrets open anyhow.
    views = [
        [set(gone) for size in range(d + 1) for gone in combinations([h for h in honest if h != me], size)]
        for me in honest
    ]
    smallest = n
    for told in product(*views):
        named = [sum(member in gone for gone in told) for member in honest]
        key_open = {h for h in honest if named[h] >= needed}
        seed_open = {h for h in honest if len(honest) - named[h] >= needed}
        assert not key_open & seed_open, "both secrets of one school"
        if seed_open:
            # One opened seed needs every honest member whose key isn't open to be in the sum, unmasked.
            body = set(honest) - key_open
            if body <= seed_open:
                smallest = min(smallest, len(body))
    assert smallest == honest_floor(n, f, t, minimum_cohort=m, max_dropped=d)


@given(st.integers(3, 60), st.integers(0, 20), st.integers(1, 60), st.integers(0, 6))
def test_the_floor_falls_with_corruption_and_dropouts(n: int, f: int, t: int, d: int) -> None:
    """More corrupt schools or more silence never raise the promise; a higher threshold never lowers it."""
    if not f + 1 < t <= n:
        return
    floor = honest_floor(n, f, t, minimum_cohort=n, max_dropped=d)
    assert honest_floor(n, f, t, minimum_cohort=n, max_dropped=d + 1) <= floor
    assert honest_floor(n, f + 1, t, minimum_cohort=n, max_dropped=d) <= floor
    if t < n:
        assert honest_floor(n, f, t + 1, minimum_cohort=n, max_dropped=d) >= floor


@given(st.integers(3, 300))
def test_the_planner_s_defaults_are_safe(members: int) -> None:
    """For every size, with a floor of at least two honest schools."""
    corrupt, threshold, max_dropped = default_terms(members)
    terms = SecaggTerms(
        camp=bytes(32),
        keys=tuple(f"{m:064x}" for m in range(members)),
        coordinator_key="f" * 64,
        corrupt=corrupt,
        threshold=threshold,
        minimum_cohort=members,
        max_dropped=max_dropped,
    )
    assert terms.fault() is None
    assert terms.honest_floor() >= 2


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"threshold": 3}, "both secrets"),
        ({"threshold": 6}, "protects nobody"),
        ({"corrupt": 4}, "protects nobody"),
        ({"minimum_cohort": 4}, "can't reach"),
        ({"max_dropped": 2}, "can't reach"),
        ({"max_dropped": -1}, "negative"),
        ({"keys": ("0" * 64,) * 5}, "one identity key"),
        ({"keys": ("0" * 64, "1" * 64)}, "3 to 1000"),
        ({"camp": b"short"}, "32 bytes"),
    ],
)
def test_unsafe_terms_say_why(change: dict[str, object], word: str) -> None:
    """Each fault in a sentence."""
    values: dict[str, object] = {
        "camp": bytes(32),
        "keys": tuple(f"{m:064x}" for m in range(5)),
        "coordinator_key": "f" * 64,
        "corrupt": 1,
        "threshold": 4,
        "minimum_cohort": 5,
        "max_dropped": 1,
    }
    fault = SecaggTerms(**(values | change)).fault()  # type: ignore[arg-type]
    assert fault is not None
    assert word in fault
