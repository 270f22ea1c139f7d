"""The mechanism end to end: shares open to the sum plus the plan's noise, and bad input never leaves."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from common.errors import Corrupt, FixSettings, Refused
from common.privacy.clipping import ClippedSum, sum_clipped
from common.privacy.fixed_point import centre, decode
from common.privacy.mechanism import noised_share, open_sum
from common.privacy.randomness import SystemRandomness
from common.privacy.terms import MechanismTerms
from tests.support.privacy import mechanism_terms
from tests.support.seeded import SeededRandomness

DIMENSIONS = 20_000


def shares_of(sums: Sequence[ClippedSum], terms: MechanismTerms, purpose: str = "ctx") -> list[bytes]:
    """One seeded share per school."""
    return [
        noised_share(clipped, terms, randomness=SeededRandomness(f"school {n}"), purpose=purpose)
        for n, clipped in enumerate(sums)
    ]


def school_sums(schools: int, clip_norm: float) -> list[ClippedSum]:
    """Three clipped students a school."""
    rng = np.random.default_rng(3)
    return [sum_clipped(rng.normal(0, 1, (3, DIMENSIONS)), clip_norm) for _ in range(schools)]


@pytest.mark.parametrize(("schools", "honest"), [(1, 1), (4, 1), (6, 4)])
@pytest.mark.parametrize("clip_norm", [0.5, 2.0])
def test_the_opened_noise_is_what_the_plan_pays_for(schools: int, honest: int, clip_norm: float) -> None:
    """Its standard deviation is multiplier x clip x (1 + rho) x sqrt(n / h), and its mean is zero."""
    terms = mechanism_terms(honest_schools=honest, clip_norm=clip_norm)
    sums = school_sums(schools, clip_norm)
    opened = open_sum(shares_of(sums, terms), count=DIMENSIONS, terms=terms)
    noise = opened - np.sum([clipped.values for clipped in sums], axis=0)
    expected = terms.noise_multiplier * clip_norm * (1 + terms.rho) * math.sqrt(schools / honest)
    assert noise.std() == pytest.approx(expected, rel=4 / math.sqrt(2 * DIMENSIONS) + 1e-3)
    assert abs(noise.mean()) < 4 * expected / math.sqrt(DIMENSIONS)


def test_alone_one_share_carries_the_full_noise() -> None:
    """h = 1: a single school's opened share has the plan's noise; h = 4: half of it."""
    for honest, part in ((1, 1.0), (4, 0.5)):
        terms = mechanism_terms(honest_schools=honest)
        share = shares_of([ClippedSum(np.zeros(DIMENSIONS), 1.0)], terms)[0]
        noise = open_sum([share], count=DIMENSIONS, terms=terms)
        assert noise.std() == pytest.approx(part * 1.5 * 1.001, rel=0.03)


def test_the_order_of_schools_doesnt_matter() -> None:
    """Integers add exactly, so every machine opens the same bits."""
    terms = mechanism_terms()
    shares = shares_of(school_sums(4, 1.0), terms)
    forward, backward = (open_sum(order, count=DIMENSIONS, terms=terms) for order in (shares, shares[::-1]))
    assert forward.tobytes() == backward.tobytes()


def test_two_purposes_never_share_noise() -> None:
    """Same school, same data, another round: other noise."""
    terms = mechanism_terms()
    zero = [ClippedSum(np.zeros(50), 1.0)]
    one, other = shares_of(zero, terms, "round 1")[0], shares_of(zero, terms, "round 2")[0]
    assert one != other
    assert shares_of(zero, terms, "round 1")[0] == one


def test_the_systems_noise_is_fresh_at_every_call() -> None:
    """Also for the same purpose: a second share of the same data is a second charge, not a replay."""
    terms, zero = mechanism_terms(), ClippedSum(np.zeros(50), 1.0)
    one, other = (noised_share(zero, terms, randomness=SystemRandomness(), purpose="ctx") for _ in range(2))
    assert one != other


def test_an_empty_draw_still_sends_noise_of_the_usual_size() -> None:
    """All messages have one size and nothing tells an empty draw from a full one."""
    terms = mechanism_terms()
    empty, full = shares_of([sum_clipped(np.zeros((0, DIMENSIONS)), 1.0), school_sums(1, 1.0)[0]], terms)
    assert len(empty) == len(full) == DIMENSIONS * 3
    assert centre(decode(empty, DIMENSIONS, 24), 24).std() == pytest.approx(16.0, rel=0.03)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_sum_that_isnt_finite_never_leaves(bad: float) -> None:
    """One school's NaN would destroy everybody's model."""
    with pytest.raises(Refused, match="finite"):
        shares_of([ClippedSum(np.array([0.0, bad]), 1.0)], mechanism_terms())


def test_a_sum_clipped_to_another_norm_is_refused() -> None:
    """The bound travels with the vector and has to be the plan's."""
    with pytest.raises(Refused, match=r"clipped to 2\.0"):
        shares_of([ClippedSum(np.zeros(3), 2.0)], mechanism_terms())


def test_opening_refuses_nothing_and_other_lengths() -> None:
    """No shares, or a share of another model."""
    with pytest.raises(FixSettings, match="no share"):
        open_sum([], count=3, terms=mechanism_terms())
    with pytest.raises(Corrupt, match="instead of 9"):
        open_sum([bytes(8)], count=3, terms=mechanism_terms())


def test_a_wrapped_sum_differs_by_whole_moduli() -> None:
    """Wrapping costs accuracy only: the residue is still right."""
    terms = mechanism_terms(modulus_bits=16, rho=0.0)
    large = ClippedSum(np.full(10, 5_000.0), 1.0)
    narrow = shares_of([large], terms)[0]
    wide = shares_of([large], mechanism_terms(modulus_bits=32, rho=0.0))[0]
    difference = decode(wide, 10, 32) - centre(decode(narrow, 10, 16), 16)
    assert (difference % 2**16 == 0).all()
    assert (difference != 0).any()
